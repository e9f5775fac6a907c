import { useMemo, useState } from 'react'
import { useLocation, useParams, useSearchParams } from 'wouter'
import type { RecordingEntry } from '../../api/answers'
import { useAddress } from '../../api/project'
import { useMay } from '../../api/session'
import { Avatar } from '../../components/avatar'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { Select } from '../../components/fields'
import { fullTime, shortSize, wholeNumber } from '../../components/format'
import { Link } from '../../components/link'
import { Page } from '../../components/page'
import { Answer, Empty, Failure, Skeleton } from '../../components/states'
import { clockOf, momentsOf } from './moments'
import { Player } from './player'
import { consoleErrors, lengthOf, playableWindows, startOf, type RecordedEvent } from './recorded'
import { useDeleteRecording, useRecordedEvents, useRecording, useSessionEvents } from './use-recordings'
import './replay.css'

export default function RecordingPage() {
  const { sessionId } = useParams<{ sessionId: string }>()
  const recording = useRecording(sessionId)
  const at = useAddress()
  return (
    <Page
      title={recording.data ? `Session of ${nameOf(recording.data)}` : 'Session'}
      actions={
        <>
          <Link to={at('replay')} className="button">
            All recordings
          </Link>
          {recording.data && <DeleteRecording sessionId={sessionId} />}
        </>
      }
    >
      <Answer query={recording} skeletonLines={2}>
        {(data) => <Recording key={data.id} entry={data} />}
      </Answer>
    </Page>
  )
}

export const nameOf = ({ person, distinct_id }: RecordingEntry): string => person?.name ?? distinct_id

function Recording({ entry }: { entry: RecordingEntry }) {
  const events = useRecordedEvents(entry.id)
  return (
    <div className="stack">
      <Facts entry={entry} />
      {events.isPending && <LoadingPlayer />}
      {events.error && <Failure error={events.error} onRetry={() => void events.refetch()} />}
      {events.data && <Windows entry={entry} events={events.data} />}
    </div>
  )
}

function LoadingPlayer() {
  return (
    <div className="replay">
      <div className="card replay-player">
        <div className="replay-stage" />
      </div>
      <div className="card replay-moments">
        <Skeleton lines={8} />
      </div>
    </div>
  )
}

function Facts({ entry }: { entry: RecordingEntry }) {
  const at = useAddress()
  const facts = [
    fullTime(new Date(entry.start_time)),
    clockOf(1000 * entry.recording_duration),
    counted(entry.click_count, 'click'),
    counted(entry.keypress_count, 'key'),
    ...(entry.console_error_count > 0 ? [counted(entry.console_error_count, 'console error')] : []),
    shortSize(entry.size_bytes),
  ]
  return (
    <div className="row row-wrap replay-facts">
      {entry.person ? (
        <Link to={at(`people/${entry.person.id}`)} className="row link-plain">
          <Avatar name={nameOf(entry)} />
          <span className="cut">{nameOf(entry)}</span>
        </Link>
      ) : (
        <span className="cut">{nameOf(entry)}</span>
      )}
      <span className="soft">{facts.join(' · ')}</span>
    </div>
  )
}

export function counted(count: number, word: string): string {
  return `${wholeNumber(count)} ${word}${count === 1 ? '' : 's'}`
}

function Windows({ entry, events }: { entry: RecordingEntry; events: RecordedEvent[] }) {
  const [parameters, setParameters] = useSearchParams()
  const windows = useMemo(() => playableWindows(events), [events])
  const session = useSessionEvents(entry.id)
  const chosen = windows.find(({ id }) => id === parameters.get('window')) ?? windows[0]
  const moments = useMemo(() => {
    if (!chosen) return []
    const several = windows.length > 1
    const own = (session.data ?? []).filter(
      ({ properties }) => !several || properties.$window_id === chosen.id,
    )
    return momentsOf(own, consoleErrors(chosen), startOf(chosen), lengthOf(chosen))
  }, [chosen, windows, session.data])
  const at = useAddress()
  if (!chosen) {
    return (
      <Empty
        icon="replay"
        title="There is nothing to play yet"
        action={
          <Link to={at('replay')} className="button button-primary">
            All recordings
          </Link>
        }
      >
        A recording can be played once its first whole page has arrived. The first part of this one
        may be on its way, or was lost.
      </Empty>
    )
  }
  return (
    <>
      {windows.length > 1 && (
        <div className="row">
          <Select
            label="Window"
            value={chosen.id}
            options={windows.map(({ id }, index) => [id, `Window ${index + 1} of ${windows.length}`] as const)}
            onChange={(id) => setParameters({ window: id }, { replace: true })}
          />
        </div>
      )}
      {session.error && <Failure error={session.error} onRetry={() => void session.refetch()} />}
      <Player
        key={chosen.id}
        recorded={chosen}
        moments={moments}
        startMs={1000 * Math.max(0, Number(parameters.get('t')) || 0)}
      />
    </>
  )
}

function DeleteRecording({ sessionId }: { sessionId: string }) {
  const [asking, setAsking] = useState(false)
  const remove = useDeleteRecording()
  const [, go] = useLocation()
  const at = useAddress()
  if (!useMay('member')) return null
  return (
    <>
      <Button kind="danger" icon="trash" onClick={() => setAsking(true)}>
        Delete
      </Button>
      {asking && (
        <Dialog
          title="Delete this recording?"
          onClose={() => setAsking(false)}
          actions={
            <Button
              kind="danger"
              disabled={remove.isPending}
              onClick={() => remove.mutate(sessionId, { onSuccess: () => go(at('replay')) })}
            >
              Delete it
            </Button>
          }
        >
          <p>
            What was recorded leaves the disk at once and for good. The events of the session stay.
          </p>
          {remove.error && <Failure error={remove.error} />}
        </Dialog>
      )}
    </>
  )
}
