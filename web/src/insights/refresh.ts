/** Works out anew what a page shows, whatever the server keeps. */
import type { QueryClient } from '@tanstack/react-query'
import { api } from '../api/client'

/** The keys of questions whose answers say when they were computed. */
export const ANSWER_KEYS = ['insight', 'sql-insight', 'web'] as const

export interface Refreshable {
  last_refresh: string
}

/** The answer of any query node; `refresh` says whether a kept one will do. */
export function askQuery(project: string, query: unknown, refresh: 'blocking' | 'force_blocking', signal?: AbortSignal) {
  return api.post('/api/projects/{project_id}/query', {
    path: { project_id: project },
    body: { query, refresh },
    ...(signal ? { signal } : {}),
  })
}

/** Asks again everything that is in sight; the old answers stay until then. A failure leaves its old one. */
export async function refreshAnswers(client: QueryClient, project: string): Promise<void> {
  const shown = ANSWER_KEYS.flatMap((key) => client.getQueryCache().findAll({ queryKey: [key, project], type: 'active' }))
  await Promise.allSettled(
    shown.map(async ({ queryKey }) => {
      client.setQueryData(queryKey, await askQuery(project, queryKey[2], 'force_blocking'))
    }),
  )
}
