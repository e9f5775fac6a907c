import { lazy, Suspense, useMemo } from 'react'
import { Skeleton } from '../../components/states'
import type { PropertyFilter } from '../../insights/query'
import type { WebRow } from './breakdown-card'
import { rowFilter, type WebTab } from './web-cards'

const WorldMap = lazy(() => import('../../insights/world-map'))

interface CountryMapProps {
  tab: WebTab
  rows: WebRow[]
  onFilter: (filter: PropertyFilter) => void
}

/** Visitors by country; the same as rows are under the tab beside it. */
export function CountryMap({ tab, rows, onFilter }: CountryMapProps) {
  const values = useMemo(
    () => rows.flatMap(([code, [value]]) => (typeof code === 'string' ? [{ code, value }] : [])),
    [rows],
  )
  return (
    <Suspense fallback={<Skeleton lines={6} />}>
      <WorldMap
        label="World map: visitors. The numbers are under Countries."
        values={values}
        height={260}
        onPick={(code) => {
          const filter = rowFilter(tab, code)
          if (filter) onFilter(filter)
        }}
      />
    </Suspense>
  )
}
