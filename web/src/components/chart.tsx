/** Charts, loaded only where one is shown. */
import { lazy, Suspense } from 'react'
import type { EChartsCoreOption } from 'echarts/core'
import { Skeleton } from './states'

export interface ChartProps {
  /** What the chart shows, for who cannot see it. The numbers belong into a table beside it. */
  label: string
  option: EChartsCoreOption
}

const Canvas = lazy(() => import('./chart-canvas'))

export function Chart(props: ChartProps) {
  return (
    <Suspense fallback={<Skeleton lines={5} />}>
      <Canvas {...props} />
    </Suspense>
  )
}
