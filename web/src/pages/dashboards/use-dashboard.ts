import { useMutation, useQuery } from '@tanstack/react-query'
import { api } from '../../api/client'
import { useProjectId } from '../../api/project'
import type { DateRange } from '../../insights/query'
import { isSql, type Question } from '../../insights/question'
import { withSqlDates } from '../../insights/sql-insight'
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
  layouts?: Tile['layouts']
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
    // One after another: of two quick changes the later one must be the last to arrive.
    scope: { id: 'dashboards' },
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

/** The dates of the dashboard go over those of the insight; a retention has its own. */
export function withDates(question: Question, { date_from, date_to }: DateRange): Question {
  if (!date_from) return question
  const dates = { date_from, date_to: date_to ?? null }
  if (isSql(question)) return withSqlDates(question, dates)
  return question.kind === 'RetentionQuery' ? question : { ...question, dateRange: dates }
}

/** The same dashboard once more, to be changed apart. Its insights are shared. */
export const copyOf = ({ name, description, filters, tiles }: Dashboard): DashboardChange => ({
  name: `${name} (copy)`.slice(0, NAME_CHARS_MAX),
  description,
  filters,
  tiles: tiles.map((tile) => ({ ...sentTile(tile), id: 0 })),
})

/** As the API has it. */
const NAME_CHARS_MAX = 400
