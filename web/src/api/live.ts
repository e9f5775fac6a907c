/** The live feed of a project, as server-sent events. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Properties } from './answers'
import { address, api } from './client'
import type { components } from './schema'

/** `properties` is null where they are too large to be sent unasked. */
export interface LiveEvent {
  uuid: string
  event: string
  distinct_id: string
  person_id: string
  person_name: string | null
  timestamp: string
  received_at: string
  properties: Properties | null
}

export type LiveProblem = components['schemas']['LiveProblem']
export type LiveCounters = components['schemas']['LiveCounters']

/** `events` are the newest of `events_count` that were stored together. OpenAPI has no words for
 * the messages of a stream, so this is kept by hand (`api/live_feed.py`). */
export interface LiveMessage {
  events: LiveEvent[]
  events_count: number
  problems: LiveProblem[]
}

export type Refusal = components['schemas']['RefusalView']

export interface LiveListener {
  onStored: (message: LiveMessage) => void
  onRefused?: (refusal: Refusal) => void
  onCounters?: (counters: LiveCounters) => void
}

/** Listens while the page is shown; the browser connects again by itself. False while it is not
 * connected. `listener` must stay the same between renders. */
export function useLive(project: string, listener: LiveListener): boolean {
  const [connected, setConnected] = useState(false)
  useEffect(() => {
    const path = address('/api/projects/{project_id}/live', { path: { project_id: project } })
    const source = new EventSource(path)
    const on = (name: string, take: (value: unknown) => void) =>
      source.addEventListener(name, (event: MessageEvent) => take(JSON.parse(event.data as string)))
    on('stored', (message) => listener.onStored(message as LiveMessage))
    on('refused', (refusal) => listener.onRefused?.(refusal as Refusal))
    on('counters', (counters) => listener.onCounters?.(counters as LiveCounters))
    source.onopen = () => setConnected(true)
    source.onerror = () => setConnected(false)
    return () => source.close()
  }, [project, listener])
  return connected
}

/** What the feed would have told so far. Asked again at each connection: what came before it, the
 * stream does not tell. */
export function useLiveState(project: string, connected: boolean) {
  return useQuery({
    queryKey: ['live', project, connected],
    queryFn: ({ signal }) =>
      api.get('/api/projects/{project_id}/live/state', { path: { project_id: project }, signal }),
    staleTime: 0,
  })
}
