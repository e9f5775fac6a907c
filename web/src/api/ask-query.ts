import { api } from './client'
import type { AnswerOf } from './client'

/** Asks a query. Who aborts also ends it on the server, where it would go on otherwise. */
export async function askQuery(
  project: string,
  body: Record<string, unknown>,
  signal?: AbortSignal,
): Promise<AnswerOf<'/api/projects/{project_id}/query', 'post'>> {
  const id = newId()
  const cancel = () => {
    // Nobody waits for this, and an answer may have come meanwhile: then there is nothing to end.
    api
      .delete('/api/projects/{project_id}/query/{query_id}', { path: { project_id: project, query_id: id } })
      .catch(() => undefined)
  }
  signal?.addEventListener('abort', cancel)
  try {
    return await api.post('/api/projects/{project_id}/query', {
      path: { project_id: project },
      body: { ...body, client_query_id: id },
      ...(signal ? { signal } : {}),
    })
  } finally {
    signal?.removeEventListener('abort', cancel)
  }
}

/** `randomUUID` is only there over HTTPS. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
