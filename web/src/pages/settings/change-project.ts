import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client'
import { useProjectId } from '../../api/project'

/** Changes a project's name or settings, by the names of the API. */
export function useChangeProject() {
  const project = useProjectId()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (changes: Record<string, unknown>) =>
      api.patch('/api/projects/{project_id}', { path: { project_id: project }, body: changes }),
    onSuccess: (changed) => {
      client.setQueryData(['project', project], changed)
      void client.invalidateQueries({ queryKey: ['projects'] })
    },
  })
}
