import { useProject } from '../api/project'
import { shortNumber } from '../components/format'
import { calendarRows, hourText, type CalendarCell } from './calendar'
import type { Line } from './lines'
import { exactNumber } from './numbers'

interface CalendarResultProps {
  /** Of one series. */
  lines: readonly Line[]
  name: string
  onOpen: (line: Line) => void
}

/** A heat map of seven days by 24 hours; each cell opens the people behind it. */
export function CalendarResult({ lines, name, onOpen }: CalendarResultProps) {
  const project = useProject().data
  const rows = calendarRows(lines, project?.week_start_day === 1 ? 1 : 0)
  const most = Math.max(1, ...rows.flatMap(({ cells }) => cells.map(({ value }) => value)))
  return (
    <div className="calendar" tabIndex={0} role="region" aria-label={`${name} by the hour of the week`}>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Day</span>
            </th>
            {rows[0]?.cells.map(({ hour }) => (
              <th key={hour} scope="col" aria-label={hourText(hour)}>
                {hour}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ day, cells }) => (
            <tr key={day}>
              <th scope="row" aria-label={day}>
                {day.slice(0, 3)}
              </th>
              {cells.map((cell) => (
                <td key={cell.hour}>
                  <Cell cell={cell} share={cell.value / most} when={`${day}, ${hourText(cell.hour)}`} onOpen={onOpen} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface CellProps {
  cell: CalendarCell
  share: number
  when: string
  onOpen: (line: Line) => void
}

function Cell({ cell: { value, line }, share, when, onOpen }: CellProps) {
  const style = { background: `color-mix(in oklab, var(--heat) ${Math.round(share * 100)}%, var(--surface))` }
  const title = `${when}: ${exactNumber(value)}`
  const className = 'calendar-cell number'
  if (line?.seriesIndex == null) {
    return (
      <span className={className} style={style} title={title}>
        {value === 0 ? '' : shortNumber(value)}
      </span>
    )
  }
  return (
    <button type="button" className={className} style={style} title={title} aria-label={`${title}. Who?`} onClick={() => onOpen(line)}>
      {shortNumber(value)}
    </button>
  )
}
