import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Person, Properties, StoredEvent } from '../../api/answers'
import { useProjectId } from '../../api/project'
import { ofPerson, runSql } from '../../api/sql'
import { Button } from '../../components/button'
import { dayName, duration } from '../../components/format'
import { Empty, Failure, Skeleton } from '../../components/states'
import { FeedRow } from '../activity/feed-row'
import { storedItem } from '../activity/feed'
import { sessionSeconds, timeline, type SessionGroup } from './timeline'
import '../activity/activity.css'

const EVENTS_A_PAGE = 100
const COLUMNS = 'uuid, event, distinct_id, timestamp, properties'

/** All that a person did, whichever distinct id sent it. */
export function PersonTimeline({ person }: { person: Person }) {
  const project = useProjectId()
  const events = useInfiniteQuery({
    queryKey: ['person-events', project, person.id],
    queryFn: async ({ signal, pageParam }) => {
      const where = `WHERE ${ofPerson(person.id)}`
      const page = `LIMIT ${EVENTS_A_PAGE} OFFSET ${pageParam}`
      const order = 'ORDER BY timestamp DESC, uuid DESC'
      const sql = `SELECT ${COLUMNS} FROM events ${where} ${order} ${page}`
      return (await runSql(project, sql, signal)).results.map(storedEvent)
    },
    initialPageParam: 0,
    getNextPageParam: (last, _, offset) =>
      last.length === EVENTS_A_PAGE ? offset + EVENTS_A_PAGE : undefined,
  })
  const days = useMemo(() => timeline(events.data?.pages.flat() ?? []), [events.data])
  if (events.error) return <Failure error={events.error} onRetry={() => void events.refetch()} />
  if (events.isPending) return <Skeleton lines={8} />
  if (days.length === 0) return <Empty icon="activity" title="No events of this person are kept" />
  return (
    <div className="stack">
      {days.map(({ day, sessions }) => (
        <section key={day.getTime()} className="stack">
          <h2 className="timeline-day">{dayName(day)}</h2>
          {sessions.map((session) => (
            <Session key={session.key} session={session} />
          ))}
        </section>
      ))}
      {events.hasNextPage && (
        <div>
          <Button disabled={events.isFetching} onClick={() => void events.fetchNextPage()}>
            {events.isFetching ? 'Loading …' : 'Show earlier events'}
          </Button>
        </div>
      )}
    </div>
  )
}

function storedEvent([uuid, event, distinctId, timestamp, properties]: unknown[]): StoredEvent {
  return {
    uuid: String(uuid),
    event: String(event),
    distinct_id: String(distinctId),
    timestamp: String(timestamp),
    properties: (typeof properties === 'string' ? JSON.parse(properties) : properties) as Properties,
    person: null,
    elements_chain: '',
  }
}

function Session({ session }: { session: SessionGroup }) {
  const { sessionId, events } = session
  const count = events.length === 1 ? '1 event' : `${events.length} events`
  const first = events.at(-1)?.properties
  const device = [first?.$browser, first?.$os].filter((part) => typeof part === 'string')
  return (
    <div>
      <p className="soft small timeline-session">
        {sessionId === null ? 'Without a session' : `Session, ${duration(sessionSeconds(session))}`}
        {` · ${count}`}
        {device.length > 0 && ` · ${device.join(' on ')}`}
      </p>
      <ul className="feed card timeline-events">
        {events.map((event) => (
          <FeedRow key={event.uuid} item={storedItem(event)} />
        ))}
      </ul>
    </div>
  )
}
