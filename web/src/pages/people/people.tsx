import { useDeferredValue } from 'react'
import { useSearchParams } from 'wouter'
import type { Person } from '../../api/answers'
import { usePeople } from '../../api/lists'
import { useAddress } from '../../api/project'
import { Avatar } from '../../components/avatar'
import { Button } from '../../components/button'
import { Search } from '../../components/fields'
import { Link } from '../../components/link'
import { Page } from '../../components/page'
import { Empty, Failure, Skeleton } from '../../components/states'
import { Ago } from '../../components/time'
import { PeopleTabs } from './people-tabs'
import './people.css'

export default function PeoplePage() {
  const [parameters, setParameters] = useSearchParams()
  const search = parameters.get('search') ?? ''
  const people = usePeople(useDeferredValue(search))
  const found = people.data?.pages.flatMap(({ results }) => results) ?? []
  const setSearch = (text: string) =>
    setParameters(text === '' ? {} : { search: text }, { replace: true })
  return (
    <Page title="People">
      <PeopleTabs current="people" />
      <Search label="Search by name, e-mail address or id" value={search} onChange={setSearch} />
      {people.error && <Failure error={people.error} onRetry={() => void people.refetch()} />}
      {people.isPending && <Skeleton lines={8} />}
      {people.data && found.length === 0 && <NobodyFound search={search} onClear={setSearch} />}
      {found.length > 0 && <PeopleTable people={found} />}
      {people.hasNextPage && (
        <div>
          <Button disabled={people.isFetching} onClick={() => void people.fetchNextPage()}>
            {people.isFetching ? 'Loading …' : 'Show more'}
          </Button>
        </div>
      )}
    </Page>
  )
}

function PeopleTable({ people }: { people: Person[] }) {
  const at = useAddress()
  return (
    <div className="table-box">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Person</th>
            <th scope="col" className="wide-only">
              Distinct ids
            </th>
            <th scope="col" className="wide-only">
              Status
            </th>
            <th scope="col" className="right">
              First seen
            </th>
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <tr key={person.id}>
              <td>
                <Link to={at(`people/${person.id}`)} className="row link-plain">
                  <Avatar name={person.name} />
                  <span className="cut">{person.name}</span>
                </Link>
              </td>
              <td className="cut soft wide-only">
                {person.distinct_ids[0]}
                {person.distinct_ids.length > 1 && ` and ${person.distinct_ids.length - 1} more`}
              </td>
              <td className="wide-only">
                <IdentifiedBadge person={person} />
              </td>
              <td className="right soft">
                <Ago time={person.created_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

export function IdentifiedBadge({ person }: { person: Person }) {
  return person.is_identified ? (
    <span className="badge badge-good">Identified</span>
  ) : (
    <span className="badge">Anonymous</span>
  )
}

function NobodyFound({ search, onClear }: { search: string; onClear: (text: string) => void }) {
  const at = useAddress()
  if (search !== '') {
    return (
      <Empty
        icon="people"
        title={`Nobody matches “${search}”`}
        action={<Button onClick={() => onClear('')}>Clear the search</Button>}
      />
    )
  }
  return (
    <Empty
      icon="people"
      title="Nobody yet"
      action={
        <Link to={at('start')} className="button button-primary">
          Send an event
        </Link>
      }
    >
      Everybody who sends an event appears here, with all they did and what is known of them.
    </Empty>
  )
}
