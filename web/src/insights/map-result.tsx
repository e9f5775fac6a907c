import { lazy, Suspense, useMemo } from 'react'
import { Skeleton } from '../components/states'
import type { Line } from './lines'

const WorldMap = lazy(() => import('./world-map'))

interface MapResultProps {
  /** Of one series, by country. */
  lines: readonly Line[]
  name: string
  height: number
  onOpen: (line: Line) => void
}

/** The countries in the shade of their number. Those too small to be seen are in the table. */
export function MapResult({ lines, name, height, onOpen }: MapResultProps) {
  const values = useMemo(
    () =>
      lines.flatMap(({ breakdownValue, total, isRest }) =>
        typeof breakdownValue === 'string' && !isRest ? [{ code: breakdownValue, value: total }] : [],
      ),
    [lines],
  )
  return (
    <Suspense fallback={<Skeleton lines={6} />}>
      <WorldMap
        label={`World map: ${name}`}
        values={values}
        height={height}
        onPick={(code) => {
          const line = lines.find(({ breakdownValue }) => breakdownValue === code)
          if (line) onOpen(line)
        }}
      />
    </Suspense>
  )
}
