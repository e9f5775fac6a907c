/** Charts, loaded only where one is shown. */
import { lazy, Suspense } from 'react'
import type { EChartsCoreOption } from 'echarts/core'
import { Skeleton } from './states'

export interface ChartProps {
  /** What the chart shows, for who cannot see it. The numbers belong into a table beside it. */
  label: string
  option: EChartsCoreOption
  /** In pixels; 300 if left out. */
  height?: number
  /** Called with what was clicked. On lines it is the nearest point. */
  onPick?: (pick: ChartPick) => void
}

export interface ChartPick {
  seriesIndex: number
  dataIndex: number
  /** What the point was given as `data`. */
  data: unknown
}

const Canvas = lazy(() => import('./chart-canvas'))

export function Chart(props: ChartProps) {
  return (
    <Suspense fallback={<Skeleton lines={5} />}>
      <Canvas {...props} />
    </Suspense>
  )
}
