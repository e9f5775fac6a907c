/** Asks for recordings, and for one with all its events. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { RecordingEntry } from '../../api/answers'
import { api } from '../../api/client'
import { useProjectId } from '../../api/project'
import { literal, runSql } from '../../api/sql'
import { EVENT_COLUMNS, storedEvent } from '../../api/stored-events'
import type { RecordedEvent } from './recorded'

const PAGE = 50
const SESSION_EVENTS_MAX = 2000
const SESSIONS_OF_PERSON_MAX = 500

export interface RecordingFilter {
  date_from: string | undefined
  date_to: string | undefined
  person_uuid: string | undefined
  duration_min: number | undefined
}

export function useRecordings(filter: RecordingFilter) {
  const project = useProjectId()
  return useInfiniteQuery({
    queryKey: ['recordings', project, 'list', filter],
    queryFn: ({ signal, pageParam }) =>
      api.get('/api/projects/{project_id}/session_recordings', {
        path: { project_id: project },
        query: { ...filter, limit: PAGE, offset: pageParam },
        signal,
      }),
    initialPageParam: 0,
    getNextPageParam: (last, _, offset) => (last.has_next ? offset + PAGE : undefined),
    placeholderData: (before) => before,
  })
}

/** The sessions of a person that have a recording. */
export function useRecordedSessions(personId: string) {
  const project = useProjectId()
  return useQuery({
    queryKey: ['recordings', project, 'of', personId],
    queryFn: ({ signal }) =>
      api.get('/api/projects/{project_id}/session_recordings', {
        path: { project_id: project },
        query: { person_uuid: personId, limit: SESSIONS_OF_PERSON_MAX },
        signal,
      }),
    select: ({ results }) => new Map(results.map((entry) => [entry.id, entry])),
  })
}

export function useRecording(sessionId: string) {
  const project = useProjectId()
  return useQuery({
    queryKey: ['recordings', project, 'one', sessionId],
    queryFn: ({ signal }): Promise<RecordingEntry> =>
      api.get('/api/projects/{project_id}/session_recordings/{session_id}', {
        path: { project_id: project, session_id: sessionId },
        signal,
      }),
  })
}

/** All rrweb events of a recording, page by page. */
export function useRecordedEvents(sessionId: string) {
  const project = useProjectId()
  return useQuery({
    queryKey: ['recordings', project, 'events', sessionId],
    queryFn: async ({ signal }) => {
      const found: RecordedEvent[] = []
      let cursor: number | undefined
      do {
        const page = await api.get('/api/projects/{project_id}/session_recordings/{session_id}/snapshots', {
          path: { project_id: project, session_id: sessionId },
          query: { cursor },
          signal,
        })
        for (const event of page.snapshots) found.push(event)
        cursor = nextCursor(page.next)
      } while (cursor !== undefined)
      return found
    },
    staleTime: Infinity,
  })
}

function nextCursor(next: string | null): number | undefined {
  if (next === null) return undefined
  return Number(new URL(next, window.location.origin).searchParams.get('cursor'))
}

/** The events of a session, in the order of time. */
export function useSessionEvents(sessionId: string) {
  const project = useProjectId()
  return useQuery({
    queryKey: ['session-events', project, sessionId],
    queryFn: async ({ signal }) => {
      const where = `WHERE properties.$session_id = ${literal(sessionId)}`
      const sql = `SELECT ${EVENT_COLUMNS} FROM events ${where} ORDER BY timestamp, uuid LIMIT ${SESSION_EVENTS_MAX}`
      return (await runSql(project, sql, signal)).results.map(storedEvent)
    },
  })
}

export function useDeleteRecording() {
  const project = useProjectId()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (sessionId: string) =>
      api.delete('/api/projects/{project_id}/session_recordings/{session_id}', {
        path: { project_id: project, session_id: sessionId },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['recordings', project] }),
  })
}
