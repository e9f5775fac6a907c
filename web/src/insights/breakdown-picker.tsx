import { Button } from '../components/button'
import { Select } from '../components/fields'
import { Icon } from '../components/icon'
import { Picker } from '../components/picker'
import { BREAKDOWNS_MAX, ofParts, partsOf, VALUES_DEFAULT, withPart } from './breakdown'
import type { Breakdown, BreakdownPart } from './query'
import { propertyId, propertyOfId, useCohortOptions, useGroupPropertyOptions, usePropertyOptions } from './use-options'

interface BreakdownPickerProps {
  breakdown: Breakdown | undefined
  onChange: (breakdown: Breakdown | undefined) => void
}

const LIMITS = [5, 10, VALUES_DEFAULT, 50, 100, 300]

/** Splits a result by up to three properties, or by a cohort. */
export function BreakdownPicker({ breakdown, onChange }: BreakdownPickerProps) {
  const parts = partsOf(breakdown)
  const isCohort = parts.some(({ type }) => type === 'cohort')
  const put = (next: BreakdownPart[]) => onChange(ofParts(next, breakdown))
  return (
    <div className="stack-small">
      {parts.map((part, index) => (
        // A part has no name of its own: it is known by its place.
        <div key={index} className="row">
          <PartPicker
            label={parts.length > 1 ? `Breakdown ${index + 1}` : 'Breakdown'}
            part={part}
            onChoose={(chosen) => put(withPart(parts, index, chosen))}
          />
          <Button
            small
            kind="quiet"
            icon="close"
            aria-label={parts.length > 1 ? `Remove breakdown ${index + 1}` : 'No breakdown'}
            onClick={() => put(parts.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      {parts.length < BREAKDOWNS_MAX && !isCohort && (
        <PartPicker
          label={parts.length > 0 ? 'One more breakdown' : 'Breakdown'}
          part={null}
          isFurther={parts.length > 0}
          onChoose={(chosen) => put(withPart(parts, parts.length, chosen))}
        />
      )}
      {breakdown && parts.length > 0 && !isCohort && <Values breakdown={breakdown} onChange={onChange} />}
    </div>
  )
}

interface PartPickerProps {
  label: string
  part: BreakdownPart | null
  isFurther?: boolean
  onChoose: (part: BreakdownPart) => void
}

function PartPicker({ label, part, isFurther, onChoose }: PartPickerProps) {
  const properties = usePropertyOptions()
  const groups = useGroupPropertyOptions()
  const cohorts = useCohortOptions()
  const id = part === null ? undefined : propertyId(part.type, String(part.property), part.group_type_index)
  const cohort = cohorts.find((option) => option.id === id)
  const text = part === null ? (isFurther ? 'and by …' : 'Break down by …') : `By ${cohort?.name ?? String(part.property)}`
  return (
    <Picker
      label={`${label}: ${text}`}
      buttonClass="button button-small"
      button={
        <>
          <span className="cut">{text}</span>
          <Icon name="chevron" />
        </>
      }
      options={[...properties, ...groups, ...(isFurther ? [] : cohorts)]}
      chosen={id === undefined ? [] : [id]}
      onChoose={(chosen) => {
        const { type, key, groupType } = propertyOfId(chosen)
        onChoose({
          property: type === 'cohort' ? Number(key) : key,
          type,
          ...(groupType === undefined ? {} : { group_type_index: groupType }),
        })
      }}
    />
  )
}

function Values({ breakdown, onChange }: { breakdown: Breakdown; onChange: (breakdown: Breakdown) => void }) {
  const limit = breakdown.breakdown_limit ?? VALUES_DEFAULT
  const limits = LIMITS.includes(limit) ? LIMITS : [...LIMITS, limit].sort((one, two) => one - two)
  return (
    <div className="row row-wrap">
      <Select
        label="Values of the breakdown"
        hideLabel
        value={String(limit)}
        options={limits.map((count) => [String(count), `${count} values`] as const)}
        onChange={(count) => onChange({ ...breakdown, breakdown_limit: Number(count) })}
      />
      <label className="row">
        <input
          type="checkbox"
          className="tick"
          checked={breakdown.breakdown_hide_other_aggregation !== true}
          onChange={(event) => {
            const { breakdown_hide_other_aggregation: _old, ...rest } = breakdown
            onChange(event.target.checked ? rest : { ...rest, breakdown_hide_other_aggregation: true })
          }}
        />
        Other
      </label>
    </div>
  )
}
