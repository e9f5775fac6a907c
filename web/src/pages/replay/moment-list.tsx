import { useEffect, useRef } from 'react'
import { EventName } from '../../components/event-name'
import { Icon } from '../../components/icon'
import { placeOf } from '../activity/feed'
import { clockOf, currentMoment, type Moment } from './moments'

interface MomentListProps {
  moments: Moment[]
  timeMs: number
  onSeek: (timeMs: number) => void
}

/** The events of the session; each goes to its place in the recording. */
export function MomentList({ moments, timeMs, onSeek }: MomentListProps) {
  const current = currentMoment(moments, timeMs)
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => {
    const element = list.current?.children[current]
    if (!list.current || !(element instanceof HTMLElement)) return
    // Only the list moves, never the page.
    list.current.scrollTop = element.offsetTop - list.current.clientHeight / 2
  }, [current])
  return (
    <section className="card replay-moments" aria-label="What happened">
      <h2>What happened</h2>
      {moments.length === 0 && <p className="soft">No events of this session are kept.</p>}
      <ol ref={list}>
        {moments.map((moment, index) => (
          <li key={moment.key}>
            <button
              type="button"
              className={moment.kind === 'error' ? 'moment moment-bad' : 'moment'}
              aria-current={index === current ? 'true' : undefined}
              onClick={() => onSeek(moment.atMs)}
            >
              <span className="number soft">{clockOf(moment.atMs)}</span>
              <MomentText moment={moment} />
            </button>
          </li>
        ))}
      </ol>
    </section>
  )
}

function MomentText({ moment: { event, name } }: { moment: Moment }) {
  if (event === null) {
    return (
      <span className="event-name" title={name}>
        <Icon name="warning" />
        <span className="cut">{name}</span>
      </span>
    )
  }
  const place = placeOf(event.properties)
  return (
    <span className="moment-text">
      <EventName name={name} />
      {place !== '' && (
        <span className="cut soft small" title={place}>
          {place}
        </span>
      )}
    </span>
  )
}
