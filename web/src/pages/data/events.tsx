import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import type { EventDefinition } from '../../api/answers'
import { useEventDefinitions } from '../../api/lists'
import { useAddress, useProjectId } from '../../api/project'
import { useMay } from '../../api/session'
import { runSql } from '../../api/sql'
import { Button } from '../../components/button'
import { EventName } from '../../components/event-name'
import { Search } from '../../components/fields'
import { Link } from '../../components/link'
import { Page } from '../../components/page'
import { Answer, Empty } from '../../components/states'
import { Ago, Count } from '../../components/time'
import { DataTabs } from './data-tabs'
import { DescribeDialog } from './describe-dialog'
import '../activity/activity.css'
import '../people/people.css'

export default function EventsPage() {
  const [search, setSearch] = useState('')
  const definitions = useEventDefinitions(useDeferredValue(search))
  return (
    <Page title="Data">
      <DataTabs current="data/events" />
      <Search label="Search events" value={search} onChange={setSearch} />
      <Answer query={definitions}>
        {({ results }) =>
          results.length > 0 ? <EventTable events={results} /> : <NoEvents search={search} />
        }
      </Answer>
    </Page>
  )
}

/** How often each event came in the last 30 days. */
function useVolumes(): Map<string, number> {
  const project = useProjectId()
  const { data } = useQuery({
    queryKey: ['event-volumes', project],
    queryFn: async ({ signal }) => {
      const sql =
        'SELECT event, count() FROM events WHERE timestamp >= now() - INTERVAL 30 DAY GROUP BY event'
      const { results } = await runSql(project, sql, signal)
      return new Map(results.map(([event, count]) => [String(event), Number(count)]))
    },
    staleTime: 60_000,
  })
  return data ?? new Map<string, number>()
}

function EventTable({ events }: { events: EventDefinition[] }) {
  const at = useAddress()
  const volumes = useVolumes()
  const may = useMay('member')
  const [described, setDescribed] = useState<EventDefinition | null>(null)
  return (
    <div className="table-box">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Event</th>
            <th scope="col" className="wide-only">
              Description
            </th>
            <th scope="col" className="right">
              30 days
            </th>
            <th scope="col" className="right">
              Last seen
            </th>
            {may && (
              <th scope="col" className="wide-only">
                <span className="visually-hidden">Describe</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={event.id}>
              <td className="cut">
                <Link
                  to={`${at('activity')}?event=${encodeURIComponent(event.name)}`}
                  className="row link-plain"
                >
                  <EventName name={event.name} />
                  {event.verified && <span className="badge badge-good">Verified</span>}
                  {event.hidden && <span className="badge">Hidden</span>}
                </Link>
              </td>
              <td className="soft wide-only">{event.description}</td>
              <td className="right">
                <Count value={volumes.get(event.name) ?? 0} />
              </td>
              <td className="right soft">
                <Ago time={event.last_seen_at} />
              </td>
              {may && (
                <td className="right wide-only">
                  <Button small kind="quiet" onClick={() => setDescribed(event)}>
                    Describe
                  </Button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {described && (
        <DescribeDialog kind="event" definition={described} onClose={() => setDescribed(null)} />
      )}
    </div>
  )
}

function NoEvents({ search }: { search: string }) {
  const at = useAddress()
  return (
    <Empty
      icon="data"
      title={search === '' ? 'No events yet' : `No event matches “${search}”`}
      action={
        <Link to={at('start')} className="button">
          Send an event
        </Link>
      }
    >
      Every name that an event comes with is listed here by itself.
    </Empty>
  )
}
