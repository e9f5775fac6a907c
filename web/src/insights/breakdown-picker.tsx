import { Button } from '../components/button'
import { Icon } from '../components/icon'
import { Picker } from '../components/picker'
import type { Breakdown } from './query'
import { propertyId, propertyOfId, useCohortOptions, usePropertyOptions } from './use-options'

interface BreakdownPickerProps {
  breakdown: Breakdown | undefined
  onChange: (breakdown: Breakdown | undefined) => void
}

/** Splits a result by a property or by cohorts. */
export function BreakdownPicker({ breakdown, onChange }: BreakdownPickerProps) {
  const properties = usePropertyOptions()
  const cohorts = useCohortOptions()
  const key = breakdown?.breakdown
  const type = breakdown?.breakdown_type ?? 'event'
  const id = key === undefined ? undefined : propertyId(type, String(key))
  const cohort = cohorts.find((option) => option.id === id)
  const text = key === undefined ? 'Break down by …' : `By ${cohort?.name ?? String(key)}`
  return (
    <div className="row">
      <Picker
        label={`Breakdown: ${text}`}
        buttonClass="button button-small"
        button={
          <>
            <span className="cut">{text}</span>
            <Icon name="chevron" />
          </>
        }
        options={[...properties, ...cohorts]}
        chosen={id === undefined ? [] : [id]}
        onChoose={(chosen) => {
          const property = propertyOfId(chosen)
          onChange({
            breakdown: property.type === 'cohort' ? Number(property.key) : property.key,
            breakdown_type: property.type,
          })
        }}
      />
      {key !== undefined && (
        <Button small kind="quiet" icon="close" aria-label="No breakdown" onClick={() => onChange(undefined)} />
      )}
    </div>
  )
}
