import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Properties } from '../../api/answers'
import { api } from '../../api/client'
import { useAddress, useProjectId } from '../../api/project'
import { Code } from '../../components/code'
import { fullTime } from '../../components/format'
import { Link } from '../../components/link'
import { Answer } from '../../components/states'
import { TabButtons } from '../../components/tabs'
import { PropertyRows, PropertyTable } from '../../components/values'
import type { EventItem } from './feed'

const TABS = [
  ['properties', 'Properties'],
  ['metadata', 'Metadata'],
  ['json', 'Raw JSON'],
] as const

type Tab = (typeof TABS)[number][0]

/** What an event's row opens. */
export function EventDetails({ item }: { item: EventItem }) {
  const [tab, setTab] = useState<Tab>('properties')
  const at = useAddress()
  return (
    <div className="stack event-details">
      <div className="row row-wrap event-details-head">
        <TabButtons label="Event" tabs={TABS} current={tab} onChange={setTab} />
        <span className="grow" />
        {item.personId !== null && (
          <Link to={at(`people/${item.personId}`)} className="button button-small">
            Open person
          </Link>
        )}
      </div>
      {item.properties === null ? (
        <LargeProperties item={item} tab={tab} />
      ) : (
        <Details item={item} properties={item.properties} tab={tab} />
      )}
    </div>
  )
}

function LargeProperties({ item, tab }: { item: EventItem; tab: Tab }) {
  const project = useProjectId()
  const query = useQuery({
    queryKey: ['event', project, item.uuid],
    queryFn: ({ signal }) =>
      api.get('/api/projects/{project_id}/events/{event_id}', {
        path: { project_id: project, event_id: item.uuid },
        signal,
      }),
  })
  return (
    <Answer query={query}>
      {({ properties }) => <Details item={item} properties={properties} tab={tab} />}
    </Answer>
  )
}

interface DetailsProps {
  item: EventItem
  properties: Properties
  tab: Tab
}

function Details({ item, properties, tab }: DetailsProps) {
  if (tab === 'properties') return <PropertyTable properties={properties} />
  if (tab === 'json') {
    const { uuid, event, distinctId: distinct_id, happened: timestamp } = item
    const whole = { uuid, event, distinct_id, timestamp, properties }
    return <Code text={JSON.stringify(whole, null, 2)} />
  }
  const metadata = {
    Event: item.event,
    'Distinct id': item.distinctId,
    Person: item.personId ?? 'without a person',
    Time: fullTime(new Date(item.happened)),
    Uuid: item.uuid,
    Library: `${valueOf(properties.$lib)} ${valueOf(properties.$lib_version)}`.trim() || 'unknown',
    Session: valueOf(properties.$session_id) || 'none',
    'IP address': valueOf(properties.$ip) || 'not stored',
  }
  return <PropertyRows properties={metadata} names={Object.keys(metadata)} />
}

const valueOf = (value: unknown): string => (typeof value === 'string' ? value : '')
