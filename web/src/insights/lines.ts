/** The answers with a value for each bucket (trends, stickiness, lifecycle) as lines; pure. */
import { countryName } from '../components/country'
import { partsOf } from './breakdown'
import { COUNTRY } from './display'
import { letter, type InsightQuery } from './query'

interface Item {
  label: string
  action: { order: number; name: string; custom_name: string | null } | null
  data: number[]
  days: (string | number)[]
  labels: string[]
  count: number
  aggregated_value?: number
  breakdown_value?: unknown
  compare_label?: 'current' | 'previous'
  status?: string
}

export interface Line {
  id: string
  name: string
  /** What is counted, without the value of a breakdown. */
  series: string
  /** The letter of its series where there are several; null for a formula. */
  letter: string | null
  /** Other and None are no values but what is left. */
  isRest: boolean
  isPrevious: boolean
  /** 1 to 8: which of the colours of series. */
  colour: number
  values: number[]
  days: (string | number)[]
  labels: string[]
  /** The API's number for the whole range. */
  total: number
  isTotalValue: boolean
  seriesIndex: number | null
  breakdownValue: unknown
  hasBreakdown: boolean
  status: string | null
}

const OTHER = '$$_posthog_breakdown_other_$$'
const NONE = '$$_posthog_breakdown_null_$$'
const COLOURS = 8

export const LIFECYCLE_COLOURS: Record<string, number> = {
  new: 3,
  returning: 1,
  resurrecting: 5,
  dormant: 2,
}

export function linesOf(results: unknown, query: InsightQuery): Line[] {
  const items = Array.isArray(results) ? (results as Item[]) : []
  const several = (query.series?.length ?? 0) > 1
  const byCountry = partsOf(query.breakdownFilter).map(({ property }) => property === COUNTRY)
  const places = new Map<string, number>()
  return items.map((item, index) => {
    const hasBreakdown = item.breakdown_value !== undefined
    const order = item.action?.order ?? null
    // What is compared has the colour of what it is compared with.
    const place = JSON.stringify([order, item.label, item.breakdown_value, item.status])
    if (!places.has(place)) places.set(place, places.size)
    const isTotalValue = item.aggregated_value !== undefined
    const own = item.action?.custom_name ?? item.action?.name ?? item.label
    const value = hasBreakdown ? breakdownText(item.breakdown_value, byCountry) : null
    return {
      id: `${index}`,
      name: item.status ? capital(item.status) : value === null ? own : several ? `${own} · ${value}` : value,
      series: own,
      letter: several && order !== null ? letter(order) : null,
      isRest: isRest(item.breakdown_value),
      isPrevious: item.compare_label === 'previous',
      colour: LIFECYCLE_COLOURS[item.status ?? ''] ?? ((places.get(place) ?? 0) % COLOURS) + 1,
      values: item.data,
      days: item.days,
      labels: item.labels,
      total: item.aggregated_value ?? item.count,
      isTotalValue,
      // A formula is of several series: nobody in particular is behind it.
      seriesIndex: order ?? (item.status ? 0 : null),
      breakdownValue: item.breakdown_value,
      hasBreakdown,
      status: item.status ?? null,
    }
  })
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

/** Other and None; of several breakdowns, where each is. */
const isRest = (value: unknown): boolean =>
  Array.isArray(value) ? value.every(isRest) : value === OTHER || value === NONE

/** `byCountry` says which of the parts are two letters of a country. */
export function breakdownText(value: unknown, byCountry: readonly boolean[] = []): string {
  if (Array.isArray(value)) {
    if (value.length > 1 && value.every((part) => part === OTHER)) return 'Other'
    return value.map((part, at) => breakdownText(part, [byCountry[at] ?? false])).join(', ')
  }
  if (value === OTHER) return 'Other'
  if (value === NONE || value === null || value === '') return 'None'
  if (typeof value !== 'string') return JSON.stringify(value)
  return byCountry[0] ? countryName(value) : value
}

/** The line that is compared with this one; undefined where none is. */
export const lineBefore = (line: Line, lines: readonly Line[]): Line | undefined =>
  line.isPrevious
    ? undefined
    : lines.find((other) => other.isPrevious && other.colour === line.colour && other.name === line.name && other.letter === line.letter)

/** The lines of each series, for what draws one at a time. */
export function bySeries(lines: readonly Line[]): { name: string; lines: Line[] }[] {
  const found = new Map<string, { name: string; lines: Line[] }>()
  for (const line of lines) {
    const name = [line.letter, line.series].filter(Boolean).join(' · ')
    const group = found.get(name) ?? { name, lines: [] }
    group.lines.push(line)
    found.set(name, group)
  }
  return [...found.values()]
}

/** More lines than colours are unreadable: the rest can be ticked. */
export function firstShown(lines: readonly Line[], display: string): Set<string> {
  const limit = LINE_DISPLAYS.has(display) ? COLOURS : Infinity
  const current = lines.filter(({ isPrevious }) => !isPrevious).slice(0, limit)
  const colours = current.map(({ colour, name }) => `${colour} ${name}`)
  const wanted = new Set(colours)
  return new Set(lines.filter(({ colour, name }) => wanted.has(`${colour} ${name}`)).map(({ id }) => id))
}

const LINE_DISPLAYS = new Set(['ActionsLineGraph', 'area', 'ActionsLineGraphCumulative', 'ActionsUnstackedBar'])

export const isEmptyAnswer = (lines: readonly Line[]): boolean =>
  lines.every(({ total, values }) => total === 0 && values.every((value) => value === 0))

/** What the point is in the words of `ActorsQuery`; null where nobody is behind it. */
export function pointOf(query: InsightQuery, line: Line, dataIndex: number | null) {
  if (line.seriesIndex === null) return null
  const day = dataIndex === null ? undefined : line.days[dataIndex]
  const when = dataIndex === null ? '' : ` · ${line.labels[dataIndex] ?? ''}`
  const common = {
    source: query,
    series: line.seriesIndex,
    ...(day === undefined ? {} : { day }),
    ...(line.hasBreakdown ? { breakdown: line.breakdownValue } : {}),
    ...(line.isPrevious ? { compare: 'previous' } : {}),
    ...(line.status ? { status: line.status } : {}),
  }
  const kind = query.kind === 'StickinessQuery' ? 'StickinessActorsQuery' : 'InsightActorsQuery'
  return { title: `${line.name}${line.isPrevious ? ' (before)' : ''}${when}`, source: { kind, ...common } }
}
