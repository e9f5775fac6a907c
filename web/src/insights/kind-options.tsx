import { Button } from '../components/button'
import { DraftField } from '../components/draft-field'
import { Select } from '../components/fields'
import { Part } from './editor-part'
import { FilterEditor } from './filter-editor'
import type { Entity, Exclusion, FunnelsFilter, InsightQuery, PathsFilter, RetentionFilter } from './query'
import { EventPicker } from './series-editor'
import { seriesText } from './series'

interface OptionsProps {
  query: InsightQuery
  onChange: (query: InsightQuery) => void
}

const VIEWS = [
  ['steps', 'Conversion by step'],
  ['time_to_convert', 'Time to convert'],
  ['trends', 'Conversion over time'],
] as const
const ORDERS = [
  ['ordered', 'In this order'],
  ['strict', 'In this order, nothing between'],
  ['unordered', 'In any order'],
] as const
const WINDOW_UNITS = ['minute', 'hour', 'day', 'week', 'month'].map((unit) => [unit, `${unit}s`] as const)
/** A named step is one choice with its number: `step:1` is the second. */
const STEP = 'step:'
const ATTRIBUTIONS = [
  ['first_touch', 'By the first step with a value'],
  ['last_touch', 'By the last step with a value'],
  ['all_events', 'By the value on every step'],
] as const

export function FunnelOptions({ query, onChange }: OptionsProps) {
  const filter = query.funnelsFilter ?? {}
  const put = (change: FunnelsFilter) => onChange({ ...query, funnelsFilter: { ...filter, ...change } })
  const count = filter.funnelWindowInterval ?? 14
  return (
    <Part title="How it is counted">
      <Select label="Shown" value={filter.funnelVizType ?? 'steps'} options={VIEWS} onChange={(view) => put({ funnelVizType: view as 'steps' })} />
      <Select label="Order" value={filter.funnelOrderType ?? 'ordered'} options={ORDERS} onChange={(order) => put({ funnelOrderType: order as 'ordered' })} />
      <div className="field">
        <span className="field-label">Within</span>
        <div className="row">
          <DraftField
            label="Window, how many"
            type="number"
            min={1}
            className="dates-count"
            value={String(count)}
            onCommit={(text) => put({ funnelWindowInterval: Math.max(1, Math.round(Number(text)) || 14) })}
          />
          <Select label="Window, unit" hideLabel value={filter.funnelWindowIntervalUnit ?? 'day'} options={WINDOW_UNITS} onChange={(unit) => put({ funnelWindowIntervalUnit: unit })} />
        </div>
      </div>
      {query.breakdownFilter && (
        <Attribution query={query} onChange={onChange} />
      )}
      <Exclusions query={query} exclusions={filter.exclusions ?? []} onChange={(exclusions) => put({ exclusions })} />
    </Part>
  )
}

/** Which of a person's values of the breakdown counts. In any order no step is a certain one. */
function Attribution({ query, onChange }: OptionsProps) {
  const { breakdownAttributionType: type = 'first_touch', breakdownAttributionValue: step = 0, ...rest } = query.funnelsFilter ?? {}
  const steps = rest.funnelOrderType === 'unordered' ? [] : (query.series ?? [])
  const options = steps.map((series, at) => [`${STEP}${at}`, `By the value on ${at + 1}. ${seriesText(series)}`] as const)
  const choose = (choice: string) => {
    const funnelsFilter = choice.startsWith(STEP)
      ? { ...rest, breakdownAttributionType: 'step', breakdownAttributionValue: Number(choice.slice(STEP.length)) }
      : { ...rest, breakdownAttributionType: choice }
    onChange({ ...query, funnelsFilter })
  }
  return (
    <Select
      label="A person's value"
      value={type === 'step' && steps.length > 0 ? `${STEP}${step}` : type === 'step' ? 'first_touch' : type}
      options={[...ATTRIBUTIONS, ...options]}
      onChange={choose}
    />
  )
}

interface ExclusionsProps {
  query: InsightQuery
  exclusions: Exclusion[]
  onChange: (exclusions: Exclusion[]) => void
}

