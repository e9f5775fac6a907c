/** Asks for and changes annotations: remarks at a moment, on every chart over time. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/client'
import { useProject, useProjectId } from '../api/project'
import { wallTime } from './wall-time'

export interface Annotation {
  id: number
  content: string
  /** ISO, UTC. */
  date_marker: string
  scope: string
  created_at: string
}

const ANNOTATIONS_MAX = 1000

export function useAnnotations() {
  const project = useProjectId()
  return useQuery({
    queryKey: ['annotations', project],
    queryFn: async ({ signal }) => {
      const page = await api.get('/api/projects/{project_id}/annotations', {
        path: { project_id: project },
        query: { limit: ANNOTATIONS_MAX },
        signal,
      })
      return (page as unknown as { results: Annotation[] }).results
    },
    staleTime: 60_000,
  })
}

/** The zone whose days charts show. */
export const useProjectZone = (): string => useProject().data?.timezone ?? 'UTC'

export interface Remark {
  day: string
  text: string
  annotation: Annotation
}

/** Those of every chart, by the project's clock; the earliest first. */
export function useRemarks(): Remark[] {
  const zone = useProjectZone()
  const found = useAnnotations().data ?? []
  return found
    .filter(({ scope }) => scope === 'project' || scope === 'organization')
    .map((annotation) => ({
      day: wallTime(new Date(annotation.date_marker), zone),
      text: annotation.content,
      annotation,
    }))
    .sort((one, two) => one.day.localeCompare(two.day))
}

export interface AnnotationDraft {
  content: string
  date_marker: string
}

function useChanged() {
  const project = useProjectId()
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: ['annotations', project] })
}

/** Makes one, or changes the one with this id. */
export function useSaveAnnotation(id: number | null) {
  const project = useProjectId()
  const onSuccess = useChanged()
  return useMutation({
    mutationFn: (body: AnnotationDraft) =>
      id === null
        ? api.post('/api/projects/{project_id}/annotations', { path: { project_id: project }, body })
        : api.patch('/api/projects/{project_id}/annotations/{resource_id}', {
            path: { project_id: project, resource_id: id },
            body,
          }),
    onSuccess,
  })
}

export function useDeleteAnnotation() {
  const project = useProjectId()
  const onSuccess = useChanged()
  return useMutation({
    mutationFn: (id: number) =>
      api.delete('/api/projects/{project_id}/annotations/{resource_id}', {
        path: { project_id: project, resource_id: id },
      }),
    onSuccess,
  })
}
