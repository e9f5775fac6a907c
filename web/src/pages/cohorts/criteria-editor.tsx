import { Button } from '../../components/button'
import { Icon } from '../../components/icon'
import { Picker } from '../../components/picker'
import { FilterRow } from '../../insights/filter-editor'
import type { PropertyFilter } from '../../insights/query'
import { propertyOfId, useCohortOptions, useEventOptions, usePropertyOptions } from '../../insights/use-options'
import { BehaviorRow } from './behavior-row'
import { isBehavior, newBehavior, type Criteria, type CriteriaGroup, type Criterion } from './criteria'

interface CriteriaEditorProps {
  criteria: Criteria
  /** The cohort itself, which cannot ask for itself. */
  own: number | null
  onChange: (criteria: Criteria) => void
}

/** Groups of criteria: what persons are, what they did, and which cohorts they are in. */
export function CriteriaEditor({ criteria, own, onChange }: CriteriaEditorProps) {
  const { type, values } = criteria
  const put = (index: number, group: CriteriaGroup | null) =>
    onChange({ type, values: values.flatMap((one, at) => (at === index ? (group ? [group] : []) : [one])) })
  return (
    <div className="criteria">
      {values.map((group, index) => (
        // A group has no name of its own: it is known by its place.
        <div key={index} className="criteria-part">
          {index > 0 && (
            <Joint
              label="Between groups"
              type={type}
              onChange={(next) => onChange({ type: next, values })}
            />
          )}
          <GroupCard
            name={`Group ${index + 1}`}
            group={group}
            own={own}
            onChange={(next) => put(index, next)}
            {...(values.length > 1 ? { onRemove: () => put(index, null) } : {})}
          />
        </div>
      ))}
      <div>
        <Button
          small
          icon="plus"
          onClick={() => onChange({ type, values: [...values, { type: 'AND', values: [] }] })}
        >
          Add a group
        </Button>
      </div>
    </div>
  )
}

interface JointProps {
  label: string
  type: 'AND' | 'OR'
  onChange: (type: 'AND' | 'OR') => void
}

function Joint({ label, type, onChange }: JointProps) {
  const other = type === 'AND' ? 'any may match' : 'all must match'
  return (
    <button
      type="button"
      className="filter-joint criteria-joint"
      aria-label={`${label}: ${type === 'AND' ? 'and' : 'or'}. Change, so that ${other}`}
      onClick={() => onChange(type === 'AND' ? 'OR' : 'AND')}
    >
      {type === 'AND' ? 'and' : 'or'}
    </button>
  )
}

interface GroupCardProps {
  name: string
  group: CriteriaGroup
  own: number | null
  onChange: (group: CriteriaGroup) => void
  onRemove?: () => void
}

function GroupCard({ name, group, own, onChange, onRemove }: GroupCardProps) {
  const { type, values } = group
  const put = (index: number, criterion: Criterion | null) =>
    onChange({ type, values: values.flatMap((one, at) => (at === index ? (criterion ? [criterion] : []) : [one])) })
  const add = (criterion: Criterion) => onChange({ type, values: [...values, criterion] })
  return (
    <section className="card criteria-group" aria-label={name}>
      <div className="row criteria-head">
        <span className="soft small grow">Persons who …</span>
        {onRemove && <Button small kind="quiet" icon="close" aria-label={`Remove ${name}`} onClick={onRemove} />}
      </div>
      {values.map((criterion, index) => (
        <div key={index} className="criteria-part">
          {index > 0 && <Joint label={name} type={type} onChange={(next) => onChange({ type: next, values })} />}
          {isBehavior(criterion) ? (
            <BehaviorRow
              label={`${name}, criterion ${index + 1}`}
              criterion={criterion}
              onChange={(next) => put(index, next)}
            />
          ) : (
            <FilterRow
              label={`${name}, criterion ${index + 1}`}
              filter={criterion}
              onChange={(next) => put(index, next)}
            />
          )}
        </div>
      ))}
      <div className="row row-wrap">
        <BehaviorPicker label={`Did something: ${name}`} onAdd={add} />
        <PersonPicker label={`Property or cohort: ${name}`} own={own} onAdd={add} />
      </div>
    </section>
  )
}

function BehaviorPicker({ label, onAdd }: { label: string; onAdd: (criterion: Criterion) => void }) {
  const events = useEventOptions().filter(({ id }) => id !== '')
  return (
    <Picker
      label={label}
      buttonClass="button button-small"
      button={
        <>
          <Icon name="plus" /> Did something
        </>
      }
      options={events}
      free
      onChoose={(event) => onAdd(newBehavior(event))}
    />
  )
}

interface PersonPickerProps {
  label: string
  own: number | null
  onAdd: (criterion: PropertyFilter) => void
}

function PersonPicker({ label, own, onAdd }: PersonPickerProps) {
  const properties = usePropertyOptions().filter(({ id }) => propertyOfId(id).type === 'person')
  const cohorts = useCohortOptions().filter(({ id }) => propertyOfId(id).key !== String(own))
  const choose = (id: string) => {
    const { type, key } = propertyOfId(id)
    onAdd(
      type === 'cohort'
        ? { key: 'id', type, operator: 'in', value: Number(key) }
        : { key, type, operator: 'exact', value: [] },
    )
  }
  return (
    <Picker
      label={label}
      buttonClass="button button-small"
      button={
        <>
          <Icon name="plus" /> Property or cohort
        </>
      }
      options={[...properties, ...cohorts]}
      onChoose={choose}
    />
  )
}
