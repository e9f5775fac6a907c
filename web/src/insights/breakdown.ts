/** A breakdown as the list of what it splits by; pure. */
import type { Breakdown, BreakdownPart } from './query'

export const BREAKDOWNS_MAX = 3
export const VALUES_DEFAULT = 25

/** One part for each property; a cohort's number is a part of its own. */
export function partsOf(breakdown: Breakdown | undefined): BreakdownPart[] {
  if (!breakdown) return []
  if (breakdown.breakdowns?.length) return breakdown.breakdowns
  if (breakdown.breakdown === undefined) return []
  const list = Array.isArray(breakdown.breakdown) ? breakdown.breakdown : [breakdown.breakdown]
  const group = breakdown.breakdown_group_type_index
  return list.map((property) => ({
    property,
    type: breakdown.breakdown_type ?? 'event',
    ...(group === undefined ? {} : { group_type_index: group }),
  }))
}

/** The parts as the API takes them: one in its old fields, several as a list; cohorts stand alone. */
export function ofParts(parts: readonly BreakdownPart[], old: Breakdown | undefined): Breakdown | undefined {
  const [first] = parts
  if (!first) return undefined
  const kept = {
    ...(old?.breakdown_limit === undefined ? {} : { breakdown_limit: old.breakdown_limit }),
    ...(old?.breakdown_hide_other_aggregation ? { breakdown_hide_other_aggregation: true } : {}),
  }
  if (parts.length > 1) return { breakdowns: [...parts], ...kept }
  return {
    breakdown: first.property,
    breakdown_type: first.type,
    ...(first.group_type_index === undefined ? {} : { breakdown_group_type_index: first.group_type_index }),
    ...kept,
  }
}

/** The list with one more, or another in the place. A cohort is of whole people: nothing stands beside it. */
export function withPart(parts: readonly BreakdownPart[], at: number, part: BreakdownPart): BreakdownPart[] {
  if (part.type === 'cohort' || parts.some(({ type }) => type === 'cohort')) return [part]
  const next = [...parts]
  next[at] = part
  return next
}
