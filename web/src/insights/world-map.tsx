import codes from 'i18n-iso-countries/codes.json'
import { MapChart } from 'echarts/charts'
import { GeoComponent } from 'echarts/components'
import { registerMap, use as register } from 'echarts/core'
import type { MultiPolygon, Polygon, Position } from 'geojson'
import { useMemo } from 'react'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import world from 'world-atlas/countries-110m.json'
import { Chart } from '../components/chart'
import { worldOption, type CountryValue } from './world-option'

register([MapChart, GeoComponent])

const ANTARCTICA = 'AQ'
const LETTERS_OF_NUMBER = new Map(codes.map(([letters = '', , number = '']) => [number, letters]))

const HALF_TURN = 180

/** A ring across the date line goes on beyond 180° instead of all around the world. */
function unbroken(ring: Position[]): Position[] {
  const isBroken = ring.some(([longitude = 0], at) => Math.abs(longitude - (ring[at - 1]?.[0] ?? longitude)) > HALF_TURN)
  if (!isBroken) return ring
  return ring.map(([longitude = 0, latitude = 0]) => [longitude < 0 ? longitude + 2 * HALF_TURN : longitude, latitude])
}

/** Every country is of polygons, each a list of rings. */
const polygonsOf = (geometry: Polygon | MultiPolygon): Position[][][] =>
  geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates

/** The shapes of the countries, each named by its two letters. */
function countries() {
  const topology = world as unknown as Topology<{ countries: GeometryCollection<{ name: string }> }>
  const { features } = feature(topology, topology.objects.countries)
  return {
    type: 'FeatureCollection' as const,
    features: features.flatMap(({ id, geometry, properties }) => {
      const letters = LETTERS_OF_NUMBER.get(String(id)) ?? (properties.name === 'Kosovo' ? 'XK' : properties.name)
      if (letters === ANTARCTICA || (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon')) return []
      const coordinates = polygonsOf(geometry).map((rings) => rings.map(unbroken))
      return [{ type: 'Feature' as const, geometry: { type: 'MultiPolygon' as const, coordinates }, properties: { name: letters } }]
    }),
  }
}

registerMap('world', countries())

interface WorldMapProps {
  label: string
  values: readonly CountryValue[]
  height: number
  /** Called with the two letters of a country that has a value. */
  onPick?: (code: string) => void
}

/** Loaded lazily: the shapes are large. */
export default function WorldMap({ label, values, height, onPick }: WorldMapProps) {
  const option = useMemo(() => worldOption(values), [values])
  const pick = (data: unknown) => {
    const name = (data as { name?: unknown } | null)?.name
    if (typeof name === 'string') onPick?.(name)
  }
  return <Chart label={label} option={option} height={height} {...(onPick ? { onPick: ({ data }) => pick(data) } : {})} />
}
