import { useState } from 'react'
import { Button } from '../components/button'
import { DraftField } from '../components/draft-field'
import { EventName, shownEventName } from '../components/event-name'
import { Icon } from '../components/icon'
import { Menu } from '../components/menu'
import { Picker } from '../components/picker'
import { useGroupTypes } from '../api/lists'
import { FilterEditor } from './filter-editor'
import { letter, needsProperty, type Series } from './query'
import {
  added,
  duplicated,
  MATHS,
  moved,
  removed,
  replaced,
  SERIES_MAX,
  withEvent,
  withMath,
} from './series'
import { ANY_EVENT, useEventOptions, useNumericOptions } from './use-options'

interface SeriesEditorProps {
  series: Series[]
  onChange: (series: Series[]) => void
  /** Steps of a funnel are numbered and have an order; series have letters. */
  steps?: boolean
  withMaths?: boolean
  max?: number
}

export function SeriesEditor({ series, onChange, steps, withMaths, max = SERIES_MAX }: SeriesEditorProps) {
  return (
    <div className="series-list">
      {series.map((item, index) => (
        <SeriesRow
          // A series has no name of its own: it is known by its place.
          key={index}
          item={item}
          name={steps ? `${index + 1}` : letter(index)}
          index={index}
          count={series.length}
          series={series}
          onChange={onChange}
          withMaths={withMaths ?? false}
          canAdd={series.length < max}
        />
      ))}
      {series.length < max && (
        <div>
          <Button small icon="plus" onClick={() => onChange(added(series))}>
            {steps ? 'Add a step' : 'Add a series'}
          </Button>
        </div>
      )}
    </div>
  )
}

interface SeriesRowProps {
  item: Series
  name: string
  index: number
  count: number
  series: Series[]
  onChange: (series: Series[]) => void
  withMaths: boolean
  canAdd: boolean
}

function SeriesRow(props: SeriesRowProps) {
  const { item, name, index, count, series, onChange, withMaths, canAdd } = props
  const [renaming, setRenaming] = useState(false)
  return (
    <div className="series">
      <span className="series-letter" aria-hidden="true">
        {name}
      </span>
      <div className="series-body">
        <div className="row">
          <EventPicker
            label={`Event of ${name}`}
            event={item.event ?? null}
            shownName={item.kind === 'ActionsNode' ? (item.name ?? `Action ${String(item.id)}`) : undefined}
            onChange={(event) => onChange(withEvent(series, index, event))}
          />
          <Menu label={`More for ${name}`} right buttonClass="button button-quiet button-small" button={<span aria-hidden="true">···</span>}>
            {(close) => (
              <>
                <MenuItem text="Rename" onClick={() => { setRenaming(true); close() }} />
                {canAdd && <MenuItem text="Duplicate" onClick={() => { onChange(duplicated(series, index)); close() }} />}
                {index > 0 && <MenuItem text="Move up" onClick={() => { onChange(moved(series, index, -1)); close() }} />}
                {index < count - 1 && <MenuItem text="Move down" onClick={() => { onChange(moved(series, index, 1)); close() }} />}
                {count > 1 && <MenuItem text="Remove" onClick={() => { onChange(removed(series, index)); close() }} />}
              </>
            )}
          </Menu>
        </div>
        {(renaming || item.custom_name) && (
          <DraftField
            label={`Name of ${name}`}
            placeholder="A name of your own"
            value={item.custom_name ?? ''}
            onCommit={(text) => {
              const { custom_name: _old, ...rest } = item
              onChange(series.map((one, at) => (at === index ? (text === '' ? rest : { ...rest, custom_name: text }) : one)))
              setRenaming(false)
            }}
          />
        )}
        {withMaths && <MathPicker name={name} item={item} index={index} series={series} onChange={onChange} />}
        <FilterEditor
          label={`Filter of ${name}`}
          filters={item.properties}
          onChange={(properties) => {
            const { properties: _old, ...rest } = item
            onChange(series.map((one, at) => (at === index ? (properties ? { ...rest, properties } : rest) : one)))
          }}
        />
      </div>
    </div>
  )
}

function MenuItem({ text, onClick }: { text: string; onClick: () => void }) {
  return (
    <button type="button" className="menu-item" onClick={onClick}>
      {text}
    </button>
  )
}

interface EventPickerProps {
  label: string
  event: string | null
  shownName?: string | undefined
  onChange: (event: string | null) => void
}

export function EventPicker({ label, event, shownName, onChange }: EventPickerProps) {
  const options = useEventOptions()
  const text = shownName ?? (event === null ? 'All events' : shownEventName(event))
  return (
    <Picker
      label={`${label}: ${text}`}
      buttonClass="button event-button"
      button={
        <>
          {event === null || shownName !== undefined ? <span className="cut">{text}</span> : <EventName name={event} />}
          <Icon name="chevron" />
        </>
      }
      options={options}
      chosen={[event ?? ANY_EVENT]}
      free
      onChoose={(id) => onChange(id === ANY_EVENT ? null : id)}
    />
  )
}

interface MathPickerProps {
  name: string
  item: Series
  index: number
  series: Series[]
  onChange: (series: Series[]) => void
}

function MathPicker({ name, item, index, series, onChange }: MathPickerProps) {
  const math = item.math ?? 'total'
  const groups = useGroupTypes().data ?? []
  const groupMath = (type: number) => `unique_group:${type}`
  const options = [
    ...MATHS.map(([id, text, group]) => ({ id, name: text, group })),
    ...groups.map(({ group_type, group_type_index }) => ({
      id: groupMath(group_type_index),
      name: `Unique groups: ${group_type}`,
      group: 'Groups',
    })),
  ]
  const chosen = math === 'unique_group' ? groupMath(item.math_group_type_index ?? 0) : math
  const text = options.find(({ id }) => id === chosen)?.name ?? math
  const choose = (id: string) => {
    const [kind = id, type] = id.split(':')
    const next = withMath(series, index, kind)
    onChange(type === undefined ? next : replaced(next, index, { math_group_type_index: Number(type) }))
  }
  return (
    <div className="row row-wrap">
      <Picker
        label={`What to count of ${name}: ${text}`}
        buttonClass="button button-small"
        button={
          <>
            <span className="cut">{text}</span>
            <Icon name="chevron" />
          </>
        }
        options={options}
        chosen={[chosen]}
        onChoose={choose}
      />
      {needsProperty(math) && (
        <NumberPicker
          name={name}
          property={item.math_property}
          onChange={(property) => onChange(replaced(series, index, { math_property: property }))}
        />
      )}
      {math === 'hogql' && (
        <DraftField
          label={`Expression of ${name}`}
          className="mono"
          placeholder="uniq(properties.order_id)"
          value={item.math_hogql ?? ''}
          onCommit={(text) => onChange(replaced(series, index, { math_hogql: text }))}
        />
      )}
    </div>
  )
}

interface NumberPickerProps {
  name: string
  property: string | undefined
  onChange: (property: string) => void
}

function NumberPicker({ name, property, onChange }: NumberPickerProps) {
  const text = property ?? 'of a property …'
  return (
    <Picker
      label={`Property of ${name}: ${text}`}
      buttonClass="button button-small"
      button={
        <>
          <span className="cut">{text}</span>
          <Icon name="chevron" />
        </>
      }
      options={useNumericOptions()}
      chosen={property === undefined ? [] : [property]}
      free
      onChoose={onChange}
    />
  )
}
