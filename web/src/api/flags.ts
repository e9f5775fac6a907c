/** Feature flags: as the API gives them, asked for and changed. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Page } from './answers'
import { api, ApiError } from './client'
import { useProjectId } from './project'

export interface FlagProperty {
  key: string
  /** person, group, cohort or flag. */
  type: string
  operator?: string
  value?: string | number | boolean | null | (string | number | boolean)[]
  group_type_index?: number
}

/** One set of conditions; fields of newer clients go along unseen. */
export interface Condition {
  properties?: FlagProperty[] | null
  /** Null is everyone who matches. */
  rollout_percentage?: number | null
  variant?: string | null
  aggregation_group_type_index?: number | null
  [newer: string]: unknown
}

export interface Variant {
  key: string
  name?: string | null
  rollout_percentage: number
}

export interface FlagFilters {
  groups?: Condition[] | null
  multivariate?: { variants?: Variant[] | null } | null
  payloads?: Record<string, unknown> | null
  aggregation_group_type_index?: number | null
  early_exit?: boolean | null
  [newer: string]: unknown
}

export type Runtime = 'all' | 'client' | 'server'

export interface Flag {
  id: number
  key: string
  /** What it is for. */
  name: string
  active: boolean
  deleted: boolean
  filters: FlagFilters
  tags: string[]
  ensure_experience_continuity: boolean
  evaluation_runtime: Runtime
  version: number
  created_at: string
  updated_at: string
}

export interface FlagChange {
  activity: string
  created_at: string
  detail: {
    version: number
    changes: { field: string; before: unknown; after: unknown }[]
  }
}

/** Flags that only say who is asked in a survey; the survey makes them. */
export const isOfSurvey = ({ key }: Flag): boolean => key.startsWith('survey-targeting-')

/** Fields that a request sets. */
export type FlagFields = Partial<Omit<Flag, 'id' | 'created_at' | 'updated_at'>>

const LIST_MAX = 1000
const CHANGES_MAX = 100
const CONFLICT = 409

export function useFlags(search = '') {
  const project = useProjectId()
  return useQuery({
    queryKey: ['flags', project, 'list', search],
    queryFn: async ({ signal }) => {
      const page = await api.get('/api/projects/{project_id}/feature_flags', {
        path: { project_id: project },
        query: { limit: LIST_MAX, search: search || undefined },
        signal,
      })
      return page as unknown as Page<Flag>
    },
    placeholderData: (before) => before,
  })
}

export function useFlag(id: string) {
  const project = useProjectId()
  return useQuery({
    queryKey: ['flags', project, 'one', id],
    queryFn: async ({ signal }) => {
      const one = await api.get('/api/projects/{project_id}/feature_flags/{flag_id}', {
        path: { project_id: project, flag_id: id },
        signal,
      })
      return one as unknown as Flag
    },
  })
}

export function useFlagChanges(id: number) {
  const project = useProjectId()
  return useQuery({
    queryKey: ['flags', project, 'changes', id],
    queryFn: async ({ signal }) => {
      const page = await api.get('/api/projects/{project_id}/feature_flags/{flag_id}/activity', {
        path: { project_id: project, flag_id: id },
        query: { limit: CHANGES_MAX },
        signal,
      })
      return page as unknown as Page<FlagChange>
    },
  })
}

/** Changes a flag, or makes one where the id is null. */
export function useChangeFlag() {
  const project = useProjectId()
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ id, ...body }: FlagFields & { id: number | null }) => {
      const changed =
        id === null
          ? await api.post('/api/projects/{project_id}/feature_flags', {
              path: { project_id: project },
              body,
            })
          : await api.patch('/api/projects/{project_id}/feature_flags/{flag_id}', {
              path: { project_id: project, flag_id: id },
              body,
            })
      return changed as unknown as Flag
    },
    onSuccess: (changed) => {
      client.setQueryData(['flags', project, 'one', String(changed.id)], changed)
      return client.invalidateQueries({ queryKey: ['flags', project] })
    },
    // Somebody else was faster: what they did is what there is now.
    onError: (error) =>
      error instanceof ApiError && error.status === CONFLICT
        ? client.invalidateQueries({ queryKey: ['flags', project] })
        : undefined,
  })
}
