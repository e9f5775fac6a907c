import { useQuery } from '@tanstack/react-query'
import { useParams, useSearchParams } from 'wouter'
import type { Person } from '../../api/answers'
import { api } from '../../api/client'
import { useAddress, useProjectId } from '../../api/project'
import { ofPerson, runSql } from '../../api/sql'
import { Avatar } from '../../components/avatar'
import { wholeNumber } from '../../components/format'
import { Link } from '../../components/link'
import { Figure, Figures, Page } from '../../components/page'
import { Answer } from '../../components/states'
import { TabButtons } from '../../components/tabs'
import { Ago } from '../../components/time'
import { PropertyTable } from '../../components/values'
import { IdentifiedBadge } from './people'
import { PersonActions } from './person-actions'
import { PersonCohorts } from './person-cohorts'
import { PersonIds } from './person-ids'
import { PersonTimeline } from './person-timeline'
import './people.css'

const TABS = [
  ['timeline', 'Timeline'],
  ['properties', 'Properties'],
  ['ids', 'Distinct ids'],
  ['cohorts', 'Cohorts'],
] as const

type Tab = (typeof TABS)[number][0]

export default function PersonPage() {
  const { personId } = useParams<{ personId: string }>()
  const project = useProjectId()
  const person = useQuery({
    queryKey: ['persons', project, 'one', personId],
    queryFn: ({ signal }) =>
      api.get('/api/projects/{project_id}/persons/{person_id}', {
        path: { project_id: project, person_id: personId },
        signal,
      }),
  })
  const at = useAddress()
  return (
    <Page
      title={person.data?.name ?? 'Person'}
      actions={
        <>
          <Link to={at('people')} className="button">
            All people
          </Link>
          {person.data && <PersonActions key={person.data.id} person={person.data} />}
        </>
      }
    >
      <Answer query={person}>{(data) => <PersonDetails key={data.id} person={data} />}</Answer>
    </Page>
  )
}

function PersonDetails({ person }: { person: Person }) {
  const [parameters, setParameters] = useSearchParams()
  const sent = parameters.get('tab')
  const tab: Tab = TABS.find(([id]) => id === sent)?.[0] ?? 'timeline'
  return (
    <div className="stack">
      <PersonHead person={person} />
      <TabButtons
        label="About this person"
        tabs={TABS}
        current={tab}
        onChange={(id) => setParameters({ tab: id }, { replace: true })}
      />
      {tab === 'timeline' && <PersonTimeline person={person} />}
      {tab === 'properties' && (
        <div className="card card-padded">
          <PropertyTable properties={person.properties} />
        </div>
      )}
      {tab === 'ids' && <PersonIds person={person} />}
      {tab === 'cohorts' && <PersonCohorts person={person} />}
    </div>
  )
}

/** What the events say of the person as a whole. */
function useSummary(person: Person) {
  const project = useProjectId()
  return useQuery({
    queryKey: ['person-summary', project, person.id],
    queryFn: async ({ signal }) => {
      const sql = `SELECT count(), min(timestamp), max(timestamp), uniqExact(properties.$session_id), argMax(properties.$geoip_city_name, timestamp), argMax(properties.$geoip_country_name, timestamp) FROM events WHERE ${ofPerson(person.id)}`
      return (await runSql(project, sql, signal)).results[0] ?? []
    },
  })
}

function PersonHead({ person }: { person: Person }) {
  const summary = useSummary(person).data ?? []
  const [events, first, last, sessions, ...place] = summary
  const where = place.filter((part) => typeof part === 'string' && part !== '').join(', ')
  const seen = (time: unknown) =>
    typeof time === 'string' && events !== 0 ? <Ago time={time} /> : '…'
  return (
    <div className="stack">
      <div className="row row-wrap person-head">
        <Avatar name={person.name} large />
        <div className="grow">
          <div className="row row-wrap">
            <IdentifiedBadge person={person} />
            {where !== '' && <span className="soft">{where}</span>}
          </div>
          <div className="soft small cut">{person.distinct_ids[0]}</div>
        </div>
      </div>
      <Figures>
        <Figure name="Events">{typeof events === 'number' ? wholeNumber(events) : '…'}</Figure>
        <Figure name="Sessions">{typeof sessions === 'number' ? wholeNumber(sessions) : '…'}</Figure>
        <Figure name="First seen" text>
          {seen(first)}
        </Figure>
        <Figure name="Last seen" text>
          {seen(last)}
        </Figure>
      </Figures>
    </div>
  )
}
