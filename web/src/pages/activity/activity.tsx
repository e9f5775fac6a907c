import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useReducer, useState } from 'react'
import { useSearchParams } from 'wouter'
import { api } from '../../api/client'
import { useLive, useLiveState, type LiveCounters } from '../../api/live'
import { useAddress, useProjectId } from '../../api/project'
import { Button } from '../../components/button'
import { wholeNumber } from '../../components/format'
import { Link } from '../../components/link'
import { Figure, Figures, Page } from '../../components/page'
import { Empty, Failure, Skeleton } from '../../components/states'
import { Count } from '../../components/time'
import {
  EMPTY_FEED,
  feedReducer,
  itemsOf,
  matches,
  NO_FILTER,
  problemItem,
  refusalItem,
  storedItem,
  type FeedFilter,
} from './feed'
import { FeedBar } from './feed-bar'
import { readFeedFilters } from './feed-filters'
import { FeedRow } from './feed-row'
import './activity.css'

const LOADED_MAX = 100

/** The live feed: what arrives, and what does not make it, as it happens. */
export default function ActivityPage() {
  const project = useProjectId()
  return <Activity key={project} project={project} />
}

function Activity({ project }: { project: string }) {
  const [feed, dispatch] = useReducer(feedReducer, EMPTY_FEED)
  const [live, setLive] = useState<LiveCounters | null>(null)
  const [filter, setFilter] = useFilter()
  const listener = useMemo(
    () => ({
      onStored: (message: Parameters<typeof itemsOf>[0]) =>
        dispatch({ do: 'came', items: itemsOf(message), count: message.events_count }),
      onRefused: (refusal: Parameters<typeof refusalItem>[0]) =>
        dispatch({ do: 'came', items: [refusalItem(refusal)], count: 1 }),
      onCounters: setLive,
    }),
    [],
  )
  const connected = useLive(project, listener)
  const stored = useStoredEvents(project, filter.event, connected)
  const state = useLiveState(project, connected)

  useEffect(() => {
    if (stored.data) dispatch({ do: 'loaded', items: stored.data.results.map(storedItem) })
  }, [stored.data])
  useEffect(() => {
    if (!state.data) return
    const { problems, refusals } = state.data
    dispatch({ do: 'loaded', items: [...problems.map(problemItem), ...refusals.map(refusalItem)] })
  }, [state.data])

  const counters = live ?? state.data?.counters
  const shown = feed.items.filter((item) => matches(item, filter))
  const problems = feed.items.filter(({ kind }) => kind !== 'event').length

  return (
    <Page
      title="Activity"
      actions={
        <>
          <span className="row soft small" role="status">
            <span className={connected && !feed.paused ? 'pulse' : 'health-dot'} />
            {feed.paused ? 'Paused' : connected ? 'Live' : 'Connecting …'}
          </span>
          <Button
            icon={feed.paused ? 'play' : 'pause'}
            kind={feed.paused ? 'primary' : undefined}
            onClick={() => dispatch({ do: feed.paused ? 'resume' : 'pause' })}
          >
            {feed.paused ? `${wholeNumber(feed.waitingCount)} new, resume` : 'Pause'}
          </Button>
        </>
      }
    >
      <Figures>
        <Figure name="Events in the last minute">
          <Count value={counters?.events_last_minute ?? 0} />
        </Figure>
        <Figure name="People in the last 5 minutes">
          <Count value={counters?.people_last_5_minutes ?? 0} />
        </Figure>
        <Figure name="Dropped, changed or refused">
          <Count value={problems} />
        </Figure>
      </Figures>
      <FeedBar project={project} filter={filter} onChange={setFilter} />
      {stored.error && <Failure error={stored.error} onRetry={() => void stored.refetch()} />}
      {shown.length > 0 && !stored.isPending ? (
        <ul className="feed card" aria-label="Events, the newest first">
          {shown.map((item) => (
            <FeedRow key={item.key} item={item} shown={filter.shown} />
          ))}
        </ul>
      ) : (
        <NothingShown
          loading={stored.isPending}
          filtered={feed.items.length > 0}
          onClear={() => setFilter({ ...NO_FILTER, shown: filter.shown })}
        />
      )}
    </Page>
  )
}

function useStoredEvents(project: string, event: string, connected: boolean) {
  return useQuery({
    queryKey: ['events', project, 'newest', event, connected],
    queryFn: ({ signal }) =>
      api.get('/api/projects/{project_id}/events', {
        path: { project_id: project },
        query: { limit: LOADED_MAX, event: event === '' ? undefined : event },
        signal,
      }),
    staleTime: 0,
    placeholderData: (before) => before,
  })
}

/** The filter is part of the address, so that a link shows the same. */
function useFilter(): [FeedFilter, (filter: FeedFilter) => void] {
  const [parameters, setParameters] = useSearchParams()
  const filter = {
    event: parameters.get('event') ?? '',
    text: parameters.get('text') ?? '',
    onlyProblems: parameters.has('problems'),
    filters: readFeedFilters(parameters.get('filters')),
    shown: parameters.getAll('show'),
  }
  const change = ({ event, text, onlyProblems, filters, shown }: FeedFilter) => {
    const next = new URLSearchParams()
    if (event !== '') next.set('event', event)
    if (text !== '') next.set('text', text)
    if (onlyProblems) next.set('problems', '')
    if (filters.length > 0) next.set('filters', JSON.stringify(filters))
    for (const name of shown) next.append('show', name)
    setParameters(next, { replace: true })
  }
  return [filter, change]
}

interface NothingShownProps {
  loading: boolean
  filtered: boolean
  onClear: () => void
}

function NothingShown({ loading, filtered, onClear }: NothingShownProps) {
  const at = useAddress()
  if (loading) return <Skeleton lines={8} />
  if (filtered) {
    return (
      <Empty
        icon="search"
        title="Nothing of this matches"
        action={<Button onClick={onClear}>Clear the filters</Button>}
      >
        The feed holds the newest events; what arrives from now on appears here if it matches.
      </Empty>
    )
  }
  return (
    <Empty
      icon="activity"
      title="Waiting for the first event"
      action={
        <Link to={at('start')} className="button button-primary">
          Send one
        </Link>
      }
    >
      Events appear here the moment they are stored, and so does everything that was refused.
    </Empty>
  )
}
