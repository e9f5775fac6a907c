import { useQuery } from '@tanstack/react-query'
import { Redirect } from 'wouter'
import { api } from '../api/client'
import { projectAddress } from '../api/project'
import { Failure } from '../components/states'

/** So few events are somebody's first tries: they want to see them arrive. */
const FIRST_TRIES_MAX = 20

/** Where one begins: how to send the first event, to see it arrive, and from then on Home. */
function firstPage(eventsCount: number): string {
  if (eventsCount === 0) return 'start'
  return eventsCount <= FIRST_TRIES_MAX ? 'activity' : 'home'
}

/** `/`: the page that suits how far the project is. */
export function StartPage() {
  const { data, error, refetch } = useQuery({
    queryKey: ['start'],
    queryFn: async () => {
      const project = await api.get('/api/projects/{project_id}', {
        path: { project_id: '@current' },
      })
      const { results } = await api.get('/api/projects/{project_id}/events', {
        path: { project_id: project.id },
        query: { limit: FIRST_TRIES_MAX + 1 },
      })
      return { project: project.id, page: firstPage(results.length) }
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
  return <Redirect to={projectAddress(data.project, data.page)} replace />
}
