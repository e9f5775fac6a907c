/** The project that the address names. */
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'wouter'
import { api } from './client'

/** Its id as the address has it. Only within a page of a project. */
export function useProjectId(): string {
  const { project } = useParams<{ project: string }>()
  return project
}

export function useProjects() {
  return useQuery({
    queryKey: ['projects'],
    queryFn: ({ signal }) => api.get('/api/projects', { signal }),
    staleTime: 60_000,
  })
}

export function useProject() {
  const id = useProjectId()
  return useQuery({
    queryKey: ['project', id],
    queryFn: ({ signal }) =>
      api.get('/api/projects/{project_id}', { path: { project_id: id }, signal }),
    staleTime: 60_000,
  })
}

/** The address of a page of this project: `at('people')`. */
export function useAddress(): (path: string) => string {
  const id = useProjectId()
  return (path) => projectAddress(id, path)
}

export const projectAddress = (project: string | number, path: string): string =>
  `/project/${project}/${path}`
