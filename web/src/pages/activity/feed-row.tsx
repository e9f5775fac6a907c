import { useId, useState, type ReactNode } from 'react'
import { EventName } from '../../components/event-name'
import { sentenceCase } from '../../components/format'
import { Icon } from '../../components/icon'
import { Ago, Count } from '../../components/time'
import { PropertyTable } from '../../components/values'
import { Advice } from './advice'
import { EventDetails } from './event-details'
import { chipsOf } from './feed-filters'
import { placeOf, type EventItem, type FeedItem, type ProblemItem, type RefusalItem } from './feed'

/** One line of the feed; it opens to show all there is to know. */
export function FeedRow({ item, shown = [] }: { item: FeedItem; shown?: readonly string[] }) {
  switch (item.kind) {
    case 'event':
      return <EventRow item={item} shown={shown} />
    case 'problem':
      return <ProblemRow item={item} />
    case 'refusal':
      return <RefusalRow item={item} />
  }
}

interface RowProps {
  className?: string
  time: string
  cells: ReactNode
  children: ReactNode
}

function Row({ className = '', time, cells, children }: RowProps) {
  const [open, setOpen] = useState(false)
  const id = useId()
  return (
    <li className={`feed-row ${className}`}>
      <button
        type="button"
        className="feed-line"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {cells}
        <span className="feed-time soft">
          <Ago time={time} />
        </span>
        <Icon name={open ? 'chevron' : 'right'} />
      </button>
      {open && (
        <div id={id} className="feed-details">
          {children}
        </div>
      )}
    </li>
  )
}

function EventRow({ item, shown }: { item: EventItem; shown: readonly string[] }) {
  const chips = chipsOf(item.properties, shown)
  const place = placeOf(item.properties)
  const library = item.properties?.$lib
  return (
    <Row
      time={item.happened}
      cells={
        <>
          <span className="feed-event">
            <EventName name={item.event} />
          </span>
          <span className="feed-person cut" title={item.distinctId}>
            {item.personName ?? item.distinctId}
          </span>
          <span className="feed-place cut soft" title={place}>
            {place}
          </span>
          <span className="feed-library cut soft">
            {typeof library === 'string' ? library : ''}
          </span>
          {chips.length > 0 && (
            <span className="feed-chips">
              {chips.map(({ name, text }) => (
                <span key={name} className="feed-chip" title={`${name}: ${text}`}>
                  <span className="soft">{name}</span> <span className="cut">{text}</span>
                </span>
              ))}
            </span>
          )}
        </>
      }
    >
      <EventDetails item={item} />
    </Row>
  )
}

function ProblemRow({ item }: { item: ProblemItem }) {
  const dropped = item.severity === 'error'
  return (
    <Row
      className={dropped ? 'feed-bad' : 'feed-warning'}
      time={item.time}
      cells={
        <>
          <span className="feed-event">
            <span className="event-name">
              <Icon name="warning" />
              <span className="cut">
                {dropped ? 'Dropped' : 'Changed'}
                {item.count > 1 && (
                  <>
                    {' '}
                    <Count value={item.count} />
                  </>
                )}
              </span>
            </span>
          </span>
          <span className="feed-reason cut">{sentenceCase(item.reason)}</span>
        </>
      }
    >
      <div className="stack">
        <Advice reason={item.reason} />
        <PropertyTable properties={item.details} />
      </div>
    </Row>
  )
}

function RefusalRow({ item: { refusal, time } }: { item: RefusalItem }) {
  const { status, text, key, path, user_agent, count } = refusal
  const details = { Status: status, Answer: text, 'Key sent': key || 'none', Path: path }
  return (
    <Row
      className="feed-bad"
      time={time}
      cells={
        <>
          <span className="feed-event">
            <span className="event-name">
              <Icon name="warning" />
              <span className="cut">Refused{count > 1 ? ` × ${count}` : ''}</span>
            </span>
          </span>
          <span className="feed-reason cut">
            {status === 401 && key ? `Unknown project key ${key}` : text}
          </span>
        </>
      }
    >
      <div className="stack">
        <p>
          {status === 401
            ? 'The request came with a key that belongs to no project, so nothing of it was kept. Compare it with the key under Settings.'
            : 'The request could not be read, so nothing of it was kept. The answer says what was wrong.'}
        </p>
        <PropertyTable properties={{ ...details, 'Sent by': user_agent || 'unknown' }} />
      </div>
    </Row>
  )
}
