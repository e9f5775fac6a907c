import { useState } from 'react'
import { exactShare, shownNumber } from './numbers'
import type { Point } from './ask'
import type { InsightQuery } from './query'
import { meanShares, retentionPoint, retentionRows, type RetentionCell, type RetentionRow } from './retention'

interface RetentionResultProps {
  results: unknown
  query: InsightQuery
  onPoint: (point: Point) => void
}

/** Who came back: a row for each interval of a start, shaded by the share. */
export function RetentionResult({ results, query, onPoint }: RetentionResultProps) {
  const [now] = useState(() => new Date())
  const rows = retentionRows(results, query, now)
  const { period = 'Day', meanRetentionCalculation: how = 'weighted' } = query.retentionFilter ?? {}
  const columns = rows[0]?.cells.length ?? 0
  return (
    <div className="table-box retention" tabIndex={0} role="region" aria-label="Retention">
      <table>
        <thead>
          <tr>
            <th scope="col">Started</th>
            <th scope="col" className="right">People</th>
            {Array.from({ length: columns }, (_, column) => (
              <th key={column} scope="col">
                {period} {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {how !== 'none' && <MeanRow rows={rows} how={how} />}
          {rows.map((row, index) => (
            <tr key={row.date}>
              <th scope="row" className="number">{rowDate(row, period)}</th>
              <td className="right">
                <button
                  type="button"
                  className="number-button"
                  aria-label={`${row.size} people started in ${rowDate(row, period)}. Who?`}
                  disabled={row.size === 0}
                  onClick={() => onPoint(retentionPoint(query, row, index))}
                >
                  {shownNumber(row.size)}
                </button>
              </td>
              {row.cells.map((cell, column) => (
                <Cell
                  key={column}
                  cell={cell}
                  row={row}
                  what={`${period} ${column}`}
                  onOpen={() => onPoint(retentionPoint(query, row, index))}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const rowDate = ({ date }: RetentionRow, period: string): string =>
  period === 'Hour' ? date.slice(0, 16).replace('T', ' ') : date.slice(0, 10)

function MeanRow({ rows, how }: { rows: RetentionRow[]; how: 'simple' | 'weighted' }) {
  return (
    <tr>
      <th scope="row">Mean</th>
      <td className="right soft" title={how === 'weighted' ? 'Each person counts the same' : 'Each row counts the same'}>
        {how}
      </td>
      {meanShares(rows, how).map((share, column) => (
        <td key={column}>
          <span className="cell cell-mean number" title={share === null ? 'No row has had the time' : `${share * 100}%`}>
            {share === null ? '' : `${(share * 100).toFixed(1)}%`}
          </span>
        </td>
      ))}
    </tr>
  )
}

interface CellProps {
  cell: RetentionCell
  row: RetentionRow
  what: string
  onOpen: () => void
}

function Cell({ cell, row, what, onOpen }: CellProps) {
  if (cell.isFuture || row.size === 0) {
    return (
      <td>
        <span className="cell cell-future" title={cell.isFuture ? 'Not yet' : 'Nobody started'} />
      </td>
    )
  }
  const names = ['cell', 'number', cell.isRunning && 'cell-running']
  const percent = `${(cell.share * 100).toFixed(1)}%`
  const more = cell.isRunning ? ', still going on' : ''
  return (
    <td>
      <button
        type="button"
        className={names.filter(Boolean).join(' ')}
        style={{ background: `color-mix(in oklab, var(--heat) ${Math.round(cell.share * 100)}%, var(--surface))` }}
        title={exactShare(cell.count, row.size) + more}
        aria-label={`${what}: ${percent}, ${cell.count} of ${row.size}${more}. Who started?`}
        onClick={onOpen}
      >
        {percent}
      </button>
    </td>
  )
}
