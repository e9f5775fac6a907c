/** An answer as the rows of a file; pure. */
import { csv } from '../components/csv'
import { funnelLines } from './funnel'
import { linesOf } from './lines'
import { pathEdges } from './paths'
import type { InsightQuery } from './query'

export function answerCsv(results: unknown, query: InsightQuery): string {
  switch (query.kind) {
    case 'FunnelsQuery':
      if (query.funnelsFilter?.funnelVizType === 'time_to_convert') return timesCsv(results)
      if (query.funnelsFilter?.funnelVizType === 'trends') return linesCsv(results, query)
      return csv(
        ['value', 'step', 'name', 'count', 'average_conversion_time', 'median_conversion_time'],
        funnelLines(results).flatMap(({ name, steps }) =>
          steps.map((step, index) => [
            name,
            index + 1,
            step.custom_name ?? step.name,
            step.count,
            step.average_conversion_time,
            step.median_conversion_time,
          ]),
        ),
      )
    case 'RetentionQuery':
      return retentionCsv(results)
    case 'PathsQuery':
      return csv(
        ['source', 'target', 'value', 'average_conversion_time_ms'],
        pathEdges(results).map((edge) => [edge.source, edge.target, edge.value, edge.average_conversion_time]),
      )
    default:
      return linesCsv(results, query)
  }
}

function linesCsv(results: unknown, query: InsightQuery): string {
  const lines = linesOf(results, query)
  const axis = lines.find(({ isPrevious }) => !isPrevious) ?? lines[0]
  return csv(
    ['series', 'period', 'total', ...(axis?.labels ?? [])],
    lines.map((line) => [
      [line.letter, line.name].filter(Boolean).join(' '),
      line.isPrevious ? 'previous' : 'current',
      line.total,
      ...line.values,
    ]),
  )
}

function retentionCsv(results: unknown): string {
  const rows = results as { date: string; values: { count: number; label?: string }[] }[]
  return csv(
    ['date', ...(rows[0]?.values ?? []).map(({ label }, column) => label ?? `${column}`)],
    rows.map(({ date, values }) => [date, ...values.map(({ count }) => count)]),
  )
}

function timesCsv(results: unknown): string {
  const { bins } = results as { bins: [number, number][] }
  return csv(['seconds_from', 'people'], bins)
}
