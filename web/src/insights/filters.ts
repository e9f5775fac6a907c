/** Property filters as people read and change them; pure. */
import type { Filter, FilterGroup, Filters, FilterValue, PropertyFilter } from './query'

export const OPERATORS: readonly (readonly [operator: string, text: string])[] = [
  ['exact', 'is'],
  ['is_not', 'is not'],
  ['icontains', 'contains'],
  ['not_icontains', 'does not contain'],
  ['regex', 'matches regex'],
  ['not_regex', 'does not match regex'],
  ['gt', 'greater than'],
  ['gte', 'at least'],
  ['lt', 'less than'],
  ['lte', 'at most'],
  ['between', 'between'],
  ['is_date_before', 'before'],
  ['is_date_after', 'after'],
  ['is_set', 'is set'],
  ['is_not_set', 'is not set'],
]

export const COHORT_OPERATORS: readonly (readonly [operator: string, text: string])[] = [
  ['in', 'in cohort'],
  ['not_in', 'not in cohort'],
]

export const isGroup = (filter: Filter): filter is FilterGroup => 'values' in filter

/** The filters as one group, whichever way they were written. */
export function asGroup(filters: Filters | undefined): FilterGroup {
  if (filters === undefined) return { type: 'AND', values: [] }
  return Array.isArray(filters) ? { type: 'AND', values: filters } : filters
}

/** Back as short as it can be: nothing for none, a list where all must match. */
export function asFilters(group: FilterGroup): Filters | undefined {
  if (group.values.length === 0) return undefined
  return group.type === 'AND' ? group.values : group
}

export const takesNoValue = (operator: string | undefined): boolean =>
  operator === 'is_set' || operator === 'is_not_set'

/** These compare with any of several values. */
export const takesSeveral = (operator: string | undefined): boolean =>
  operator === undefined || operator === 'exact' || operator === 'is_not'

/** The filter with another operator; a value that it cannot take is made to fit. */
export function withOperator(filter: PropertyFilter, operator: string): PropertyFilter {
  const { value: _value, ...rest } = filter
  if (takesNoValue(operator)) return { ...rest, operator }
  return { ...rest, operator, value: fitted(filter.value, operator) }
}

function fitted(value: FilterValue | undefined, operator: string): FilterValue {
  const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
  if (operator === 'between') return [list[0] ?? '', list[1] ?? '']
  return takesSeveral(operator) ? list : (list[0] ?? '')
}

/** A filter without its value asks nothing yet. */
export function isWhole(filter: Filter): boolean {
  if (isGroup(filter)) return filter.values.length > 0
  if (filter.type === 'hogql') return filter.key.trim() !== ''
  if (takesNoValue(filter.operator)) return true
  const { value } = filter
  if (Array.isArray(value)) return value.length > 0 && value.every((item) => item !== '')
  return value !== undefined && value !== null && value !== ''
}

/** The filters that ask something: what is still being written waits. */
export function wholeFilters(filters: Filters | undefined): Filters | undefined {
  const clean = (group: FilterGroup): FilterGroup => ({
    type: group.type,
    values: group.values.map((item) => (isGroup(item) ? clean(item) : item)).filter(isWhole),
  })
  return asFilters(clean(asGroup(filters)))
}

export function filterText(filter: PropertyFilter): string {
  if (filter.type === 'hogql') return filter.key
  const words = [...OPERATORS, ...COHORT_OPERATORS]
  const operator = words.find(([id]) => id === (filter.operator ?? 'exact'))?.[1] ?? filter.operator ?? ''
  if (takesNoValue(filter.operator)) return `${filter.key} ${operator}`
  const value = Array.isArray(filter.value) ? filter.value.join(', ') : String(filter.value ?? '')
  return `${filter.key} ${operator} ${value}`
}

/** The filters with one more that all must match. */
export function narrowed(filters: Filters | undefined, filter: PropertyFilter): Filters {
  const group = asGroup(filters)
  return group.type === 'AND' ? [...group.values, filter] : [group, filter]
}
