import { useMemo, useState } from 'react'
import { Chart, type ChartPick } from '../components/chart'
import { CalendarResult } from './calendar-result'
import { displayOf } from './display'
import { bySeries, firstShown, lineBefore, linesOf, pointOf, type Line } from './lines'
import { LinesTable } from './lines-table'
import { MapResult } from './map-result'
import { change, exactNumber, shownChange, shownNumber } from './numbers'
import type { Point } from './ask'
import type { InsightQuery } from './query'
import { within } from '../annotations/remarks'
import { lifecycleOption, timeOption, totalsOption, type Remark } from './trends-options'

interface LinesResultProps {
  results: unknown
  query: InsightQuery
  onPoint: (point: Point) => void
  /** Without the table, for a tile. */
  compact?: boolean
  /** Of the drawing, in pixels. */
  height?: number
  remarks?: readonly { day: string; text: string }[]
}

/** Trends, stickiness and lifecycle: a chart over buckets and its table. */
export function LinesResult({ results, query, onPoint, compact, height, remarks }: LinesResultProps) {
  const lines = useMemo(() => linesOf(results, query), [results, query])
  const display = displayOf(query)
  const [ticked, setTicked] = useState<Set<string> | null>(null)
  const shown = useMemo(() => {
    const wanted = ticked ?? firstShown(lines, display)
    return lines.filter(({ id }) => wanted.has(id))
  }, [lines, ticked, display])
  const open = (line: Line | undefined, index: number | null) => {
    const point = line && pointOf(query, line, index)
    if (point) onPoint(point)
  }
  return (
    <div className="stack">
      {display === 'BoldNumber' && <BigNumbers lines={shown} onOpen={(line) => open(line, null)} />}
      {isByPlaceOrTime(display) &&
        bySeries(lines.filter(({ isPrevious }) => !isPrevious)).map((group, _, groups) => (
          <div key={group.name} className="stack-small">
            {groups.length > 1 && <h3>{group.name}</h3>}
            {display === 'WorldMap' ? (
              <MapResult {...group} height={height ?? (compact ? 220 : 360)} onOpen={(line) => open(line, null)} />
            ) : (
              <CalendarResult {...group} onOpen={(line) => open(line, null)} />
            )}
          </div>
        ))}
      {isChart(display) && (
        <LinesChart
          lines={shown}
          display={display}
          query={query}
          height={height ?? (compact ? 220 : 320)}
          remarks={remarks ?? []}
          onPick={({ seriesIndex, dataIndex }) =>
            isOfParts(display) ? open(shown[dataIndex], null) : open(shown[seriesIndex], dataIndex)
          }
        />
      )}
      {compact && isNamedByLegend(display) && <Legend lines={shown.filter(({ isPrevious }) => !isPrevious)} />}
      {display !== 'CalendarHeatmap' && (!compact || display === 'ActionsTable') && (
        <LinesTable
          lines={lines}
          shown={new Set(shown.map(({ id }) => id))}
          onTick={(id) => {
            const next = new Set(shown.map((line) => line.id))
            if (!next.delete(id)) next.add(id)
            setTicked(next)
          }}
          onOpen={open}
        />
      )}
    </div>
  )
}

const isByPlaceOrTime = (display: string): boolean => display === 'WorldMap' || display === 'CalendarHeatmap'

/** A pie and bars of totals have a part for each line. */
const isOfParts = (display: string): boolean => display === 'ActionsPie' || display === 'ActionsBarValue'

const isChart = (display: string): boolean =>
  display !== 'BoldNumber' && display !== 'ActionsTable' && !isByPlaceOrTime(display)

/** Parts name themselves, and so do numbers and the table. */
const isNamedByLegend = (display: string): boolean => isChart(display) && !isOfParts(display)

/** Which colour is which, where no table says it. One line needs no name beside the tile's. */
function Legend({ lines }: { lines: readonly Line[] }) {
  if (lines.length < 2) return null
  return (
    <ul className="legend small soft">
      {lines.map((line) => (
        <li key={line.id}>
          <span className="dot-colour" style={{ color: `var(--series-${line.colour})` }} aria-hidden="true" />
          <span className="cut">{[line.letter, line.name].filter(Boolean).join(' · ')}</span>
        </li>
      ))}
    </ul>
  )
}

interface LinesChartProps {
  lines: Line[]
  display: string
  query: InsightQuery
  height: number
  remarks: readonly { day: string; text: string }[]
  onPick: (pick: ChartPick) => void
}

function LinesChart({ lines, display, query, height, remarks, onPick }: LinesChartProps) {
  const option = useMemo(() => {
    if (display === 'lifecycle') return lifecycleOption(lines)
    if (isOfParts(display)) return totalsOption(lines, display)
    return timeOption(lines, display, placed(remarks, lines))
  }, [lines, display, remarks])
  const names = lines.slice(0, 8).map(({ name }) => name)
  const what = query.kind === 'LifecycleQuery' ? 'Lifecycle' : query.kind === 'StickinessQuery' ? 'Stickiness' : 'Trends'
  return <Chart label={`${what}: ${names.join(', ')}`} option={option} height={height} onPick={onPick} />
}

function placed(remarks: readonly { day: string; text: string }[], lines: readonly Line[]): Remark[] {
  const days = lines.find(({ isPrevious }) => !isPrevious)?.days ?? []
  return within(remarks, days).map(({ at, remark }) => ({ at, text: remark.text }))
}

function BigNumbers({ lines, onOpen }: { lines: Line[]; onOpen: (line: Line) => void }) {
  const current = lines.filter(({ isPrevious }) => !isPrevious)
  return (
    <div className="big-numbers">
      {current.map((line) => {
        const before = lineBefore(line, lines)
        return (
          <div key={line.id}>
            <button type="button" className="big-number" title={exactNumber(line.total)} onClick={() => onOpen(line)}>
              {shownNumber(line.total)}
            </button>
            <div className="soft">{line.name}</div>
            {before && (
              <div className="soft small number" title={`Before: ${exactNumber(before.total)}`}>
                {shownChange(change(line.total, before.total))} from {shownNumber(before.total)}
              </div>
            )}
          </div>
        )
      })}
    </div>
  )
}
