/** Properties that have a column of their own, or are worth one. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client'
import { useProjectId } from '../../api/project'

export interface Promoted {
  name: string
  scope: 'event' | 'person'
  type: string
  rows_filled: number
  rows: number
  done: boolean
  error: string | null
}

export interface Suggestion {
  name: string
  scope: 'event' | 'person'
  queries: number
  elapsed_ms: number
}

const KEY = 'promoted_properties'
/** While a column is being filled. */
const REFETCH_MS = 1000

export function usePromoted() {
  const project = useProjectId()
  return useQuery({
    queryKey: [KEY, project],
    queryFn: async ({ signal }) => {
      const found = await api.get('/api/projects/{project_id}/promoted_properties', { path: { project_id: project }, signal })
      return found as unknown as { results: Promoted[] }
    },
    refetchInterval: ({ state }) => (state.data?.results.some(({ done, error }) => !done && error === null) ? REFETCH_MS : false),
  })
}

export function useSuggestions() {
  const project = useProjectId()
  return useQuery({
    queryKey: [KEY, project, 'suggestions'],
    queryFn: async ({ signal }) => {
      const found = await api.get('/api/projects/{project_id}/promoted_properties/suggestions', { path: { project_id: project }, signal })
      return found as unknown as { results: Suggestion[] }
    },
  })
}

interface Change {
  do: 'promote' | 'demote'
  name: string
  scope: 'event' | 'person'
}

export function useChangePromotion() {
  const project = useProjectId()
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ do: what, name, scope }: Change) => {
      const path = { project_id: project }
      if (what === 'promote') await api.post('/api/projects/{project_id}/promoted_properties', { path, body: { name, scope } })
      else await api.delete('/api/projects/{project_id}/promoted_properties', { path, query: { name, scope } })
    },
    onSuccess: () => client.invalidateQueries({ queryKey: [KEY] }),
  })
}
