import { useState } from 'react'
import { Button } from '../components/button'
import { lineBefore, type Line } from './lines'
import { change, exactNumber, shownChange, shownNumber } from './numbers'

interface LinesTableProps {
  lines: Line[]
  shown: ReadonlySet<string>
  onTick: (id: string) => void
  onOpen: (line: Line, dataIndex: number | null) => void
}

const ROWS_A_PAGE = 12

/** The numbers of a chart; each opens the people behind it. */
export function LinesTable({ lines, shown, onTick, onOpen }: LinesTableProps) {
  const [limit, setLimit] = useState(ROWS_A_PAGE)
  const axis = lines.find(({ isPrevious }) => !isPrevious) ?? lines[0]
  if (!axis) return null
  const isCompared = lines.some(({ isPrevious }) => isPrevious)
  return (
    <>
      <div className="table-box lines-table" tabIndex={0} role="region" aria-label="Numbers of the chart">
        <table className="table">
          <thead>
            <tr>
              <th scope="col" className="lines-name">
                Series
              </th>
              <th scope="col" className="right">
                {axis.isTotalValue ? 'Value' : 'Total'}
              </th>
              {isCompared && (
                <th scope="col" className="right">
                  Change
                </th>
              )}
              {axis.labels.map((label, index) => (
                <th key={index} scope="col" className="right">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.slice(0, limit).map((line) => (
              <LineRow
                key={line.id}
                line={line}
                isCompared={isCompared}
                before={lineBefore(line, lines)}
                isShown={shown.has(line.id)}
                onTick={() => onTick(line.id)}
                onOpen={(index) => onOpen(line, index)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {lines.length > limit && (
        <div>
          <Button small onClick={() => setLimit(lines.length)}>
            Show all {lines.length} rows
          </Button>
        </div>
      )}
    </>
  )
}

interface LineRowProps {
  line: Line
  isCompared: boolean
  before: Line | undefined
  isShown: boolean
  onTick: () => void
  onOpen: (dataIndex: number | null) => void
}

function LineRow({ line, isCompared, before, isShown, onTick, onOpen }: LineRowProps) {
  const name = line.isPrevious ? `${line.name} (before)` : line.name
  return (
    <tr>
      <th scope="row" className="lines-name">
        <label className="row">
          <input type="checkbox" className="tick" checked={isShown} onChange={onTick} aria-label={`Show ${name}`} />
          <span
            className={line.isPrevious ? 'dot-colour dot-before' : 'dot-colour'}
            style={{ color: `var(--series-${line.colour})` }}
          />
          {line.letter && <span className="soft">{line.letter}</span>}
          <span className={line.isRest ? 'cut soft rest' : 'cut'} title={name}>
            {name}
          </span>
        </label>
      </th>
      <td className="right">
        <Number value={line.total} what={`${name}, in all`} {...(line.seriesIndex === null ? {} : { onOpen: () => onOpen(null) })} />
      </td>
      {isCompared && <Change line={line} before={before} />}
      {line.values.map((value, index) => (
        <td key={index} className="right">
          <Number
            value={value}
            what={`${name}, ${line.labels[index] ?? ''}`}
            {...(line.seriesIndex === null || value === 0 ? {} : { onOpen: () => onOpen(index) })}
          />
        </td>
      ))}
    </tr>
  )
}

/** How the total differs from the one before; of the one before itself there is nothing to say. */
function Change({ line, before }: { line: Line; before: Line | undefined }) {
  if (!before) return <td />
  const percent = change(line.total, before.total)
  const tone = percent === null || percent === 0 ? 'soft' : percent > 0 ? 'change-up' : 'change-down'
  return (
    <td className={`right number ${tone}`} title={`${exactNumber(line.total)} against ${exactNumber(before.total)}`}>
      {percent !== null && percent !== 0 && <span aria-hidden="true">{percent > 0 ? '▲ ' : '▼ '}</span>}
      {shownChange(percent)}
    </td>
  )
}

interface NumberProps {
  value: number
  what: string
  onOpen?: () => void
}

function Number({ value, what, onOpen }: NumberProps) {
  const title = exactNumber(value)
  if (!onOpen) return <span title={title}>{shownNumber(value)}</span>
  return (
    <button type="button" className="number-button" title={title} aria-label={`${what}: ${title}. Who?`} onClick={onOpen}>
      {shownNumber(value)}
    </button>
  )
}
