import { BarChart, HeatmapChart, LineChart, PieChart, SankeyChart } from 'echarts/charts'
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components'
import { init, use as register } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { useShownTheme } from '../shell/theme'
import type { ChartProps } from './chart'

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

/** Values of events are hostile: tooltips are drawn on the canvas, never made as markup. */
const SAFE = { tooltip: { renderMode: 'richText' } }

export default function ChartCanvas({ label, option }: ChartProps) {
  const element = useRef<HTMLDivElement>(null)
  const theme = useShownTheme()
  useEffect(() => {
    if (!element.current) return undefined
    const chart = init(element.current, themeOption())
    const tooltip = { ...(option.tooltip as object | undefined), ...SAFE.tooltip }
    chart.setOption({ animationDuration: 250, ...option, tooltip, aria: { enabled: true } })
    const observer = new ResizeObserver(() => chart.resize())
    observer.observe(element.current)
    return () => {
      observer.disconnect()
      chart.dispose()
    }
  }, [option, theme])
  return <div ref={element} className="chart" role="img" aria-label={label} />
}
