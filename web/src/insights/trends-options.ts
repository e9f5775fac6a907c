/** Lines as a chart's option; pure. */
import type { EChartsCoreOption } from 'echarts/core'
import type { Line } from './lines'
import { exactNumber, shownNumber } from './numbers'

/** What is left of a breakdown is grey: it is no value of its own. */
const colour = (line: Line): string => (line.isRest ? 'var(--line-strong)' : `var(--series-${line.colour})`)

const lineTitle = (line: Line): string =>
  [line.letter, line.isPrevious ? `${line.name} (before)` : line.name].filter(Boolean).join(' · ')

const TOOLTIP_LINES_MAX = 12

export interface Remark {
  /** Which bucket it belongs to. */
  at: number
  text: string
}

/** Lines or bars over time. `days` of the current period name the buckets. */
export function timeOption(lines: readonly Line[], display: string, remarks: readonly Remark[] = []): EChartsCoreOption {
  const axis = lines.find(({ isPrevious }) => !isPrevious) ?? lines[0]
  const isBar = display === 'ActionsBar' || display === 'ActionsUnstackedBar'
  const isStacked = display === 'ActionsBar' || display === 'ActionsAreaGraph'
  const labels = axis?.labels ?? []
  const few = labels.length <= 62
  return {
    tooltip: {
      trigger: 'axis',
      confine: true,
      axisPointer: { type: isBar ? 'shadow' : 'line' },
      formatter: (items: unknown) => tooltip(items as TooltipItem[], lines),
    },
    grid: { left: 4, right: 20, top: remarks.length > 0 ? 28 : 16, bottom: 4, containLabel: true },
    xAxis: { type: 'category', data: labels.map(shortLabel), boundaryGap: isBar, axisLabel: { hideOverlap: true } },
    yAxis: { type: 'value', axisLabel: { formatter: shownNumber }, minInterval: everyWhole(lines) ? 1 : 0 },
    series: lines.map((line, index) => ({
      name: lineTitle(line),
      type: isBar ? 'bar' : 'line',
      data: line.values,
      barMaxWidth: 36,
      ...(isStacked ? { stack: line.isPrevious ? 'before' : 'now' } : {}),
      ...(display === 'ActionsAreaGraph' || display === 'area' ? { areaStyle: { opacity: 0.2 } } : {}),
      symbol: 'circle',
      symbolSize: 6,
      showSymbol: few && lines.length <= 3 && labels.length <= 31,
      itemStyle: { color: colour(line), opacity: line.isPrevious ? 0.5 : 1 },
      lineStyle: { width: 2, color: colour(line), type: line.isPrevious ? 'dashed' : 'solid', opacity: line.isPrevious ? 0.6 : 1 },
      emphasis: { focus: lines.length > 1 ? 'series' : 'none' },
      ...(index === 0 && remarks.length > 0 ? { markLine: remarkLines(remarks, labels.length) } : {}),
    })),
  }
}

const REMARK_CHARS_MAX = 24
/** How much of the width a remark's text takes, at least; what is closer has a line alone. */
const REMARK_SHARE = 0.25

function remarkLines(remarks: readonly Remark[], buckets: number) {
  let free = 0
  return {
    symbol: 'none',
    lineStyle: { color: 'var(--text-soft)', type: 'dotted' },
    label: { color: 'var(--text-soft)', fontSize: 11 },
    data: remarks.map(({ at, text }) => {
      const show = at >= free
      if (show) free = at + buckets * REMARK_SHARE
      const formatter = text.length > REMARK_CHARS_MAX ? `${text.slice(0, REMARK_CHARS_MAX)}…` : text
      return { xAxis: at, label: { show, formatter } }
    }),
  }
}

const everyWhole = (lines: readonly Line[]): boolean =>
  lines.every(({ values }) => values.every(Number.isInteger))

/** `2-Mar-2026` on an axis: the year stands above. */
export const shortLabel = (label: string): string => label.replace(/^(\d{1,2}-[A-Z][a-z]{2})-\d{4}/, '$1')

interface TooltipItem {
  seriesIndex: number
  dataIndex: number
  value: number
  marker: string
}

function tooltip(items: TooltipItem[], lines: readonly Line[]): string {
  const at = items[0]?.dataIndex ?? 0
  const head = lines[items[0]?.seriesIndex ?? 0]?.labels[at] ?? ''
  const sorted = [...items].sort((one, two) => two.value - one.value)
  const rows = sorted.slice(0, TOOLTIP_LINES_MAX).flatMap(({ seriesIndex, marker }) => {
    const line = lines[seriesIndex]
    if (!line) return []
    const name = lineTitle(line).slice(0, 48)
    const before = line.isPrevious ? ` (${shortLabel(line.labels[at] ?? '')})` : ''
    return [`${marker} ${name}${before}   ${exactNumber(line.values[at] ?? 0)}`]
  })
  const more = sorted.length - TOOLTIP_LINES_MAX
  return [head, ...rows, ...(more > 0 ? [`and ${more} more`] : [])].join('\n')
}

/** One number for each line: bars, or a pie. */
export function totalsOption(lines: readonly Line[], display: string): EChartsCoreOption {
  const points = lines.map((line) => ({ name: lineTitle(line), value: line.total, itemStyle: { color: colour(line), opacity: line.isPrevious ? 0.5 : 1 } }))
  const tooltip = { trigger: 'item', confine: true, valueFormatter: (value: unknown) => exactNumber(Number(value)) }
  if (display === 'ActionsPie') {
    return {
      tooltip,
      series: [{ type: 'pie', radius: ['45%', '75%'], data: points, label: { color: 'var(--text)', formatter: '{b}: {d}%' } }],
    }
  }
  return {
    tooltip,
    grid: { left: 4, right: 24, top: 8, bottom: 4, containLabel: true },
    xAxis: { type: 'value', axisLabel: { formatter: shownNumber, hideOverlap: true } },
    yAxis: { type: 'category', inverse: true, data: points.map(({ name }) => name), axisLabel: { width: 180, overflow: 'truncate' } },
    series: [{ type: 'bar', data: points, barMaxWidth: 28 }],
  }
}

/** Who came and stayed above the line, who left below it. */
export function lifecycleOption(lines: readonly Line[]): EChartsCoreOption {
  const option = timeOption(lines, 'ActionsBar')
  return { ...option, legend: { show: false } }
}
