import { useState } from 'react'
import { Button } from '../components/button'
import { DraftField } from '../components/draft-field'
import { Icon } from '../components/icon'
import { Picker } from '../components/picker'
import {
  asFilters,
  asGroup,
  COHORT_OPERATORS,
  isGroup,
  OPERATORS,
  takesNoValue,
  takesSeveral,
  withOperator,
} from './filters'
import type { Filter, FilterGroup, Filters, FilterValue, PropertyFilter } from './query'
import {
  propertyId,
  propertyOfId,
  useCohortOptions,
  usePropertyOptions,
  useValues,
} from './use-options'

interface FilterEditorProps {
  /** What is filtered, for screen readers: "Filter of A". */
  label: string
  filters: Filters | undefined
  onChange: (filters: Filters | undefined) => void
  /** Groups in groups; without, one list. */
  nested?: boolean
}

export function FilterEditor({ label, filters, onChange, nested }: FilterEditorProps) {
  return (
    <GroupEditor
      label={label}
      group={asGroup(filters)}
      nested={nested ?? false}
      onChange={(group) => onChange(asFilters(group))}
    />
  )
}

interface GroupEditorProps {
  label: string
  group: FilterGroup
  nested: boolean
  onChange: (group: FilterGroup) => void
}

function GroupEditor({ label, group, nested, onChange }: GroupEditorProps) {
  const { type, values } = group
  const put = (index: number, filter: Filter | null) =>
    onChange({
      type,
      values: values.flatMap((item, at) => (at === index ? (filter ? [filter] : []) : [item])),
    })
  const add = (filter: Filter) => onChange({ type, values: [...values, filter] })
  return (
    <div className="filters">
      {values.map((filter, index) => (
        // A filter has no name of its own: it is known by its place.
        <div key={index} className="filter-line">
          {index > 0 && (
            <button
              type="button"
              className="filter-joint"
              aria-label={`${label}: ${type === 'AND' ? 'all must match; match any instead' : 'any may match; match all instead'}`}
              onClick={() => onChange({ type: type === 'AND' ? 'OR' : 'AND', values })}
            >
              {type === 'AND' ? 'and' : 'or'}
            </button>
          )}
          {isGroup(filter) ? (
            <div className="filter-group">
              <GroupEditor
                label={`${label}, group ${index + 1}`}
                group={filter}
                nested={false}
                onChange={(next) => put(index, next.values.length > 0 ? next : null)}
              />
            </div>
          ) : (
            <FilterRow
              label={`${label} ${index + 1}`}
              filter={filter}
              onChange={(next) => put(index, next)}
            />
          )}
        </div>
      ))}
      <div className="row row-wrap">
        <PropertyPicker label={`${label}: add`} onChoose={add} />
        {nested && values.length > 0 && (
          <Button
            small
            kind="quiet"
            icon="plus"
            onClick={() => onChange({ type: 'AND', values: [...values, { type: type === 'AND' ? 'OR' : 'AND', values: [NEW_IN_GROUP] }] })}
          >
            Group
          </Button>
        )}
      </div>
    </div>
  )
}

const NEW_IN_GROUP: PropertyFilter = { key: '$current_url', type: 'event', operator: 'icontains', value: '' }
const SQL = propertyId('hogql', '')

/** Offers properties, cohorts and SQL; gives the filter to begin with. */
function PropertyPicker({ label, onChoose }: { label: string; onChoose: (filter: PropertyFilter) => void }) {
  const properties = usePropertyOptions()
  const cohorts = useCohortOptions()
  const choose = (id: string) => {
    const { type, key } = propertyOfId(id)
    if (type === 'hogql') onChoose({ key: '', type })
    else if (type === 'cohort') onChoose({ key: 'id', type, operator: 'in', value: Number(key) })
    else onChoose({ key, type, operator: 'exact', value: [] })
  }
  return (
    <Picker
      label={`Filter: ${label}`}
      buttonClass="button button-quiet button-small"
      button={
        <>
          <Icon name="filter" /> Filter
        </>
      }
      options={[...properties, ...cohorts, { id: SQL, name: 'SQL expression', group: 'Other' }]}
      onChoose={choose}
    />
  )
}

