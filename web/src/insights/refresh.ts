/** Works out anew what a page shows, whatever the server keeps. */
import type { QueryClient } from '@tanstack/react-query'
import { askQuery } from '../api/ask-query'

/** The keys of questions whose answers say when they were computed. */
export const ANSWER_KEYS = ['insight', 'sql-insight', 'web'] as const

/** Whether a kept answer will do. */
export type Refresh = 'blocking' | 'force_blocking'

export interface Refreshable {
  last_refresh: string
}

/** Asks again everything that is in sight; the old answers stay until then. A failure leaves its old one. */
export async function refreshAnswers(client: QueryClient, project: string): Promise<void> {
  const shown = ANSWER_KEYS.flatMap((key) => client.getQueryCache().findAll({ queryKey: [key, project], type: 'active' }))
  await Promise.allSettled(
    shown.map(async ({ queryKey }) => {
      client.setQueryData(queryKey, await askQuery(project, { query: queryKey[2], refresh: 'force_blocking' satisfies Refresh }))
    }),
  )
}
