import { useState } from 'react'
import { useSearchParams } from 'wouter'
import type { RecordingEntry } from '../../api/answers'
import { usePeople } from '../../api/lists'
import { useAddress, useProject } from '../../api/project'
import { useMay } from '../../api/session'
import { Avatar } from '../../components/avatar'
import { Button } from '../../components/button'
import { Select } from '../../components/fields'
import { shortSize } from '../../components/format'
import { Icon } from '../../components/icon'
import { ExternalLink, Link } from '../../components/link'
import { Page } from '../../components/page'
import { Picker } from '../../components/picker'
import { Empty, Failure, Skeleton } from '../../components/states'
import { Ago, Count } from '../../components/time'
import { DatePicker } from '../../insights/date-picker'
import { placeOf } from '../activity/feed'
import { useChangeProject } from '../settings/change-project'
import { clockOf } from './moments'
import { nameOf } from './recording'
import { useRecordings } from './use-recordings'
import '../../insights/insights.css'
import './replay.css'

const LENGTHS = [
  ['', 'Any length'],
  ['5', 'Over 5 s'],
  ['30', 'Over 30 s'],
  ['60', 'Over 1 min'],
  ['300', 'Over 5 min'],
  ['1800', 'Over 30 min'],
] as const

interface Wanted {
  from: string
  to: string
  person: string
  length: string
}

const ALL: Wanted = { from: 'all', to: '', person: '', length: '' }

export default function RecordingsPage() {
  const [wanted, setWanted] = useWanted()
  const seconds = Number(wanted.length)
  const recordings = useRecordings({
    date_from: wanted.from === 'all' ? undefined : wanted.from,
    date_to: wanted.to || undefined,
    person_uuid: wanted.person || undefined,
    duration_min: seconds > 0 ? seconds : undefined,
  })
  const found = recordings.data?.pages.flatMap(({ results }) => results) ?? []
  const isAll = JSON.stringify(wanted) === JSON.stringify(ALL)
  const isBare = isAll && recordings.data !== undefined && found.length === 0
  return (
    <Page title="Session replay">
      {found.length > 0 && <SwitchedOffNotice />}
      {!isBare && <Filters wanted={wanted} onChange={setWanted} />}
      {recordings.error && <Failure error={recordings.error} onRetry={() => void recordings.refetch()} />}
      {recordings.isPending && <Skeleton lines={8} />}
      {isBare && <NoneYet />}
      {!isAll && recordings.data && found.length === 0 && (
        <Empty
          icon="replay"
          title="No recording matches"
          action={<Button onClick={() => setWanted(ALL)}>Clear the filters</Button>}
        />
      )}
      {found.length > 0 && (
        <div className={recordings.isPlaceholderData ? 'refreshing' : undefined}>
          <RecordingTable recordings={found} />
        </div>
      )}
      {recordings.hasNextPage && (
        <div>
          <Button disabled={recordings.isFetching} onClick={() => void recordings.fetchNextPage()}>
            {recordings.isFetching ? 'Loading …' : 'Show more'}
          </Button>
        </div>
      )}
    </Page>
  )
}

/** The filters are part of the address, so that a link shows the same. */
function useWanted(): [Wanted, (wanted: Wanted) => void] {
  const [parameters, setParameters] = useSearchParams()
  const names = Object.keys(ALL) as (keyof Wanted)[]
  const wanted = { ...ALL }
  for (const name of names) wanted[name] = parameters.get(name) ?? ALL[name]
  const change = (next: Wanted) => {
    const changed = names.filter((name) => next[name] !== ALL[name])
    setParameters(Object.fromEntries(changed.map((name) => [name, next[name]])), { replace: true })
  }
  return [wanted, change]
}

function Filters({ wanted, onChange }: { wanted: Wanted; onChange: (wanted: Wanted) => void }) {
  return (
    <div className="row row-wrap">
      <DatePicker
        range={{ date_from: wanted.from, date_to: wanted.to || null }}
        onChange={({ date_from, date_to }) => onChange({ ...wanted, from: date_from ?? 'all', to: date_to ?? '' })}
      />
      <PersonPicker person={wanted.person} onChange={(person) => onChange({ ...wanted, person })} />
      <Select
        label="Length"
        hideLabel
        value={wanted.length}
        options={LENGTHS}
        onChange={(length) => onChange({ ...wanted, length })}
      />
    </div>
  )
}

