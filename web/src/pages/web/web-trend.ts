/** The answer of `WebTrendsQuery` as a chart of one metric; pure. */
import type { EChartsCoreOption } from 'echarts/core'
import { shortLabel } from '../../insights/trends-options'
import { shownMetric, type Metric } from './metrics'

export interface WebPoint {
  bucket: string
  metrics: Record<string, number | null>
}

export interface WebItem extends WebPoint {
  /** At the same place of the period before; null where that is shorter. */
  previous: WebPoint | null
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `2026-03-02 10:00:00` as insights write it: `2-Mar-2026 10:00`. */
export function bucketLabel(bucket: string): string {
  const [day = '', time] = bucket.split(' ')
  const [year, month, date] = day.split('-').map(Number)
  return `${date}-${MONTHS[(month ?? 1) - 1]}-${year}${time ? ` ${time.slice(0, 5)}` : ''}`
}

export const valueOf = (point: WebPoint | null, metric: Metric): number | null => point?.metrics[metric.trend] ?? null

export function webTrendOption(items: readonly WebItem[], metric: Metric): EChartsCoreOption {
  const line = (name: string, values: (number | null)[], before: boolean) => ({
    name,
    type: 'line',
    data: values,
    symbol: 'circle',
    symbolSize: 6,
    showSymbol: items.length <= 31,
    itemStyle: { color: 'var(--series-1)', opacity: before ? 0.5 : 1 },
    lineStyle: { width: 2, color: 'var(--series-1)', type: before ? 'dashed' : 'solid', opacity: before ? 0.6 : 1 },
    ...(before ? {} : { areaStyle: { opacity: 0.08 } }),
  })
  const now = items.map((item) => valueOf(item, metric))
  const before = items.map(({ previous }) => valueOf(previous, metric))
  return {
    tooltip: {
      trigger: 'axis',
      confine: true,
      formatter: (hovered: unknown) => tooltip(items[(hovered as { dataIndex: number }[])[0]?.dataIndex ?? 0], metric),
    },
    grid: { left: 4, right: 20, top: 16, bottom: 4, containLabel: true },
    xAxis: { type: 'category', data: items.map(({ bucket }) => shortLabel(bucketLabel(bucket))), boundaryGap: false, axisLabel: { hideOverlap: true } },
    yAxis: {
      type: 'value',
      min: 0,
      axisLabel: { formatter: (value: number) => shownMetric(metric.kind, value) },
      minInterval: metric.kind === 'unit' ? 1 : 0,
    },
    series: [line('before', before, true), line('now', now, false)],
  }
}

function tooltip(item: WebItem | undefined, metric: Metric): string {
  if (!item) return ''
  const { previous } = item
  return [
    `${bucketLabel(item.bucket)}   ${shownMetric(metric.kind, valueOf(item, metric))}`,
    ...(previous ? [`${bucketLabel(previous.bucket)}   ${shownMetric(metric.kind, valueOf(previous, metric))}`] : []),
  ].join('\n')
}
