import { BarChart, HeatmapChart, LineChart, PieChart, SankeyChart } from 'echarts/charts'
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components'
import { init, use as register, type EChartsCoreOption, type EChartsType } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useEffectEvent, useRef } from 'react'
import { useShownTheme } from '../shell/theme'
import type { ChartPick, ChartProps } from './chart'

register([
  ...[BarChart, HeatmapChart, LineChart, PieChart, SankeyChart, CanvasRenderer],
  ...[AriaComponent, GridComponent, LegendComponent, MarkLineComponent],
  ...[TooltipComponent, VisualMapComponent],
])

const SERIES_COLOURS = 8

/** A canvas cannot follow CSS by itself: the tokens are read for each theme. */
function themeOption(): object {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string) => resolved(style.getPropertyValue(name))
  const axis = {
    axisLine: { lineStyle: { color: token('--line') } },
    axisTick: { show: false },
    axisLabel: { color: token('--text-soft') },
    splitLine: { lineStyle: { color: token('--line') } },
  }
  return {
    color: Array.from({ length: SERIES_COLOURS }, (_, index) => token(`--series-${index + 1}`)),
    backgroundColor: 'transparent',
    textStyle: { fontFamily: style.getPropertyValue('--font') },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: axis,
    timeAxis: { ...axis, splitLine: { show: false } },
    legend: { textStyle: { color: token('--text-soft') } },
  }
}

/** `light-dark()` in a custom property stays as it is written; an element computes it. */
function resolved(value: string): string {
  const probe = document.createElement('span')
  probe.style.color = value
  document.body.append(probe)
  const colour = getComputedStyle(probe).color
  probe.remove()
  return colour
}

/** The option with its `var(--…)` as colours that a canvas understands. */
function withColours(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.startsWith('var(--') ? resolved(value) : value
  }
  if (Array.isArray(value)) return value.map(withColours)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withColours(item)]))
}

/** Values of events are hostile: tooltips are drawn on the canvas, never made as markup. */
const SAFE = { tooltip: { renderMode: 'richText' } }

export default function ChartCanvas({ label, option, height, onPick }: ChartProps) {
  const element = useRef<HTMLDivElement>(null)
  const theme = useShownTheme()
  const picked = useEffectEvent((pick: ChartPick) => onPick?.(pick))
  useEffect(() => {
    if (!element.current) return undefined
    const chart = init(element.current, themeOption())
    const tooltip = { ...themeTooltip(), ...(option.tooltip as object | undefined), ...SAFE.tooltip }
    const coloured = withColours({ ...option, tooltip }) as EChartsCoreOption
    chart.setOption({ animationDuration: 250, ...coloured, aria: { enabled: true } })
    listen(chart, option, picked)
    const observer = new ResizeObserver(() => chart.resize())
    observer.observe(element.current)
    return () => {
      observer.disconnect()
      chart.dispose()
    }
  }, [option, theme])
  return (
    <div
      ref={element}
      className={onPick ? 'chart chart-pick' : 'chart'}
      style={height === undefined ? undefined : { height }}
      role="img"
      aria-label={label}
    />
  )
}

const themeTooltip = () => ({
  backgroundColor: 'var(--surface)',
  borderColor: 'var(--line)',
  textStyle: { color: 'var(--text)', fontSize: 12 },
})

/** Without a target where nothing is drawn. */
interface CanvasClick {
  target?: unknown
  offsetX: number
  offsetY: number
}

interface ClickedItem {
  seriesIndex?: number
  dataIndex?: number
  data?: unknown
}

function listen(chart: EChartsType, option: EChartsCoreOption, picked: (pick: ChartPick) => void) {
  chart.on('click', (event) => {
    const { seriesIndex, dataIndex, data } = event as ClickedItem
    if (seriesIndex === undefined || dataIndex === undefined) return
    picked({ seriesIndex, dataIndex, data })
  })
  // Points of lines are small: a click beside one means it all the same.
  chart.getZr().on('click', ({ target, offsetX, offsetY }: CanvasClick) => {
    if (target) return
    const pick = nearest(chart, option, offsetX, offsetY)
    if (pick) picked(pick)
  })
}

const NEAR_PX = 24

function nearest(chart: EChartsType, option: EChartsCoreOption, x: number, y: number): ChartPick | null {
  const lines = option.series as { type: string; data: unknown[] }[] | undefined
  if (!lines?.some(({ type }) => type === 'line')) return null
  const at = chart.convertFromPixel({ seriesIndex: 0 }, [x, y])
  const dataIndex = Math.round(Number((at as unknown[] | undefined)?.[0]))
  let best: ChartPick | null = null
  let distance = NEAR_PX
  lines.forEach(({ data }, seriesIndex) => {
    const value = data[dataIndex]
    if (typeof value !== 'number') return
    const place = chart.convertToPixel({ seriesIndex }, [dataIndex, value])
    const away = Math.abs((place[1] ?? 0) - y)
    if (away >= distance) return
    distance = away
    best = { seriesIndex, dataIndex, data: value }
  })
  return best
}
