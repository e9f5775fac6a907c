/** Insights and dashboards that people keep. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/client'
import { useProjectId } from '../api/project'
import type { DateRange } from './query'

export interface SavedInsight {
  id: number
  short_id: string
  name: string | null
  description: string
  query: unknown
  dashboards: number[]
  updated_at: string
  created_at: string
}

export interface Tile {
  id: number
  insight: SavedInsight | null
  text: { body: string } | null
  /** The page's own: `tile-layout.ts`. `wide` is of an older page. */
  layouts: { width?: number; height?: number; wide?: boolean }
  color: string | null
}

export interface Dashboard {
  id: number
  short_id: string
  name: string
  description: string
  pinned: boolean
  filters: DateRange
  tiles: Tile[]
  updated_at: string
}

const LIST_MAX = 500

export function useSavedInsights(search = '') {
  const project = useProjectId()
  return useQuery({
    queryKey: ['insights', project, 'list', search],
    queryFn: async ({ signal }) => {
      const page = await api.get('/api/projects/{project_id}/insights', {
        path: { project_id: project },
        query: { limit: LIST_MAX, search: search || undefined },
        signal,
      })
      return page as unknown as { count: number; results: SavedInsight[] }
    },
    placeholderData: (before) => before,
  })
}

export function useSavedInsight(shortId: string) {
  const project = useProjectId()
  return useQuery({
    queryKey: ['insights', project, 'one', shortId],
    queryFn: async ({ signal }) => {
      const one = await api.get('/api/projects/{project_id}/insights/{resource_id}', {
        path: { project_id: project, resource_id: shortId },
        signal,
      })
      return one as unknown as SavedInsight
    },
  })
}

export function useDashboards() {
  const project = useProjectId()
  return useQuery({
    queryKey: ['dashboards', project, 'list'],
    queryFn: async ({ signal }) => {
      const page = await api.get('/api/projects/{project_id}/dashboards', {
        path: { project_id: project },
        query: { limit: LIST_MAX },
        signal,
      })
      return page as unknown as { results: Dashboard[] }
    },
  })
}

export interface InsightChange {
  name?: string
  query?: unknown
  dashboards?: number[]
}

/** Makes an insight, or changes the one with the id. */
export function useSaveInsight() {
  const project = useProjectId()
  const forget = useForgetKept()
  return useMutation({
    mutationFn: async ({ id, ...body }: InsightChange & { id: string | null }) => {
      const { dashboards, ...rest } = body
      const made = (
        id === null
          ? await api.post('/api/projects/{project_id}/insights', { path: { project_id: project }, body: rest })
          : await api.patch('/api/projects/{project_id}/insights/{resource_id}', {
              path: { project_id: project, resource_id: id },
              body,
            })
      ) as unknown as SavedInsight
      if (id !== null || !dashboards?.length) return made
      await api.patch('/api/projects/{project_id}/insights/{resource_id}', {
        path: { project_id: project, resource_id: made.short_id },
        body: { dashboards },
      })
      return made
    },
    onSuccess: forget,
  })
}

export function useDeleteInsight() {
  const project = useProjectId()
  const forget = useForgetKept()
  return useMutation({
    mutationFn: (id: string) =>
      api.delete('/api/projects/{project_id}/insights/{resource_id}', {
        path: { project_id: project, resource_id: id },
      }),
    onSuccess: forget,
  })
}

/** What was kept has changed: lists and dashboards are asked again. */
export function useForgetKept() {
  const client = useQueryClient()
  return async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: ['insights'] }),
      client.invalidateQueries({ queryKey: ['dashboards'] }),
    ])
  }
}
