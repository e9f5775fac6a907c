import { useQuery, useMutation } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { api } from '../../api/client'
import { useLive, useLiveState, type LiveMessage, type Refusal } from '../../api/live'
import { useAddress, useProjectId } from '../../api/project'
import { Button } from '../../components/button'
import { EventName } from '../../components/event-name'
import { Link } from '../../components/link'
import { Failure } from '../../components/states'
import { Ago } from '../../components/time'

interface FirstEventProps {
  host: string
  token: string
}

interface Arrived {
  event: string
  from: string
  time: string
}

/** Waits for an event and says so when it comes, or shows what came and was refused. */
export function FirstEvent({ host, token }: FirstEventProps) {
  const project = useProjectId()
  const at = useAddress()
  const [opened] = useState(() => Date.now())
  const [arrived, setArrived] = useState<Arrived | null>(null)
  const [came, setCame] = useState<Refusal[]>([])
  const listener = useMemo(
    () => ({
      onStored: (message: LiveMessage) => {
        const event = message.events.at(-1)
        if (!event) return
        const library = event.properties?.$lib
        const from = typeof library === 'string' ? library : event.distinct_id
        setArrived({ event: event.event, from, time: event.received_at })
      },
      onRefused: (refusal: Refusal) => setCame((before) => [refusal, ...before]),
    }),
    [],
  )
  const connected = useLive(project, listener)
  const told = useLiveState(project, connected).data?.refusals ?? []
  const refusals = newestRefusals([...came, ...told], opened)
  const before = useNewestEvent(project)
  const shown = arrived ?? before
  return (
    <div className="stack">
      {shown ? (
        <div className="notice notice-good" role="status">
          <span className="pulse" />
          <div className="grow row row-wrap">
            <strong>Event received:</strong>
            <EventName name={shown.event} />
            <span className="soft">
              from {shown.from}, <Ago time={shown.time} />
            </span>
          </div>
          <Link to={at('activity')} className="button button-small button-primary">
            Watch the live feed
          </Link>
        </div>
      ) : (
        <div className="row" role="status">
          <span className="pulse" />
          <strong>Waiting for your first event</strong>
        </div>
      )}
      {refusals.map((refusal) => (
        <RefusedNotice key={refusal.number} refusal={refusal} token={token} />
      ))}
      <TestEvent host={host} token={token} />
      {!shown && <Causes host={host} />}
    </div>
  )
}

const REFUSALS_SHOWN = 3
const RECENT_MS = 15 * 60_000

/** One of each kind, of the last minutes: older ones are no help in getting started. */
function newestRefusals(refusals: Refusal[], opened: number): Refusal[] {
  const byKind = new Map<string, Refusal>()
  for (const refusal of refusals) {
    const kind = `${refusal.status} ${refusal.text} ${refusal.key} ${refusal.path}`
    const recent = Date.parse(refusal.last_seen) > opened - RECENT_MS
    if (recent && (byKind.get(kind)?.number ?? 0) < refusal.number) byKind.set(kind, refusal)
  }
  return [...byKind.values()].sort((a, b) => b.number - a.number).slice(0, REFUSALS_SHOWN)
}

function useNewestEvent(project: string): Arrived | null {
  const { data } = useQuery({
    queryKey: ['events', project, 'first'],
    queryFn: ({ signal }) =>
      api.get('/api/projects/{project_id}/events', {
        path: { project_id: project },
        query: { limit: 1 },
        signal,
      }),
    staleTime: 0,
  })
  const event = data?.results[0]
  if (!event) return null
  const library = event.properties.$lib
  const from = typeof library === 'string' ? library : event.distinct_id
  return { event: event.event, from, time: event.timestamp }
}

function RefusedNotice({ refusal, token }: { refusal: Refusal; token: string }) {
  const wrongKey = refusal.status === 401
  return (
    <div className="notice notice-danger" role="alert">
      <div className="grow">
        <strong>
          {wrongKey ? 'An event came with a wrong key and was refused' : 'A request was refused'}
        </strong>
        <div className="soft wrap">
          {wrongKey
            ? `It was sent with ${refusal.key || 'no key'}; this project's key is ${token}.`
            : `${refusal.status}: ${refusal.text}`}
        </div>
        <div className="soft small wrap">
          {refusal.path}, sent by {refusal.user_agent || 'an unknown program'}
        </div>
      </div>
      <span className="soft small">
        <Ago time={refusal.last_seen} />
      </span>
    </div>
  )
}

/** As an SDK would send it, from this browser. */
function TestEvent({ host, token }: FirstEventProps) {
  const send = useMutation({
    mutationFn: async () => {
      const body = {
        api_key: token,
        event: 'test event',
        distinct_id: 'test-user',
        properties: { sent_from: 'the get started page', $lib: 'hedgerow-web' },
      }
      const answer = await fetch(`${host}/i/v0/e/`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      if (!answer.ok) throw new Error(`The server answered ${answer.status}.`)
    },
  })
  return (
    <div className="row row-wrap">
      <Button disabled={send.isPending} onClick={() => send.mutate()}>
        Send a test event
      </Button>
      {send.isSuccess && <span className="soft">Sent; it appears above within a second.</span>}
      {send.error && <Failure error={send.error} />}
    </div>
  )
}

function Causes({ host }: { host: string }) {
  return (
    <details className="soft">
      <summary>Nothing comes?</summary>
      <ul className="causes">
        <li>
          The program cannot reach <code>{host}</code>: try the curl line on the same machine.
        </li>
        <li>An ad blocker stops requests to other sites: use an address of your own site.</li>
        <li>
          The SDK still waits to fill a batch: call <code>flush</code> or <code>shutdown</code>.
        </li>
        <li>The key or the host is of another project: what is refused shows here by itself.</li>
      </ul>
    </details>
  )
}