interface FilterRowProps {
  label: string
  filter: PropertyFilter
  onChange: (filter: PropertyFilter | null) => void
  /** The comparisons to choose from; those of insights if left out. */
  operators?: typeof OPERATORS
}

export function FilterRow({ label, filter, onChange, operators = OPERATORS }: FilterRowProps) {
  const remove = (
    <Button
      small
      kind="quiet"
      icon="close"
      aria-label={`Remove ${label}`}
      onClick={() => onChange(null)}
    />
  )
  if (filter.type === 'hogql') {
    return (
      <div className="filter">
        <DraftField
          label={`${label}: SQL expression`}
          className="mono"
          placeholder="properties.total > 50"
          value={filter.key}
          onCommit={(key) => onChange({ ...filter, key })}
        />
        {remove}
      </div>
    )
  }
  return (
    <div className="filter">
      <FilterName filter={filter} />
      <select
        className="input filter-operator"
        aria-label={`${label}: comparison`}
        value={filter.operator ?? 'exact'}
        onChange={(event) =>
          onChange(
            filter.type === 'cohort'
              ? { ...filter, operator: event.target.value }
              : withOperator(filter, event.target.value),
          )
        }
      >
        {(filter.type === 'cohort' ? COHORT_OPERATORS : operators).map(([id, text]) => (
          <option key={id} value={id}>
            {text}
          </option>
        ))}
      </select>
      {!takesNoValue(filter.operator) && filter.type !== 'cohort' && (
        <FilterValues label={label} filter={filter} onChange={(value) => onChange({ ...filter, value })} />
      )}
      {remove}
    </div>
  )
}

function FilterName({ filter }: { filter: PropertyFilter }) {
  const cohorts = useCohortOptions()
  const cohort = cohorts.find(({ id }) => id === propertyId('cohort', String(filter.value)))
  const name = filter.type === 'cohort' ? (cohort?.name ?? `Cohort ${String(filter.value)}`) : filter.key
  return (
    <span className="filter-name cut" title={`${filter.type}: ${name}`}>
      {name}
    </span>
  )
}

interface FilterValuesProps {
  label: string
  filter: PropertyFilter
  onChange: (value: FilterValue) => void
}

function FilterValues({ label, filter, onChange }: FilterValuesProps) {
  const { operator, value } = filter
  const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
  if (takesSeveral(operator)) {
    return <SeveralValues label={label} filter={filter} values={list.map(String)} onChange={onChange} />
  }
  if (operator === 'between') {
    const put = (index: number, text: string) =>
      onChange([0, 1].map((at) => (at === index ? text : (list[at] ?? ''))))
    return (
      <>
        {[0, 1].map((at) => (
          <DraftField
            key={at}
            label={`${label}: ${at === 0 ? 'from' : 'to'}`}
            className="filter-number"
            value={String(list[at] ?? '')}
            onCommit={(text) => put(at, text)}
          />
        ))}
      </>
    )
  }
  return (
    <DraftField
      label={`${label}: value`}
      className="filter-value"
      placeholder={operator?.startsWith('is_date') ? '2026-03-01 or -7d' : ''}
      value={String(list[0] ?? '')}
      onCommit={onChange}
    />
  )
}

interface SeveralValuesProps {
  label: string
  filter: PropertyFilter
  values: string[]
  onChange: (value: FilterValue) => void
}

function SeveralValues({ label, filter, values, onChange }: SeveralValuesProps) {
  const [part, setPart] = useState('')
  const suggested = useValues(filter.type, filter.key, part)
  const others = suggested.filter((name) => !values.includes(name))
  const kept = part === '' ? values : []
  const text = values.length === 0 ? 'choose …' : values.join(' or ')
  return (
    <Picker
      label={`${label}, values: ${text}`}
      buttonClass="button button-small filter-values"
      button={<span className="cut">{text}</span>}
      options={[...kept, ...others].map((name) => ({ id: name, name }))}
      chosen={values}
      several
      free
      onSearch={setPart}
      onChoose={(id) =>
        onChange(values.includes(id) ? values.filter((name) => name !== id) : [...values, id])
      }
    />
  )
}
