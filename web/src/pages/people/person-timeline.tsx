import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Person, RecordingEntry } from '../../api/answers'
import { useAddress, useProjectId } from '../../api/project'
import { ofPerson, runSql } from '../../api/sql'
import { EVENT_COLUMNS, storedEvent } from '../../api/stored-events'
import { Button } from '../../components/button'
import { dayName, duration } from '../../components/format'
import { Icon } from '../../components/icon'
import { Link } from '../../components/link'
import { Empty, Failure, Skeleton } from '../../components/states'
import { FeedRow } from '../activity/feed-row'
import { storedItem } from '../activity/feed'
import { useRecordedSessions } from '../replay/use-recordings'
import { sessionSeconds, timeline, type SessionGroup } from './timeline'
import '../activity/activity.css'

const EVENTS_A_PAGE = 100

/** All that a person did, whichever distinct id sent it. */
export function PersonTimeline({ person }: { person: Person }) {
  const project = useProjectId()
  const events = useInfiniteQuery({
    queryKey: ['person-events', project, person.id],
    queryFn: async ({ signal, pageParam }) => {
      const where = `WHERE ${ofPerson(person.id)}`
      const page = `LIMIT ${EVENTS_A_PAGE} OFFSET ${pageParam}`
      const order = 'ORDER BY timestamp DESC, uuid DESC'
      const sql = `SELECT ${EVENT_COLUMNS} FROM events ${where} ${order} ${page}`
      return (await runSql(project, sql, signal)).results.map(storedEvent)
    },
    initialPageParam: 0,
    getNextPageParam: (last, _, offset) =>
      last.length === EVENTS_A_PAGE ? offset + EVENTS_A_PAGE : undefined,
  })
  const days = useMemo(() => timeline(events.data?.pages.flat() ?? []), [events.data])
  const recorded = useRecordedSessions(person.id).data
  if (events.error) return <Failure error={events.error} onRetry={() => void events.refetch()} />
  if (events.isPending) return <Skeleton lines={8} />
  if (days.length === 0) return <Empty icon="activity" title="No events of this person are kept" />
  return (
    <div className="stack">
      {days.map(({ day, sessions }) => (
        <section key={day.getTime()} className="stack">
          <h2 className="timeline-day">{dayName(day)}</h2>
          {sessions.map((session) => (
            <Session
              key={session.key}
              session={session}
              recording={recorded?.get(session.sessionId ?? '')}
            />
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

interface SessionProps {
  session: SessionGroup
  recording: RecordingEntry | undefined
}

function Session({ session, recording }: SessionProps) {
  const { sessionId, events } = session
  const count = events.length === 1 ? '1 event' : `${events.length} events`
  const first = events.at(-1)?.properties
  const device = [first?.$browser, first?.$os].filter((part) => typeof part === 'string')
  return (
    <div>
      <div className="row timeline-session">
        <p className="soft small">
          {sessionId === null ? 'Without a session' : `Session, ${duration(sessionSeconds(session))}`}
          {` · ${count}`}
          {device.length > 0 && ` · ${device.join(' on ')}`}
        </p>
        {recording && <WatchLink recording={recording} firstEvent={events.at(-1)?.timestamp} />}
      </div>
      <ul className="feed card timeline-events">
        {events.map((event) => (
          <FeedRow key={event.uuid} item={storedItem(event)} />
        ))}
      </ul>
    </div>
  )
}

/** To the recording, where the first of these events happened. */
function WatchLink({ recording, firstEvent }: { recording: RecordingEntry; firstEvent: string | undefined }) {
  const at = useAddress()
  const start = new Date(recording.start_time).getTime()
  const seconds = Math.floor((new Date(firstEvent ?? recording.start_time).getTime() - start) / 1000)
  const offset = seconds > 0 ? `?t=${seconds}` : ''
  return (
    <Link to={at(`replay/${encodeURIComponent(recording.id)}${offset}`)} className="row small">
      <Icon name="play" />
      Watch
    </Link>
  )
}