/** Who did one of these between the first and the last step is left out. */
function Exclusions({ query, exclusions, onChange }: ExclusionsProps) {
  const last = (query.series?.length ?? 2) - 1
  const added: Exclusion = { kind: 'EventsNode', event: '$pageleave', funnelFromStep: 0, funnelToStep: last }
  return (
    <div className="field">
      {exclusions.length > 0 && <span className="field-label">Without who did, in between</span>}
      {exclusions.map((exclusion, index) => (
        <div key={index} className="row">
          <EventPicker
            label={`Exclusion ${index + 1}`}
            event={exclusion.event ?? null}
            onChange={(event) => onChange(exclusions.map((one, at) => (at === index ? { ...one, event } : one)))}
          />
          <Button small kind="quiet" icon="close" aria-label={`Remove exclusion ${index + 1}`} onClick={() => onChange(exclusions.filter((_, at) => at !== index))} />
        </div>
      ))}
      {last > 0 && (
        <div>
          <Button small kind="quiet" icon="plus" onClick={() => onChange([...exclusions, added])}>
            Exclude an event
          </Button>
        </div>
      )}
    </div>
  )
}

const STARTS = [
  ['retention_first_time', 'For the first time'],
  ['retention_recurring', 'Each time'],
  ['retention_first_ever_occurrence', 'For the first time ever'],
] as const
const PERIODS = (['Hour', 'Day', 'Week', 'Month'] as const).map((period) => [period, period] as const)
const SHARES = [
  ['total', 'Of those who started'],
  ['previous', 'Of the interval before'],
] as const
const MEANS = [
  ['weighted', 'Mean over people'],
  ['simple', 'Mean over rows'],
  ['none', 'No mean'],
] as const
const INTERVALS_MAX = 31

/** So far back that the last interval is the current one. */
const rangeOf = (period: string, count: number) => ({
  date_from: `-${count - 1}${{ Hour: 'h', Day: 'd', Week: 'w', Month: 'm' }[period] ?? 'd'}`,
})

export function RetentionOptions({ query, onChange }: OptionsProps) {
  const filter = query.retentionFilter ?? {}
  const { period = 'Day', totalIntervals = 8 } = filter
  const put = (change: RetentionFilter) => onChange({ ...query, retentionFilter: { ...filter, ...change } })
  const resize = (next: 'Hour' | 'Day' | 'Week' | 'Month', count: number) =>
    onChange({
      ...query,
      dateRange: rangeOf(next, count),
      retentionFilter: { ...filter, period: next, totalIntervals: count },
    })
  return (
    <>
      <Part title="Who started">
        <EntityEditor label="Event that starts" entity={filter.targetEntity} onChange={(targetEntity) => put({ targetEntity })} />
        <Select label="Started" hideLabel value={filter.retentionType ?? 'retention_first_time'} options={STARTS} onChange={(type) => put({ retentionType: type })} />
      </Part>
      <Part title="And came back to do">
        <EntityEditor label="Event of a return" entity={filter.returningEntity} onChange={(returningEntity) => put({ returningEntity })} />
        <div className="row">
          <span className="soft small">at least</span>
          <DraftField
            label="How often in an interval, at least"
            type="number"
            min={1}
            className="dates-count"
            value={String(filter.minimumOccurrences ?? 1)}
            onCommit={(text) => put({ minimumOccurrences: Math.max(1, Math.round(Number(text)) || 1) })}
          />
          <span className="soft small">times in an interval</span>
        </div>
      </Part>
      <Part title="How it is counted">
        <div className="row">
          <Select label="Intervals of a" value={period} options={PERIODS} onChange={(next) => resize(next as 'Day', totalIntervals)} />
          <div className="field">
            <span className="field-label">How many</span>
            <DraftField
              label="How many intervals"
              type="number"
              min={2}
              max={INTERVALS_MAX}
              className="dates-count"
              value={String(totalIntervals)}
              onCommit={(text) => resize(period, Math.min(INTERVALS_MAX, Math.max(2, Math.round(Number(text)) || 8)))}
            />
          </div>
        </div>
        <Select label="Percent" value={filter.retentionReference ?? 'total'} options={SHARES} onChange={(reference) => put({ retentionReference: reference as 'total' })} />
        <Select label="Mean" value={filter.meanRetentionCalculation ?? 'weighted'} options={MEANS} onChange={(mean) => put({ meanRetentionCalculation: mean as 'simple' })} />
        <Select
          label="Counted in an interval"
          value={filter.cumulative ? 'yes' : 'no'}
          options={[
            ['no', 'Who came back in it'],
            ['yes', 'Who came back in it or later'],
          ]}
          onChange={(cumulative) => put({ cumulative: cumulative === 'yes' })}
        />
      </Part>
    </>
  )
}

