import { useState } from 'react'
import { useLocation } from 'wouter'
import { useAddress } from '../../api/project'
import { useMay } from '../../api/session'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { TextField } from '../../components/fields'
import { Link } from '../../components/link'
import { Page } from '../../components/page'
import { Answer, Empty, Failure } from '../../components/states'
import { Ago } from '../../components/time'
import { useDashboards, type Dashboard } from '../../insights/saved'
import { useChangeDashboard } from './use-dashboard'

export default function DashboardsPage() {
  const mayMake = useMay('member')
  const dashboards = useDashboards()
  const [making, setMaking] = useState(false)
  const create = mayMake && (
    <Button kind="primary" icon="plus" onClick={() => setMaking(true)}>
      New dashboard
    </Button>
  )
  return (
    <Page title="Dashboards" intro="Insights side by side, over the same dates." actions={create}>
      <Answer query={dashboards}>
        {({ results }) =>
          results.length > 0 ? (
            <DashboardTable dashboards={results} />
          ) : (
            <Empty icon="dashboard" title="No dashboards yet" action={create}>
              Put the insights that you look at every day onto one page. The pinned one is your home.
            </Empty>
          )
        }
      </Answer>
      {making && <NewDashboard onClose={() => setMaking(false)} />}
    </Page>
  )
}

function DashboardTable({ dashboards }: { dashboards: Dashboard[] }) {
  const at = useAddress()
  return (
    <div className="table-box">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" className="right">Tiles</th>
            <th scope="col" className="right">Changed</th>
          </tr>
        </thead>
        <tbody>
          {dashboards.map((dashboard) => (
            <tr key={dashboard.id}>
              <td className="cut">
                <Link to={at(`dashboards/${dashboard.short_id}`)} className="link-plain">
                  {dashboard.name}
                </Link>{' '}
                {dashboard.pinned && <span className="badge badge-good">Home</span>}
              </td>
              <td className="right soft">{dashboard.tiles.length}</td>
              <td className="right soft">
                <Ago time={dashboard.updated_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function NewDashboard({ onClose }: { onClose: () => void }) {
  const at = useAddress()
  const [, goTo] = useLocation()
  const [name, setName] = useState('')
  const change = useChangeDashboard()
  const make = () =>
    change.mutate(
      { id: null, name: name.trim() },
      { onSuccess: (made) => goTo(at(`dashboards/${made.short_id}`)) },
    )
  return (
    <Dialog
      title="New dashboard"
      onClose={onClose}
      actions={
        <Button kind="primary" disabled={name.trim() === '' || change.isPending} onClick={make}>
          Make it
        </Button>
      }
    >
      <TextField label="Name" value={name} maxLength={400} onChange={(event) => setName(event.target.value)} />
      {change.error && <Failure error={change.error} />}
    </Dialog>
  )
}
