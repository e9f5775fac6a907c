/** The answer of a retention as a table of cells; pure. */
import type { InsightQuery } from './query'

interface Row {
  label: string
  date: string
  values: { count: number; label?: string }[]
}

export interface RetentionCell {
  count: number
  /** 0 to 1, of the first column or of the one before. */
  share: number
  /** Its interval has not ended: the number may grow. */
  isRunning: boolean
  isFuture: boolean
}

export interface RetentionRow {
  label: string
  date: string
  size: number
  cells: RetentionCell[]
}

const HOURS: Record<string, number> = { Hour: 1, Day: 24, Week: 168 }

/** When the interval that is `steps` after `start` begins. */
function after(start: Date, period: string, steps: number): Date {
  const hours = HOURS[period]
  if (hours !== undefined) return new Date(start.getTime() + steps * hours * 3_600_000)
  const moved = new Date(start)
  moved.setUTCMonth(moved.getUTCMonth() + steps)
  return moved
}

export function retentionRows(results: unknown, query: InsightQuery, now: Date): RetentionRow[] {
  const rows = Array.isArray(results) ? (results as Row[]) : []
  const { period = 'Day', retentionReference = 'total' } = query.retentionFilter ?? {}
  return rows.map(({ label, date, values }) => {
    const start = new Date(date)
    const size = values[0]?.count ?? 0
    const cells = values.map(({ count }, column) => {
      const base = retentionReference === 'previous' && column > 0 ? (values[column - 1]?.count ?? 0) : size
      return {
        count,
        share: base === 0 ? 0 : count / base,
        isRunning: after(start, period, column + 1) > now && after(start, period, column) <= now,
        isFuture: after(start, period, column) > now,
      }
    })
    return { label, date, size, cells }
  })
}

/** The mean of each column over the rows that have had the time; null where none has. */
export function meanShares(rows: readonly RetentionRow[], how: 'simple' | 'weighted'): (number | null)[] {
  const columns = Math.max(0, ...rows.map(({ cells }) => cells.length))
  return Array.from({ length: columns }, (_, column) => {
    const complete = rows.filter(({ size, cells }) => {
      const cell = cells[column]
      return size > 0 && cell !== undefined && !cell.isFuture && (column === 0 || !cell.isRunning)
    })
    if (complete.length === 0) return null
    if (how === 'simple') {
      return complete.reduce((sum, { cells }) => sum + (cells[column]?.share ?? 0), 0) / complete.length
    }
    const back = complete.reduce((sum, { cells }) => sum + (cells[column]?.count ?? 0), 0)
    return back / complete.reduce((sum, { size }) => sum + size, 0)
  })
}

export function retentionPoint(query: InsightQuery, row: RetentionRow, index: number) {
  return {
    title: `Started in ${row.label} (${row.date.slice(0, 10)})`,
    source: { kind: 'InsightActorsQuery', source: query, interval: index },
  }
}