function PersonPicker({ person, onChange }: { person: string; onChange: (person: string) => void }) {
  const [search, setSearch] = useState('')
  const people = usePeople(search).data?.pages[0]?.results ?? []
  const [name, setName] = useState<string | null>(null)
  const shown = name ?? people.find(({ id }) => id === person)?.name ?? 'One person'
  const choose = (id: string) => {
    setName(people.find((one) => one.id === id)?.name ?? null)
    onChange(id)
  }
  return (
    <Picker
      label={person === '' ? 'Person: everybody' : `Person: ${shown}`}
      button={
        <>
          <Icon name="people" />
          <span className="cut">{person === '' ? 'Everybody' : shown}</span>
          <Icon name="chevron" />
        </>
      }
      options={[
        ...(search === '' ? [{ id: '', name: 'Everybody' }] : []),
        ...people.map(({ id, name: text }) => ({ id, name: text })),
      ]}
      chosen={[person]}
      onChoose={choose}
      onSearch={setSearch}
    />
  )
}

function RecordingTable({ recordings }: { recordings: RecordingEntry[] }) {
  return (
    <div className="table-box">
      <table className="table recordings">
        <thead>
          <tr>
            <th scope="col">Person</th>
            <th scope="col" className="right">
              Length
            </th>
            <th scope="col" className="right wide-only">
              Clicks
            </th>
            <th scope="col" className="right wide-only">
              Keys
            </th>
            <th scope="col" className="right wide-only">
              Errors
            </th>
            <th scope="col" className="wide-only">
              First page
            </th>
            <th scope="col" className="right wide-only">
              Size
            </th>
            <th scope="col" className="right">
              Started
            </th>
          </tr>
        </thead>
        <tbody>
          {recordings.map((entry) => (
            <RecordingRow key={entry.id} entry={entry} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function RecordingRow({ entry }: { entry: RecordingEntry }) {
  const at = useAddress()
  const place = placeOf({ $current_url: entry.start_url })
  return (
    <tr>
      <td>
        <Link to={at(`replay/${encodeURIComponent(entry.id)}`)} className="row link-plain">
          <Avatar name={nameOf(entry)} />
          <span className="cut">{nameOf(entry)}</span>
        </Link>
      </td>
      <td className="right">{clockOf(1000 * entry.recording_duration)}</td>
      <td className="right soft wide-only">
        <Count value={entry.click_count} />
      </td>
      <td className="right soft wide-only">
        <Count value={entry.keypress_count} />
      </td>
      <td className="right soft wide-only">
        {entry.console_error_count > 0 ? (
          <span className="badge badge-danger">
            <Count value={entry.console_error_count} />
          </span>
        ) : (
          0
        )}
      </td>
      <td className="cut soft wide-only">
        <ExternalLink address={entry.start_url}>{place}</ExternalLink>
      </td>
      <td className="right soft wide-only">{shortSize(entry.size_bytes)}</td>
      <td className="right soft">
        <Ago time={entry.start_time} />
      </td>
    </tr>
  )
}

function useReplaySwitch() {
  const project = useProject().data
  const change = useChangeProject()
  const may = useMay('admin')
  return {
    isOn: project ? project.session_recording_opt_in === true : null,
    may,
    change,
    switchOn: () => change.mutate({ session_recording_opt_in: true }),
  }
}

function SwitchedOffNotice() {
  const { isOn, may, change, switchOn } = useReplaySwitch()
  if (isOn !== false) return null
  return (
    <div className="notice">
      <div className="grow">
        <strong>Session replay is off.</strong> These were recorded before; nothing is added.
      </div>
      {may && (
        <Button small disabled={change.isPending} onClick={switchOn}>
          Switch it on
        </Button>
      )}
      {change.error && <Failure error={change.error} />}
    </div>
  )
}

function NoneYet() {
  const at = useAddress()
  const { isOn, may, change, switchOn } = useReplaySwitch()
  if (isOn === null) return null
  if (isOn) {
    return (
      <Empty
        icon="replay"
        title="No recordings yet"
        action={
          <Link to={at('start')} className="button button-primary">
            Install posthog-js
          </Link>
        }
      >
        Session replay is on. A website with posthog-js begins to record with its next visitor.
      </Empty>
    )
  }
  return (
    <>
      <Empty
        icon="replay"
        title="Session replay is off"
        action={
          may && (
            <Button kind="primary" disabled={change.isPending} onClick={switchOn}>
              Switch it on for this project
            </Button>
          )
        }
      >
        See what visitors saw, click by click, beside the events they sent. posthog-js masks what
        they type, and what you mark with ph-no-capture.
        {!may && ' An admin can switch it on.'}
      </Empty>
      {change.error && <Failure error={change.error} />}
    </>
  )
}
