import { useAddress } from '../../api/project'
import { useMay } from '../../api/session'
import { Link } from '../../components/link'
import { Icon } from '../../components/icon'
import { Page } from '../../components/page'
import { Answer, Empty } from '../../components/states'
import { Ago, Count } from '../../components/time'
import { useCohorts, type Cohort } from '../../insights/use-options'
import { PeopleTabs } from '../people/people-tabs'
import { useCohort } from './use-cohorts'

export default function CohortsPage() {
  const cohorts = useCohorts()
  const at = useAddress()
  const create = useMay('member') && (
    <Link to={at('cohorts/new')} className="button button-primary">
      <Icon name="plus" />
      New cohort
    </Link>
  )
  return (
    <Page title="People" actions={create}>
      <PeopleTabs current="cohorts" />
      <Answer query={cohorts}>
        {({ results }) =>
          results.length > 0 ? (
            <CohortTable cohorts={results} />
          ) : (
            <Empty icon="people" title="No cohorts yet" action={create}>
              A cohort is a set of people: by what they are and did, kept current, or a fixed list. Every
              insight can be filtered by it.
            </Empty>
          )
        }
      </Answer>
    </Page>
  )
}

function CohortTable({ cohorts }: { cohorts: Cohort[] }) {
  const at = useAddress()
  return (
    <div className="table-box">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Cohort</th>
            <th scope="col" className="wide-only">
              Kind
            </th>
            <th scope="col" className="right">
              People
            </th>
            <th scope="col" className="right wide-only">
              Made
            </th>
          </tr>
        </thead>
        <tbody>
          {cohorts.map((cohort) => (
            <tr key={cohort.id}>
              <td className="cut">
                <Link to={at(`cohorts/${cohort.id}`)} className="link-plain">
                  {cohort.name}
                </Link>
                {cohort.description !== '' && <div className="soft small cut">{cohort.description}</div>}
              </td>
              <td className="wide-only">
                <KindBadge cohort={cohort} />
              </td>
              <td className="right">
                <Size id={cohort.id} />
              </td>
              <td className="right soft wide-only">
                <Ago time={cohort.created_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

export function KindBadge({ cohort }: { cohort: Cohort }) {
  return cohort.is_static ? <span className="badge">List</span> : <span className="badge badge-good">By criteria</span>
}

function Size({ id }: { id: number }) {
  const cohort = useCohort(id)
  if (cohort.data?.count != null) return <Count value={cohort.data.count} />
  return <span className="soft">{cohort.isPending ? '…' : 'unknown'}</span>
}
