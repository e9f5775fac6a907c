import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { api } from '../../api/client'
import { useAddress, useProjectId } from '../../api/project'
import { useMay } from '../../api/session'
import { Button } from '../../components/button'
import { Failure } from '../../components/states'

/** Loads the demo shop, then shows it. */
export function DemoButton({ quiet }: { quiet?: boolean }) {
  const project = useProjectId()
  const client = useQueryClient()
  const at = useAddress()
  const [, go] = useLocation()
  const may = useMay('member')
  const load = useMutation({
    mutationFn: () => api.post('/api/projects/{project_id}/demo', { path: { project_id: project } }),
    onSuccess: async () => {
      await client.invalidateQueries()
      go(at('activity'))
    },
  })
  if (!may) return null
  return (
    <>
      <Button
        kind={quiet ? 'quiet' : undefined}
        disabled={load.isPending}
        onClick={() => load.mutate()}
      >
        {load.isPending ? 'Loading …' : quiet ? 'Load it here anyway' : 'Load demo data'}
      </Button>
      {load.error && <Failure error={load.error} />}
    </>
  )
}