interface EntityEditorProps {
  label: string
  entity: Entity | undefined
  onChange: (entity: Entity) => void
}

/** An event of a retention, with filters of its own. */
function EntityEditor({ label, entity, onChange }: EntityEditorProps) {
  const { properties, ...rest } = entity ?? { id: null, type: 'events' as const }
  return (
    <>
      <EventPicker label={label} event={rest.id} onChange={(id) => onChange({ ...rest, id, ...(properties ? { properties } : {}) })} />
      <FilterEditor label={label} filters={properties} onChange={(next) => onChange(next ? { ...rest, properties: next } : rest)} />
    </>
  )
}

const STEP_TYPES = [
  ['$pageview', 'Pages'],
  ['$screen', 'Screens'],
  ['custom_event', 'Your events'],
] as const
const STEP_LIMITS = [3, 4, 5, 6, 7, 8, 10].map((count) => [String(count), `${count} steps`] as const)
const EDGE_LIMITS = [20, 50, 100, 200].map((count) => [String(count), `${count} transitions`] as const)

export function PathsOptions({ query, onChange }: OptionsProps) {
  const filter = query.pathsFilter ?? {}
  const types = filter.includeEventTypes ?? ['$pageview']
  const put = (change: PathsFilter) => onChange({ ...query, pathsFilter: { ...filter, ...change } })
  const point = (name: 'startPoint' | 'endPoint', text: string) => {
    const { [name]: _old, ...rest } = filter
    onChange({ ...query, pathsFilter: text.trim() === '' ? rest : { ...rest, [name]: text.trim() } })
  }
  return (
    <Part title="Steps">
      <fieldset className="ticks">
        <legend className="visually-hidden">What is a step</legend>
        {STEP_TYPES.map(([id, text]) => (
          <label key={id} className="row">
            <input
              type="checkbox"
              className="tick"
              checked={types.includes(id)}
              onChange={() => {
                const next = types.includes(id) ? types.filter((type) => type !== id) : [...types, id]
                if (next.length > 0) put({ includeEventTypes: next })
              }}
            />
            {text}
          </label>
        ))}
      </fieldset>
      <div className="field">
        <span className="field-label">Beginning at</span>
        <DraftField label="Beginning at" placeholder="A page or an event" value={filter.startPoint ?? ''} onCommit={(text) => point('startPoint', text)} />
      </div>
      <div className="field">
        <span className="field-label">Ending at</span>
        <DraftField label="Ending at" placeholder="A page or an event" value={filter.endPoint ?? ''} onCommit={(text) => point('endPoint', text)} />
      </div>
      <div className="row">
        <Select label="Steps" hideLabel value={String(filter.stepLimit ?? 5)} options={STEP_LIMITS} onChange={(count) => put({ stepLimit: Number(count) })} />
        <Select label="Transitions" hideLabel value={String(filter.edgeLimit ?? 50)} options={EDGE_LIMITS} onChange={(count) => put({ edgeLimit: Number(count) })} />
      </div>
      {(filter.excludeEvents ?? []).map((name) => (
        <div key={name} className="row">
          <span className="cut grow">Without {name}</span>
          <Button small kind="quiet" icon="close" aria-label={`Include ${name} again`} onClick={() => put({ excludeEvents: (filter.excludeEvents ?? []).filter((one) => one !== name) })} />
        </div>
      ))}
    </Part>
  )
}
