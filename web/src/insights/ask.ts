/** Asks an insight, and who is behind its points. */
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { askQuery } from '../api/ask-query'
import { useProjectId } from '../api/project'
import { wholeFilters } from './filters'
import type { Refresh } from './refresh'
import type { Filters, InsightQuery, RetentionFilter } from './query'

export interface InsightAnswer {
  /** Its shape follows the kind: `lines.ts`, `funnel.ts`, `retention.ts`, `paths.ts`. */
  results: unknown
  last_refresh: string
  is_cached: boolean
  timezone: string
  resolved_date_range: { date_from: string; date_to: string } | null
}

/** What is sent: without what is still being written. */
export function asked(query: InsightQuery): InsightQuery {
  const { properties, series, retentionFilter, ...rest } = query
  const filters = wholeFilters(properties)
  return {
    ...rest,
    ...(filters ? { properties: filters } : {}),
    ...(series
      ? {
          series: series.map(whole),
        }
      : {}),
    ...(retentionFilter ? { retentionFilter: wholeRetention(retentionFilter) } : {}),
  }
}

/** The event with those of its filters that are written to the end. */
function whole<T extends { properties?: Filters }>({ properties, ...item }: T): Omit<T, 'properties'> & { properties?: Filters } {
  const kept = wholeFilters(properties)
  return kept ? { ...item, properties: kept } : item
}

function wholeRetention({ targetEntity, returningEntity, ...rest }: RetentionFilter): RetentionFilter {
  return {
    ...rest,
    ...(targetEntity ? { targetEntity: whole(targetEntity) } : {}),
    ...(returningEntity ? { returningEntity: whole(returningEntity) } : {}),
  }
}

export function useInsight(query: InsightQuery, enabled = true) {
  const project = useProjectId()
  const client = useQueryClient()
  const body = asked(query)
  const queryKey = ['insight', project, body]
  const ask = async (refresh: Refresh, signal?: AbortSignal) => {
    const answer = await askQuery(project, { query: body, refresh }, signal)
    return answer as unknown as InsightAnswer
  }
  const found = useQuery({
    queryKey,
    queryFn: ({ signal }) => ask('blocking', signal),
    // While a question is changed its last answer stays, unless it is of another shape.
    placeholderData: (before, last) =>
      (last?.queryKey[2] as InsightQuery | undefined)?.kind === query.kind ? before : undefined,
    staleTime: 60_000,
    enabled,
  })
  return {
    query: found,
    /** Gives up, here and on the server. */
    cancel: () => void client.cancelQueries({ queryKey }),
    /** Works it out anew, whatever is kept. */
    refresh: () => void client.query({ queryKey, queryFn: ({ signal }) => ask('force_blocking', signal), staleTime: 0 }),
  }
}

/** One point of an insight, in the words of `ActorsQuery`. */
export interface Point {
  title: string
  source: Record<string, unknown>
}

export interface Actor {
  id: string
  type: 'person' | 'group'
  properties: Record<string, unknown>
  distinct_ids: string[]
  group_type_index?: number
}

const ACTORS_A_PAGE = 100

/** People, each with how often; page by page. */
export function useActors(source: Record<string, unknown>, withCount: boolean) {
  const project = useProjectId()
  const select = withCount ? ['actor', 'event_count'] : ['actor']
  return useInfiniteQuery({
    queryKey: ['actors', project, source, select],
    queryFn: ({ signal, pageParam }) =>
      askQuery(
        project,
        { query: { kind: 'ActorsQuery', source, select, limit: ACTORS_A_PAGE, offset: pageParam } },
        signal,
      ),
    initialPageParam: 0,
    getNextPageParam: (last) => (last.hasMore ? last.offset + ACTORS_A_PAGE : undefined),
  })
}
