/** Who is in a dynamic cohort, as people read and change it; pure. The shapes are the API's. */
import { isWhole } from '../../insights/filters'
import type { Filters, PropertyFilter } from '../../insights/query'

export const BEHAVIORS = [
  ['performed_event', 'did'],
  ['not_performed', 'did not do'],
  ['performed_event_multiple', 'did repeatedly'],
  ['performed_event_first_time', 'did for the first time'],
] as const

export type Behavior = (typeof BEHAVIORS)[number][0]
export type TimeUnit = 'hour' | 'day' | 'week' | 'month' | 'year'

export interface BehaviorCriterion {
  type: 'behavioral'
  value: string
  key: string
  event_type: 'events'
  negation?: boolean
  /** For repeatedly: how often, and how that compares. */
  operator?: 'gte' | 'lte' | 'eq'
  operator_value?: number
  /** Back from now; all time where left out. */
  time_value?: number
  time_interval?: TimeUnit
  event_filters?: Filters
}

export type Criterion = BehaviorCriterion | PropertyFilter

export interface CriteriaGroup {
  type: 'AND' | 'OR'
  values: Criterion[]
}

/** Groups of criteria; the shape of a cohort's `filters.properties`. */
export interface Criteria {
  type: 'AND' | 'OR'
  values: CriteriaGroup[]
}

export const isBehavior = (criterion: Criterion): criterion is BehaviorCriterion =>
  criterion.type === 'behavioral'

export const newBehavior = (event: string): BehaviorCriterion => ({
  type: 'behavioral',
  value: 'performed_event',
  key: event,
  event_type: 'events',
  time_value: 30,
  time_interval: 'day',
})

export const NO_CRITERIA: Criteria = { type: 'AND', values: [{ type: 'AND', values: [] }] }

/** Null where the filters are more than this editor can show: they stay as they are. */
export function readCriteria(filters: Record<string, unknown>): Criteria | null {
  const root = filters.properties ?? filters
  if (!isNode(root) || Object.keys(root).length === 0) return NO_CRITERIA
  if (!Array.isArray(root.values)) return null
  const type = groupType(root.type)
  const groups: CriteriaGroup[] = []
  const plain: Criterion[] = []
  for (const item of root.values) {
    if (!isNode(item)) return null
    if (!Array.isArray(item.values)) {
      plain.push(item as unknown as Criterion)
      continue
    }
    const values = item.values as unknown[]
    if (!values.every((value) => isNode(value) && !('values' in value))) return null
    groups.push({ type: groupType(item.type), values: values as Criterion[] })
  }
  if (plain.length > 0) groups.push({ type, values: plain })
  return groups.length > 0 ? { type, values: groups } : NO_CRITERIA
}

const isNode = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const groupType = (type: unknown): 'AND' | 'OR' => (String(type).toUpperCase() === 'OR' ? 'OR' : 'AND')

/** What is whole, to be kept; what is still being written asks nothing. */
export function wholeCriteria(criteria: Criteria): Criteria {
  const values = criteria.values
    .map((group) => ({ ...group, values: group.values.filter(isWholeCriterion) }))
    .filter((group) => group.values.length > 0)
  return { ...criteria, values }
}

export function isWholeCriterion(criterion: Criterion): boolean {
  return isBehavior(criterion) ? criterion.key !== '' : isWhole(criterion)
}

export const isAsking = (criteria: Criteria): boolean => wholeCriteria(criteria).values.length > 0

export function behaviorOf({ value, negation }: BehaviorCriterion): Behavior {
  if (value === 'performed_event' && negation === true) return 'not_performed'
  return BEHAVIORS.find(([id]) => id === value)?.[0] ?? 'performed_event'
}

/** The criterion with another behaviour; only "repeatedly" says how often. */
export function withBehavior(criterion: BehaviorCriterion, behavior: Behavior): BehaviorCriterion {
  const { negation: _negation, operator: _operator, operator_value: _count, ...rest } = criterion
  if (behavior === 'not_performed') return { ...rest, value: 'performed_event', negation: true }
  if (behavior === 'performed_event_multiple') return { ...rest, value: behavior, operator: 'gte', operator_value: 2 }
  return { ...rest, value: behavior }
}

/** Within the last `count` units; with null at any time. */
export function withWindow(criterion: BehaviorCriterion, count: number | null, unit: TimeUnit): BehaviorCriterion {
  const { time_value: _count, time_interval: _unit, ...rest } = criterion
  return count === null ? rest : { ...rest, time_value: count, time_interval: unit }
}
