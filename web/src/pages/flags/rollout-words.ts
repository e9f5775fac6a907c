/** Who gets a flag, said in words; pure. */
import type { Condition, FlagFilters, FlagProperty } from '../../api/flags'
import { COHORT_OPERATORS, takesNoValue } from '../../insights/filters'
import { FLAG_OPERATORS } from './flag-operators'

/** Names of what conditions refer to by number. */
export interface Names {
  cohorts?: ReadonlyMap<string, string>
  groupTypes?: ReadonlyMap<number, string>
}

const SHOWN_MAX = 2

/** "Everyone", "20% of everyone", "People where plan is pro; or 5% of everyone". */
export function rolloutWords(filters: FlagFilters, names: Names = {}): string {
  const groupType = filters.aggregation_group_type_index ?? null
  const reached = (filters.groups ?? []).filter(({ rollout_percentage: share }) => share !== 0)
  if (filters.feature_enrollment === true) return 'Who has opted in'
  if (reached.length === 0) return 'Nobody'
  const said = reached.slice(0, SHOWN_MAX).map((condition) => conditionWords(condition, groupType, names))
  const more = reached.length - said.length
  const words = said.join('; or ') + (more > 0 ? `; and ${more} more` : '')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export function conditionWords(condition: Condition, groupType: number | null, names: Names = {}): string {
  const share = condition.rollout_percentage ?? 100
  const properties = condition.properties ?? []
  const unit = groupType === null ? null : (names.groupTypes?.get(groupType) ?? 'group')
  const all = unit === null ? 'everyone' : `every ${unit}`
  const some = unit === null ? 'people' : `each ${unit}`
  const who = properties.length === 0 ? all : `${some} where ${properties.map((item) => propertyWords(item, names)).join(' and ')}`
  const forced = condition.variant ? `, as ${condition.variant}` : ''
  return (share >= 100 ? who : `${shareWords(share)} of ${who}`) + forced
}

const shareWords = (share: number): string => `${Number(share.toFixed(4))}%`

export function propertyWords(property: FlagProperty, names: Names = {}): string {
  const { key, type, operator = 'exact', value } = property
  const said = [...FLAG_OPERATORS, ...COHORT_OPERATORS].find(([id]) => id === operator)?.[1] ?? operator
  if (type === 'cohort') return `${said} ${names.cohorts?.get(String(value)) ?? String(value)}`
  if (type === 'flag') return `${key} is ${flagValueWords(value)}`
  if (takesNoValue(operator)) return `${key} ${said}`
  const values = Array.isArray(value) ? value.join(' or ') : String(value ?? '')
  return `${key} ${said} ${values}`
}

function flagValueWords(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return String(value)
}

export function kindWords(filters: FlagFilters): string {
  const count = filters.multivariate?.variants?.length ?? 0
  if (count === 0) return 'On or off'
  return count === 1 ? 'One variant' : `${count} variants`
}
