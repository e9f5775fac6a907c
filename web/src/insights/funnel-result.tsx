import { useMemo } from 'react'
import { Chart } from '../components/chart'
import { duration } from '../components/format'
import { shownEventName } from '../components/event-name'
import { barParts, funnelLines, funnelPoint, type FunnelLine, type FunnelStep } from './funnel'
import { linesOf } from './lines'
import { LinesTable } from './lines-table'
import { exactNumber, exactShare, shownNumber, shownShare } from './numbers'
import type { Point } from './ask'
import type { InsightQuery } from './query'
import { timeOption } from './trends-options'

interface FunnelResultProps {
  results: unknown
  query: InsightQuery
  onPoint: (point: Point) => void
  compact?: boolean
  /** Of a chart, in pixels. */
  height?: number
}

export function FunnelResult(props: FunnelResultProps) {
  switch (props.query.funnelsFilter?.funnelVizType) {
    case 'time_to_convert':
      return <TimeToConvert results={props.results} />
    case 'trends':
      return <ConversionOverTime {...props} />
    default:
      return <FunnelSteps {...props} />
  }
}

function FunnelSteps({ results, query, onPoint, compact }: FunnelResultProps) {
  const lines = useMemo(() => funnelLines(results), [results])
  return (
    <div className="stack">
      {lines.map((line, index) => (
        <section key={index} className="stack" aria-label={line.name ?? 'Funnel'}>
          {line.name !== null && <h3>{line.name}</h3>}
          <FunnelBars
            line={line}
            colour={(index % 8) + 1}
            small={compact === true || lines.length > 1}
            onOpen={(step, dropped) => onPoint(funnelPoint(query, line, step, dropped))}
          />
        </section>
      ))}
      {!compact && <FunnelTable lines={lines} />}
    </div>
  )
}

interface FunnelBarsProps {
  line: FunnelLine
  colour: number
  small: boolean
  onOpen: (step: number, dropped: boolean) => void
}

export const stepName = (step: FunnelStep): string => step.custom_name ?? shownEventName(step.name)

/** Full is who came as far, hatched who was lost since the step before. */
function FunnelBars({ line, colour, small, onOpen }: FunnelBarsProps) {
  const { steps } = line
  const first = steps[0]?.count ?? 0
  return (
    <ol className={small ? 'funnel funnel-small' : 'funnel'} style={{ color: `var(--series-${colour})` }} tabIndex={0} aria-label="Steps">
      {steps.map((step, index) => {
        const parts = barParts(steps, index)
        const before = steps[index - 1]?.count ?? first
        const name = stepName(step)
        return (
          <li key={step.order} className="funnel-step">
            <div className="funnel-title" title={name}>
              <span className="series-letter">{index + 1}</span>
              <span className="cut">{name}</span>
            </div>
            <div className="funnel-bar">
              {parts.droppedCount > 0 && (
                <button
                  type="button"
                  className="funnel-dropped"
                  style={{ height: `${parts.dropped * 100}%` }}
                  title={`${exactNumber(parts.droppedCount)} left before this step`}
                  aria-label={`${exactNumber(parts.droppedCount)} left before ${name}. Who?`}
                  onClick={() => onOpen(index, true)}
                />
              )}
              <button
                type="button"
                className="funnel-converted"
                style={{ height: `${parts.converted * 100}%` }}
                title={`${exactNumber(step.count)} came to this step`}
                aria-label={`${exactNumber(step.count)} came to ${name}. Who?`}
                disabled={step.count === 0}
                onClick={() => onOpen(index, false)}
              />
            </div>
            <div className="funnel-numbers">
              <strong className="number" title={exactNumber(step.count)}>
                {shownNumber(step.count)}
              </strong>
              <span className="number" title={exactShare(step.count, first)}>
                {shownShare(step.count, first)}
              </span>
              {index > 0 && (
                <>
                  <span className="soft small number" title={exactShare(step.count, before)}>
                    {shownShare(step.count, before)} of step {index}
                  </span>
                  {step.average_conversion_time !== null && (
                    <span className="soft small number" title={`${exactNumber(step.average_conversion_time)} s on average`}>
                      ⌀ {duration(step.average_conversion_time)}
                    </span>
                  )}
                </>
              )}
            </div>
          </li>
        )
      })}
    </ol>
  )
}

