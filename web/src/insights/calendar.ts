/** A trend by the hour of the week as the rows of a calendar; pure. */
import type { Line } from './lines'

export interface CalendarCell {
  hour: number
  value: number
  /** Null where nothing has happened. */
  line: Line | null
}

export interface CalendarRow {
  day: string
  cells: CalendarCell[]
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const HOURS = 24

/** Seven rows of 24 cells, from the first day of the project's week (0 is Sunday, 1 is Monday). */
export function calendarRows(lines: readonly Line[], weekStartDay: number): CalendarRow[] {
  const found = new Map(lines.map((line) => [String(line.breakdownValue), line]))
  return Array.from({ length: DAYS.length }, (_, at) => {
    const day = (at + weekStartDay + DAYS.length - 1) % DAYS.length
    const cells = Array.from({ length: HOURS }, (_hour, hour) => {
      // The API's days begin with 1 for Monday.
      const line = found.get(String([day + 1, hour])) ?? null
      return { hour, value: line?.total ?? 0, line }
    })
    return { day: DAYS[day] ?? '', cells }
  })
}

/** `9` becomes 09:00. */
export const hourText = (hour: number): string => `${String(hour).padStart(2, '0')}:00`
