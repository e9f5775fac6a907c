/** Asks for and changes cohorts. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client'
import { cursorOf } from '../../api/lists'
import { useProjectId } from '../../api/project'
import type { Cohort } from '../../insights/use-options'

const MEMBERS_A_PAGE = 50
/** So many ids fit into one request, whatever their length is in practice. */
const IDS_A_REQUEST = 2000

export interface CountedCohort extends Cohort {
  /** Null where the criteria cannot be asked; `error` says why. */
  count: number | null
  error?: string
}

export function useCohort(id: string | number) {
  const project = useProjectId()
  return useQuery({
    queryKey: ['cohorts', project, 'one', String(id)],
    queryFn: async ({ signal }) =>
      (await api.get('/api/projects/{project_id}/cohorts/{resource_id}', {
        path: { project_id: project, resource_id: id },
        signal,
      })) as unknown as CountedCohort,
  })
}

export function useMembers(id: number) {
  const project = useProjectId()
  return useInfiniteQuery({
    queryKey: ['cohorts', project, 'members', id],
    queryFn: ({ signal, pageParam }) =>
      api.get('/api/projects/{project_id}/persons', {
        path: { project_id: project },
        query: { cohort: id, limit: MEMBERS_A_PAGE, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => cursorOf(last.next),
  })
}

/** The cohorts that a person is in. */
export function useCohortsOf(personId: string) {
  const project = useProjectId()
  return useQuery({
    queryKey: ['cohorts', project, 'of', personId],
    queryFn: ({ signal }) =>
      api.get('/api/projects/{project_id}/persons/cohorts', {
        path: { project_id: project },
        query: { person_id: personId },
        signal,
      }),
  })
}

export interface CohortChange {
  name?: string
  description?: string
  is_static?: boolean
  filters?: Record<string, unknown>
}

function useChanged() {
  const project = useProjectId()
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: ['cohorts', project] })
}

export function useMakeCohort() {
  const project = useProjectId()
  const onSuccess = useChanged()
  return useMutation({
    mutationFn: async ({ ids, ...cohort }: CohortChange & { ids: string[] }) => {
      const made = (await api.post('/api/projects/{project_id}/cohorts', {
        path: { project_id: project },
        body: cohort,
      })) as unknown as Cohort
      const added = await addIds(project, made.id, ids)
      return { cohort: made, added }
    },
    onSuccess,
  })
}

export function useChangeCohort(id: number) {
  const project = useProjectId()
  const onSuccess = useChanged()
  return useMutation({
    mutationFn: (body: CohortChange) =>
      api.patch('/api/projects/{project_id}/cohorts/{resource_id}', {
        path: { project_id: project, resource_id: id },
        body,
      }),
    onSuccess,
  })
}

export function useDeleteCohort(id: number) {
  const project = useProjectId()
  const onSuccess = useChanged()
  return useMutation({
    mutationFn: () =>
      api.delete('/api/projects/{project_id}/cohorts/{resource_id}', {
        path: { project_id: project, resource_id: id },
      }),
    onSuccess,
  })
}

/** Puts the persons of these ids on a static cohort's list; answers how many ids were known. */
export function useAddMembers(id: number) {
  const project = useProjectId()
  const onSuccess = useChanged()
  return useMutation({ mutationFn: (ids: string[]) => addIds(project, id, ids), onSuccess })
}

export function useRemoveMember(id: number) {
  const project = useProjectId()
  const onSuccess = useChanged()
  return useMutation({
    mutationFn: (personId: string) =>
      api.post('/api/projects/{project_id}/cohorts/{cohort_id}/remove_person_from_static_cohort', {
        path: { project_id: project, cohort_id: id },
        body: { person_id: personId },
      }),
    onSuccess,
  })
}

async function addIds(project: string, id: number, ids: string[]): Promise<number> {
  let added = 0
  for (let start = 0; start < ids.length; start += IDS_A_REQUEST) {
    const answer = (await api.post(
      '/api/projects/{project_id}/cohorts/{cohort_id}/add_persons_to_static_cohort',
      {
        path: { project_id: project, cohort_id: id },
        body: { distinct_ids: ids.slice(start, start + IDS_A_REQUEST) },
      },
    )) as unknown as { added: number }
    added += answer.added
  }
  return added
}
