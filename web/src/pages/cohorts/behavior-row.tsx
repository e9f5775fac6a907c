import { Button } from '../../components/button'
import { DraftField } from '../../components/draft-field'
import { shownEventName } from '../../components/event-name'
import { Picker } from '../../components/picker'
import { FilterEditor } from '../../insights/filter-editor'
import { useEventOptions } from '../../insights/use-options'
import {
  BEHAVIORS,
  behaviorOf,
  withBehavior,
  withWindow,
  type Behavior,
  type BehaviorCriterion,
  type TimeUnit,
} from './criteria'

const COUNTS = [
  ['gte', 'at least'],
  ['lte', 'at most'],
  ['eq', 'exactly'],
] as const

const UNITS = [
  ['hour', 'hours'],
  ['day', 'days'],
  ['week', 'weeks'],
  ['month', 'months'],
  ['year', 'years'],
] as const

const COUNT_MAX = 100_000

interface BehaviorRowProps {
  label: string
  criterion: BehaviorCriterion
  onChange: (criterion: BehaviorCriterion | null) => void
}

/** What persons did or did not: which event, how often, since when. */
export function BehaviorRow({ label, criterion, onChange }: BehaviorRowProps) {
  const events = useEventOptions().filter(({ id }) => id !== '')
  const { key, time_value, time_interval } = criterion
  const setFilters = (filters: BehaviorCriterion['event_filters']) => {
    const { event_filters: _old, ...rest } = criterion
    onChange(filters ? { ...rest, event_filters: filters } : rest)
  }
  return (
    <div className="behavior">
      <div className="filter">
        <select
          className="input input-narrow"
          aria-label={`${label}: did or did not`}
          value={behaviorOf(criterion)}
          onChange={(event) => onChange(withBehavior(criterion, event.target.value as Behavior))}
        >
          {BEHAVIORS.map(([id, text]) => (
            <option key={id} value={id}>
              {text}
            </option>
          ))}
        </select>
        <Picker
          label={`${label}, event: ${shownEventName(key)}`}
          buttonClass="button button-small filter-values"
          button={<span className="cut">{shownEventName(key)}</span>}
          options={events}
          chosen={[key]}
          free
          onChoose={(event) => onChange({ ...criterion, key: event })}
        />
        {criterion.value === 'performed_event_multiple' && (
          <Times label={label} criterion={criterion} onChange={onChange} />
        )}
        <select
          className="input input-narrow"
          aria-label={`${label}: since when`}
          value={time_value === undefined ? 'ever' : 'last'}
          onChange={(event) =>
            onChange(withWindow(criterion, event.target.value === 'ever' ? null : 30, time_interval ?? 'day'))
          }
        >
          <option value="last">in the last</option>
          <option value="ever">at any time</option>
        </select>
        {time_value !== undefined && (
          <>
            <DraftField
              label={`${label}: how long ago`}
              type="number"
              min={1}
              className="filter-number"
              value={String(time_value)}
              onCommit={(text) => onChange(withWindow(criterion, wholeNumberOf(text), time_interval ?? 'day'))}
            />
            <select
              className="input input-narrow"
              aria-label={`${label}: unit of time`}
              value={time_interval ?? 'day'}
              onChange={(event) => onChange(withWindow(criterion, time_value, event.target.value as TimeUnit))}
            >
              {UNITS.map(([id, text]) => (
                <option key={id} value={id}>
                  {text}
                </option>
              ))}
            </select>
          </>
        )}
        <Button small kind="quiet" icon="close" aria-label={`Remove ${label}`} onClick={() => onChange(null)} />
      </div>
      <FilterEditor label={`Filter of ${label}`} filters={criterion.event_filters} onChange={setFilters} />
    </div>
  )
}

function Times({ label, criterion, onChange }: BehaviorRowProps) {
  return (
    <>
      <select
        className="input input-narrow"
        aria-label={`${label}: how the count compares`}
        value={criterion.operator ?? 'gte'}
        onChange={(event) => onChange({ ...criterion, operator: event.target.value as 'gte' | 'lte' | 'eq' })}
      >
        {COUNTS.map(([id, text]) => (
          <option key={id} value={id}>
            {text}
          </option>
        ))}
      </select>
      <DraftField
        label={`${label}: how often`}
        type="number"
        min={1}
        className="filter-number"
        value={String(criterion.operator_value ?? 2)}
        onCommit={(text) => onChange({ ...criterion, operator_value: wholeNumberOf(text) })}
      />
      <span className="soft">times</span>
    </>
  )
}

const wholeNumberOf = (text: string): number => Math.min(COUNT_MAX, Math.max(1, Math.round(Number(text)) || 1))
