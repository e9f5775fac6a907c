/** The answer of a funnel as steps to draw; pure. */
import { breakdownText } from './lines'
import type { InsightQuery } from './query'

export interface FunnelStep {
  order: number
  name: string
  custom_name: string | null
  count: number
  average_conversion_time: number | null
  median_conversion_time: number | null
  breakdown_value?: unknown
}

export interface FunnelLine {
  /** The value of the breakdown; null where there is none. */
  name: string | null
  breakdownValue: unknown
  steps: FunnelStep[]
}

export function funnelLines(results: unknown): FunnelLine[] {
  if (!Array.isArray(results) || results.length === 0) return []
  const lists = (Array.isArray(results[0]) ? results : [results]) as FunnelStep[][]
  return lists.map((steps) => {
    const value = steps[0]?.breakdown_value
    return { name: value === undefined ? null : breakdownText(value), breakdownValue: value, steps }
  })
}

export interface BarParts {
  /** Shares of the first step, 0 to 1. */
  converted: number
  dropped: number
  droppedCount: number
}

/** Of a bar: what is full, and what was lost since the step before. */
export function barParts(steps: readonly FunnelStep[], index: number): BarParts {
  const first = steps[0]?.count ?? 0
  const here = steps[index]?.count ?? 0
  const before = index === 0 ? here : (steps[index - 1]?.count ?? 0)
  const share = (count: number) => (first === 0 ? 0 : count / first)
  return { converted: share(here), dropped: share(before - here), droppedCount: before - here }
}

export function funnelPoint(
  query: InsightQuery,
  line: FunnelLine,
  index: number,
  dropped: boolean,
): { title: string; source: Record<string, unknown> } {
  const step = line.steps[index]
  const of = line.name === null ? '' : ` · ${line.name}`
  return {
    title: `${dropped ? 'Left before' : 'Reached'} ${index + 1}. ${step?.custom_name ?? step?.name ?? ''}${of}`,
    source: {
      kind: 'FunnelsActorsQuery',
      source: query,
      funnelStep: dropped ? -(index + 1) : index + 1,
      ...(line.name === null ? {} : { funnelStepBreakdown: line.breakdownValue }),
    },
  }
}
