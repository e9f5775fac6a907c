import { useFlags, type FlagProperty } from '../../api/flags'
import { Button } from '../../components/button'
import { Icon } from '../../components/icon'
import { Picker } from '../../components/picker'
import { FilterRow } from '../../insights/filter-editor'
import { propertyOfId } from '../../insights/use-options'
import type { Problems } from './flag-draft'
import { FLAG_OPERATORS } from './flag-operators'
import { useConditionOptions } from './use-names'
import '../../insights/insights.css'

interface ConditionFiltersProps {
  label: string
  /** Of the set, as the API names it. */
  place: string
  properties: FlagProperty[]
  groupType: number | null
  ownKey: string
  problems: Problems
  onChange: (properties: FlagProperty[]) => void
}

/** Conditions of which all must match. */
export function ConditionFilters(props: ConditionFiltersProps) {
  const { label, place, properties, groupType, ownKey, problems, onChange } = props
  const options = useConditionOptions(groupType, ownKey)
  const adding = properties.length === 0 ? 'Only those who …' : 'And who …'
  const put = (index: number, property: FlagProperty | null) =>
    onChange(properties.flatMap((item, at) => (at === index ? (property ? [property] : []) : [item])))
  return (
    <div className="filters">
      {properties.map((property, index) => {
        const problem = problemAt(problems, `${place}.properties.${index}`)
        const name = `Condition ${index + 1} of ${label}`
        return (
          <div key={index} className="field">
            {property.type === 'flag' ? (
              <OtherFlag label={name} property={property} onChange={(next) => put(index, next)} />
            ) : (
              <FilterRow
                label={name}
                filter={property}
                operators={FLAG_OPERATORS}
                onChange={(next) => put(index, next)}
              />
            )}
            {problem && (
              <span className="field-error" role="alert">
                {problem}
              </span>
            )}
          </div>
        )
      })}
      <div>
        <Picker
          label={`${adding}: add to ${label}`}
          buttonClass="button button-small"
          button={
            <>
              <Icon name="filter" /> {adding}
            </>
          }
          options={options}
          free={groupType === null}
          onChoose={(id) => onChange([...properties, newProperty(id, groupType)])}
        />
      </div>
    </div>
  )
}

const problemAt = (problems: Problems, place: string): string | undefined =>
  Object.entries(problems).find(([key]) => key.startsWith(`${place}.`))?.[1]

/** An id that was typed is the name of a property that has not been seen yet. */
function newProperty(id: string, groupType: number | null): FlagProperty {
  const { type, key } = id.includes(':') ? propertyOfId(id) : { type: 'person', key: id }
  if (type === 'cohort') return { key: 'id', type, operator: 'in', value: Number(key) }
  if (type === 'flag') return { key, type, operator: 'flag_evaluates_to', value: true }
  if (type === 'group' && groupType !== null) {
    return { key, type, operator: 'exact', value: [], group_type_index: groupType }
  }
  return { key, type: 'person', operator: 'exact', value: [] }
}

interface OtherFlagProps {
  label: string
  property: FlagProperty
  onChange: (property: FlagProperty | null) => void
}

/** A condition on what another flag gives. */
function OtherFlag({ label, property, onChange }: OtherFlagProps) {
  const flags = useFlags().data?.results ?? []
  const other = flags.find(({ key, id }) => key === property.key || String(id) === property.key)
  const variants = other?.filters.multivariate?.variants ?? []
  return (
    <div className="filter">
      <span className="filter-name cut mono" title={`flag: ${property.key}`}>
        {other?.key ?? property.key}
      </span>
      <select
        className="input filter-operator"
        aria-label={`${label}: what the flag gives`}
        value={String(property.value)}
        onChange={(event) => onChange({ ...property, value: flagValue(event.target.value) })}
      >
        <option value="true">is on</option>
        <option value="false">is off</option>
        {variants.map(({ key }) => (
          <option key={key} value={key}>
            is {key}
          </option>
        ))}
      </select>
      <Button small kind="quiet" icon="close" aria-label={`Remove ${label}`} onClick={() => onChange(null)} />
    </div>
  )
}

const flagValue = (text: string): boolean | string => (text === 'true' || text === 'false' ? text === 'true' : text)
