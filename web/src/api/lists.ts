/** The lists that several pages ask for. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { api } from './client'
import { useProjectId } from './project'

const DEFINITIONS_MAX = 1000

export function useEventDefinitions(search = '') {
  const project = useProjectId()
  return useQuery({
    queryKey: ['event_definitions', project, search],
    queryFn: ({ signal }) =>
      api.get('/api/projects/{project_id}/event_definitions', {
        path: { project_id: project },
        query: { limit: DEFINITIONS_MAX, search: search || undefined },
        signal,
      }),
    placeholderData: (before) => before,
  })
}

export function usePropertyDefinitions(type: string, search = '') {
  const project = useProjectId()
  return useQuery({
    queryKey: ['property_definitions', project, type, search],
    queryFn: ({ signal }) =>
      api.get('/api/projects/{project_id}/property_definitions', {
        path: { project_id: project },
        query: { limit: DEFINITIONS_MAX, type, search: search || undefined },
        signal,
      }),
    placeholderData: (before) => before,
  })
}

export function useGroupTypes() {
  const project = useProjectId()
  return useQuery({
    queryKey: ['groups_types', project],
    queryFn: ({ signal }) =>
      api.get('/api/projects/{project_id}/groups_types', {
        path: { project_id: project },
        signal,
      }),
  })
}

const PEOPLE_A_PAGE = 50

/** The people whose name or id holds `search`, the newest first, page by page. */
export function usePeople(search: string) {
  const project = useProjectId()
  return useInfiniteQuery({
    queryKey: ['persons', project, 'list', search],
    queryFn: ({ signal, pageParam }) =>
      api.get('/api/projects/{project_id}/persons', {
        path: { project_id: project },
        query: { limit: PEOPLE_A_PAGE, search: search || undefined, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => cursorOf(last.next),
    placeholderData: (before) => before,
  })
}

/** What follows is named by a whole address; its cursor is what is asked with. */
export function cursorOf(next: string | null): string | undefined {
  if (next === null) return undefined
  return new URL(next, window.location.origin).searchParams.get('cursor') ?? undefined
}