function FunnelTable({ lines }: { lines: FunnelLine[] }) {
  return (
    <div className="table-box" tabIndex={0} role="region" aria-label="Numbers of the funnel">
      <table className="table">
        <thead>
          <tr>
            {lines.length > 1 && <th scope="col">Value</th>}
            <th scope="col">Step</th>
            <th scope="col" className="right">People</th>
            <th scope="col" className="right">Of the first</th>
            <th scope="col" className="right">Of the one before</th>
            <th scope="col" className="right">Average time</th>
            <th scope="col" className="right">Median time</th>
          </tr>
        </thead>
        <tbody>
          {lines.flatMap((line, at) =>
            line.steps.map((step, index) => {
              const first = line.steps[0]?.count ?? 0
              const before = line.steps[index - 1]?.count ?? first
              return (
                <tr key={`${at} ${index}`}>
                  {lines.length > 1 && <td className="cut">{line.name}</td>}
                  <td className="cut">
                    {index + 1}. {stepName(step)}
                  </td>
                  <td className="right">{exactNumber(step.count)}</td>
                  <td className="right" title={exactShare(step.count, first)}>{shownShare(step.count, first)}</td>
                  <td className="right" title={exactShare(step.count, before)}>{shownShare(step.count, before)}</td>
                  <Seconds value={step.average_conversion_time} />
                  <Seconds value={step.median_conversion_time} />
                </tr>
              )
            }),
          )}
        </tbody>
      </table>
    </div>
  )
}

function Seconds({ value }: { value: number | null }) {
  if (value === null) return <td className="right soft">–</td>
  return (
    <td className="right" title={`${exactNumber(value)} s`}>
      {duration(value)}
    </td>
  )
}

interface Times {
  average_conversion_time: number | null
  median_conversion_time: number | null
  bins: [number, number][]
}

function TimeToConvert({ results }: { results: unknown }) {
  const { bins, average_conversion_time: mean, median_conversion_time: middle } = results as Times
  const option = useMemo(
    () => ({
      tooltip: { trigger: 'axis', confine: true },
      grid: { left: 4, right: 16, top: 16, bottom: 4, containLabel: true },
      xAxis: { type: 'category', data: bins.map(([from]) => duration(from)), axisLabel: { hideOverlap: true } },
      yAxis: { type: 'value', minInterval: 1 },
      series: [{ type: 'bar', data: bins.map(([, count]) => count), barCategoryGap: '8%', itemStyle: { color: 'var(--series-1)' } }],
    }),
    [bins],
  )
  if (mean === null || middle === null) return <p className="soft">Nobody came through in this range.</p>
  return (
    <div className="stack">
      <p>
        On average <strong title={`${exactNumber(mean)} s`}>{duration(mean)}</strong>, half of them within{' '}
        <strong title={`${exactNumber(middle)} s`}>{duration(middle)}</strong>.
      </p>
      <Chart label="How long people took" option={option} height={280} />
      <div className="table-box">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Took at least</th>
              <th scope="col" className="right">People</th>
            </tr>
          </thead>
          <tbody>
            {bins.map(([from, count]) => (
              <tr key={from}>
                <td title={`${exactNumber(from)} s`}>{duration(from)}</td>
                <td className="right">{exactNumber(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}

function ConversionOverTime({ results, query, onPoint, compact, height }: FunnelResultProps) {
  const lines = useMemo(() => linesOf(results, query).map((line) => ({ ...line, seriesIndex: 0 })), [results, query])
  const option = useMemo(() => timeOption(lines, 'ActionsLineGraph'), [lines])
  const open = (index: number | null) => {
    const day = index === null ? undefined : lines[0]?.days[index]
    if (day === undefined) return
    onPoint({
      title: `Converted, having entered ${String(day)}`,
      source: { kind: 'FunnelsActorsQuery', source: query, funnelTrendsEntrancePeriodStart: String(day), funnelTrendsDropOff: false },
    })
  }
  return (
    <div className="stack">
      <p className="soft small">Percent of those who entered in each interval and came through.</p>
      <Chart label="Conversion over time, in percent" option={option} height={height ?? (compact ? 220 : 320)} onPick={({ dataIndex }) => open(dataIndex)} />
      {!compact && <LinesTable lines={lines} shown={new Set(lines.map(({ id }) => id))} onTick={() => undefined} onOpen={(_, index) => open(index)} />}
    </div>
  )
}
