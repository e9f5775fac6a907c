import { useMemo, useState } from 'react'
import type { QueryAnswer } from '../../api/answers'
import { Button } from '../../components/button'
import { Chart } from '../../components/chart'
import { cellText, csv } from '../../components/csv'
import { download } from '../../components/download'
import { wholeNumber } from '../../components/format'
import { TabButtons } from '../../components/tabs'
import { chartOf } from './results'

const ROWS_A_PAGE = 200

const TABS = [
  ['table', 'Table'],
  ['chart', 'Chart'],
] as const

type Shown = 'table' | 'chart'

interface SqlResultsProps {
  answer: QueryAnswer
  /** Chosen elsewhere; without, the choice is made and forgotten here. */
  shown?: Shown
  onShown?: (shown: Shown) => void
}

export function SqlResults({ answer, shown, onShown }: SqlResultsProps) {
  const [own, setOwn] = useState<Shown>('table')
  const tab = shown ?? own
  const setTab = onShown ?? setOwn
  const { columns, results } = answer
  const chart = useMemo(() => chartOf(columns, results), [columns, results])
  const took = answer.timings[0]?.t
  return (
    <div className="stack">
      <div className="row row-wrap sql-results">
        {chart && <TabButtons label="Shown as" tabs={TABS} current={tab} onChange={setTab} />}
        <span className="grow soft number">
          {wholeNumber(results.length)} {results.length === 1 ? 'row' : 'rows'}
          {answer.hasMore && ', and more: raise the LIMIT to see them'}
          {took !== undefined && ` in ${(took * 1000).toFixed(0)} ms`}
          {` · times in UTC`}
        </span>
        <Button small icon="download" onClick={() => download(csv(columns, results), 'hedgerow.csv')}>
          CSV
        </Button>
      </div>
      {chart && tab === 'chart' ? (
        <div className="sql-chart">
          <Chart label={`Chart of ${columns.join(', ')}`} option={chart} />
        </div>
      ) : (
        <ResultTable columns={columns} rows={results} />
      )}
    </div>
  )
}

/** A few rows or the chart, for a tile. */
export function SqlPreview({ answer, shown, height }: { answer: QueryAnswer; shown: Shown; height: number }) {
  const { columns, results } = answer
  const chart = useMemo(() => chartOf(columns, results), [columns, results])
  if (chart && shown === 'chart') return <Chart label={`Chart of ${columns.join(', ')}`} option={chart} height={height} />
  return (
    <div className="sql-preview" style={{ maxHeight: height }}>
      <ResultTable columns={columns} rows={results} />
    </div>
  )
}

function ResultTable({ columns, rows }: { columns: string[]; rows: unknown[][] }) {
  const [shown, setShown] = useState(ROWS_A_PAGE)
  return (
    <>
      <div className="table-box sql-table" tabIndex={0} role="region" aria-label="Rows">
        <table className="table">
          <thead>
            <tr>
              {columns.map((column, index) => (
                <th key={`${index} ${column}`} scope="col" className={typeof rows[0]?.[index] === 'number' ? 'right' : undefined}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map((row, number) => (
              // A row has no name of its own, and rows do not change places.
              <tr key={number}>
                {row.map((value, index) => (
                  <Cell key={columns[index] ?? index} value={value} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown && (
        <div>
          <Button onClick={() => setShown(shown + ROWS_A_PAGE)}>
            Show {Math.min(ROWS_A_PAGE, rows.length - shown)} more rows
          </Button>
        </div>
      )}
    </>
  )
}

function Cell({ value }: { value: unknown }) {
  if (value === null) return <td className="soft">null</td>
  const text = cellText(value)
  return (
    <td className={typeof value === 'number' ? 'right' : 'cut mono'} title={text.slice(0, 2000)}>
      {text}
    </td>
  )
}
