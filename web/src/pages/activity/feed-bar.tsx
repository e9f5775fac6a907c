import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/client'
import { usePropertyDefinitions } from '../../api/lists'
import { Button } from '../../components/button'
import { Search, Select } from '../../components/fields'
import { Icon } from '../../components/icon'
import { Picker } from '../../components/picker'
import { FilterRow } from '../../insights/filter-editor'
import type { PropertyFilter } from '../../insights/query'
import type { FeedFilter } from './feed'
import { FEED_OPERATORS } from './feed-filters'
import '../../insights/insights.css'

interface FeedBarProps {
  project: string
  filter: FeedFilter
  onChange: (filter: FeedFilter) => void
}

/** What the feed shows: by text, event and properties; and which properties stand on its rows. */
export function FeedBar({ project, filter, onChange }: FeedBarProps) {
  const definitions = useQuery({
    queryKey: ['event_definitions', project, 'names'],
    queryFn: ({ signal }) =>
      api.get('/api/projects/{project_id}/event_definitions', {
        path: { project_id: project },
        query: { limit: 500 },
        signal,
      }),
  })
  const names = (definitions.data?.results ?? []).map(({ name }) => [name, name] as const)
  const { filters } = filter
  const put = (index: number, next: PropertyFilter | null) =>
    onChange({ ...filter, filters: filters.flatMap((one, at) => (at === index ? (next ? [next] : []) : [one])) })
  return (
    <>
      <div className="row row-wrap">
        <Search
          label="Search people, addresses, properties"
          value={filter.text}
          onChange={(text) => onChange({ ...filter, text })}
        />
        <Select
          label="Event"
          hideLabel
          value={filter.event}
          options={[['', 'All events'], ...names]}
          onChange={(event) => onChange({ ...filter, event })}
        />
        <Button
          aria-pressed={filter.onlyProblems}
          kind={filter.onlyProblems ? 'primary' : undefined}
          onClick={() => onChange({ ...filter, onlyProblems: !filter.onlyProblems })}
        >
          Problems only
        </Button>
        <PropertyPicker
          icon="filter"
          text="Filter"
          label="Filter by a property"
          onChoose={(key) => onChange({ ...filter, filters: [...filters, { key, type: 'event', operator: 'exact', value: [] }] })}
        />
        <PropertyPicker
          icon="eye"
          text="Properties"
          label={filter.shown.length > 0 ? `Properties ${filter.shown.length} on the rows` : 'Properties on the rows'}
          chosen={filter.shown}
          onChoose={(name) =>
            onChange({
              ...filter,
              shown: filter.shown.includes(name) ? filter.shown.filter((one) => one !== name) : [...filter.shown, name],
            })
          }
        />
      </div>
      {filters.length > 0 && (
        <div className="row row-wrap">
          {filters.map((one, index) => (
            // A filter has no name of its own: it is known by its place.
            <FilterRow
              key={index}
              label={`Filter ${index + 1}`}
              filter={one}
              operators={FEED_OPERATORS}
              onChange={(next) => put(index, next)}
            />
          ))}
        </div>
      )}
    </>
  )
}

interface PropertyPickerProps {
  icon: 'filter' | 'eye'
  text: string
  label: string
  chosen?: readonly string[]
  onChoose: (name: string) => void
}

function PropertyPicker({ icon, text, label, chosen, onChoose }: PropertyPickerProps) {
  const found = usePropertyDefinitions('event').data?.results ?? []
  const isOwn = ({ name }: { name: string }) => !name.startsWith('$')
  const option = (name: string, group: string) => ({ id: name, name, group })
  return (
    <Picker
      label={label}
      button={
        <>
          <Icon name={icon} />
          {text}{' '}
          {chosen && chosen.length > 0 && <span className="badge badge-good">{chosen.length}</span>}
        </>
      }
      options={[
        ...found.filter(isOwn).map(({ name }) => option(name, 'Your properties')),
        ...found.filter((one) => !isOwn(one)).map(({ name }) => option(name, 'Of the SDKs')),
      ]}
      {...(chosen ? { chosen, several: true } : {})}
      free
      onChoose={onChoose}
    />
  )
}
