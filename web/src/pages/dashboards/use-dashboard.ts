import { useMutation, useQuery } from '@tanstack/react-query'
import { api } from '../../api/client'
import { useProjectId } from '../../api/project'
import type { DateRange, InsightQuery } from '../../insights/query'
import { useForgetKept, type Dashboard, type Tile } from '../../insights/saved'

export function useDashboard(id: string) {
  const project = useProjectId()
  return useQuery({
    queryKey: ['dashboards', project, 'one', id],
    queryFn: async ({ signal }) => {
      const one = await api.get('/api/projects/{project_id}/dashboards/{resource_id}', {
        path: { project_id: project, resource_id: id },
        signal,
      })
      return one as unknown as Dashboard
    },
  })
}

interface SentTile {
  id: number
  insight?: number
  text?: { body: string }
  layouts?: { wide?: boolean }
}

export interface DashboardChange {
  name?: string
  description?: string
  pinned?: boolean
  filters?: DateRange
  tiles?: SentTile[]
}

/** Changes a dashboard, or makes one where the id is null. */
export function useChangeDashboard() {
  const project = useProjectId()
  const forget = useForgetKept()
  return useMutation({
    mutationFn: async ({ id, ...body }: DashboardChange & { id: string | null }) => {
      const changed =
        id === null
          ? await api.post('/api/projects/{project_id}/dashboards', { path: { project_id: project }, body })
          : await api.patch('/api/projects/{project_id}/dashboards/{resource_id}', {
              path: { project_id: project, resource_id: id },
              body,
            })
      return changed as unknown as Dashboard
    },
    onSuccess: forget,
  })
}

export function useDeleteDashboard() {
  const project = useProjectId()
  const forget = useForgetKept()
  return useMutation({
    mutationFn: (id: string) =>
      api.delete('/api/projects/{project_id}/dashboards/{resource_id}', {
        path: { project_id: project, resource_id: id },
      }),
    onSuccess: forget,
  })
}

/** Tiles as the API takes them: an insight by its id. */
export function sentTile({ id, insight, text, layouts }: Tile): SentTile {
  return { id, layouts, ...(insight ? { insight: insight.id } : {}), ...(text ? { text } : {}) }
}

export function movedTile(tiles: readonly Tile[], index: number, step: -1 | 1): Tile[] {
  const next = [...tiles]
  const [tile] = next.splice(index, 1)
  if (tile) next.splice(Math.max(0, index + step), 0, tile)
  return next
}

/** The dates of the dashboard go over those of the insight; a retention has its own. */
export function withDates(query: InsightQuery, filters: DateRange): InsightQuery {
  if (!filters.date_from || query.kind === 'RetentionQuery') return query
  return { ...query, dateRange: { date_from: filters.date_from, date_to: filters.date_to ?? null } }
}
