import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/client'
import { useAddress, useProjectId } from '../../api/project'
import { wholeNumber } from '../../components/format'
import { Link } from '../../components/link'

const REFETCH_MS = 5000

/** Who has sent something in the last five minutes; opens the live feed. */
export function LiveVisitors() {
  const project = useProjectId()
  const at = useAddress()
  const live = useQuery({
    queryKey: ['live-state', project],
    queryFn: ({ signal }) => api.get('/api/projects/{project_id}/live/state', { path: { project_id: project }, signal }),
    refetchInterval: REFETCH_MS,
  })
  if (!live.data) return null
  const count = live.data.counters.people_last_5_minutes
  return (
    <Link to={at('activity')} className="button">
      <span className={count > 0 ? 'health-dot health-good' : 'health-dot'} aria-hidden="true" />
      <span className="number">{wholeNumber(count)}</span> in the last 5 minutes
    </Link>
  )
}
