import { useMemo } from 'react'
import { Chart } from '../../components/chart'
import { Answer } from '../../components/states'
import { change, exactNumber, shownChange } from '../../insights/numbers'
import type { Interval } from '../../insights/query'
import { shownMetric, type Metric } from './metrics'
import { useWebQuery, type WebCommon } from './web-query'
import { bucketLabel, valueOf, webTrendOption, type WebItem } from './web-trend'

interface WebChartProps {
  common: WebCommon
  interval: Interval
  metric: Metric
}

/** The chosen tile over time, counted as the tile counts, beside the period before. */
export function WebChart({ common, interval, metric }: WebChartProps) {
  const trend = useWebQuery<WebItem>({ kind: 'WebTrendsQuery', interval, ...common, compareFilter: { compare: true } })
  const items = trend.data?.results
  const option = useMemo(() => webTrendOption(items ?? [], metric), [items, metric])
  return (
    <Answer query={trend} skeletonLines={6}>
      {({ results }) => (
        <div className="stack">
          <Chart label={`${metric.title} over time`} option={option} height={240} />
          <details>
            <summary className="soft small">Numbers of the chart</summary>
            <Numbers items={results} metric={metric} />
          </details>
        </div>
      )}
    </Answer>
  )
}

function Numbers({ items, metric }: { items: WebItem[]; metric: Metric }) {
  return (
    <div className="table-box web-numbers" tabIndex={0} role="region" aria-label={`${metric.title}: numbers of the chart`}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col" className="right">{metric.title}</th>
            <th scope="col" className="right">Period before</th>
            <th scope="col" className="right">Change</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => {
            const [now, before] = [valueOf(item, metric), valueOf(item.previous, metric)]
            return (
              <tr key={item.bucket}>
                <th scope="row">{bucketLabel(item.bucket)}</th>
                <td className="right" title={now === null ? '' : exactNumber(now)}>{shownMetric(metric.kind, now)}</td>
                <td className="right" title={before === null ? '' : exactNumber(before)}>{shownMetric(metric.kind, before)}</td>
                <td className="right">{now === null || before === null ? '–' : shownChange(change(now, before))}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
