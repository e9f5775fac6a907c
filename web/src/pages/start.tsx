import { useQuery } from '@tanstack/react-query'
import { Redirect } from 'wouter'
import { api } from '../api/client'
import { projectAddress } from '../api/project'
import { Failure } from '../components/states'

/** `/`: the live feed, or how to send the first event where none has come yet. */
export function StartPage() {
  const { data, error, refetch } = useQuery({
    queryKey: ['start'],
    queryFn: async () => {
      const project = await api.get('/api/projects/{project_id}', {
        path: { project_id: '@current' },
      })
      const events = await api.get('/api/projects/{project_id}/event_definitions', {
        path: { project_id: project.id },
        query: { limit: 1 },
      })
      return { project: project.id, hasEvents: events.results.length > 0 }
    },
    staleTime: 0,
  })
  if (error) {
    return (
      <div className="plain">
        <Failure error={error} onRetry={() => void refetch()} />
      </div>
    )
  }
  if (!data) return null
  return <Redirect to={projectAddress(data.project, data.hasEvents ? 'activity' : 'start')} replace />
}
