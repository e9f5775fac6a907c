import { api } from './client'
import type { AnswerOf } from './client'

/** Asks a query. Who aborts closes the connection, which ends it on the server too. */
export function askQuery(
  project: string,
  body: Record<string, unknown>,
  signal?: AbortSignal,
): Promise<AnswerOf<'/api/projects/{project_id}/query', 'post'>> {
  return api.post('/api/projects/{project_id}/query', {
    path: { project_id: project },
    body,
    ...(signal ? { signal } : {}),
  })
}
