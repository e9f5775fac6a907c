import type { Person } from '../../api/answers'
import { useAddress } from '../../api/project'
import { Link } from '../../components/link'
import { Answer, Empty } from '../../components/states'
import { useCohortsOf } from '../cohorts/use-cohorts'

/** The cohorts that the person is in now. */
export function PersonCohorts({ person }: { person: Person }) {
  const cohorts = useCohortsOf(person.id)
  const at = useAddress()
  return (
    <Answer query={cohorts} skeletonLines={3}>
      {({ results }) =>
        results.length > 0 ? (
          <ul className="card merges">
            {results.map(({ id, name }) => (
              <li key={id}>
                <Link to={at(`cohorts/${id}`)} className="link-plain cut">
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        ) : (
          <Empty
            icon="people"
            title="In no cohort"
            action={
              <Link to={at('cohorts')} className="button">
                Cohorts
              </Link>
            }
          />
        )
      }
    </Answer>
  )
}
