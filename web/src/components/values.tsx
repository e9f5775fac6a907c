/** Shows the values of events and persons: always as text, whatever they hold. */
import { useState } from 'react'
import type { Properties } from '../api/answers'
import { Button } from './button'
import { ExternalLink, safeAddress } from './link'

const SHOWN_CHARS_MAX = 600

export function Value({ value }: { value: unknown }) {
  const [whole, setWhole] = useState(false)
  const text = valueText(value)
  const shown = whole ? text : text.slice(0, SHOWN_CHARS_MAX)
  return (
    <span className={`value-${value === null ? 'null' : typeof value}`}>
      {typeof value === 'string' && safeAddress(value) !== null && text.length === shown.length ? (
        <ExternalLink address={value} />
      ) : (
        shown
      )}
      {shown.length < text.length && (
        <Button small kind="quiet" onClick={() => setWhole(true)}>
          … all {text.length.toLocaleString('en-US')} characters
        </Button>
      )}
    </span>
  )
}

/** What a value is as one text; JSON for lists and objects. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value
  return value === undefined ? '' : JSON.stringify(value, null, 2)
}

const NOT_SHOWN = new Set(['distinct_id', '$set', '$set_once', '$groups', 'token'])

export function ownNames(properties: Properties): string[] {
  return Object.keys(properties).filter((name) => !name.startsWith('$') && !NOT_SHOWN.has(name)).sort()
}

export function systemNames(properties: Properties): string[] {
  return Object.keys(properties).filter((name) => name.startsWith('$') && !NOT_SHOWN.has(name)).sort()
}

/** A user's own properties first; those of SDKs behind a button. */
export function PropertyTable({ properties }: { properties: Properties }) {
  const own = ownNames(properties)
  const system = systemNames(properties)
  const [showSystem, setShowSystem] = useState(own.length === 0)
  return (
    <div className="stack">
      <PropertyRows properties={properties} names={own} />
      {showSystem && <PropertyRows properties={properties} names={system} />}
      {own.length > 0 && system.length > 0 && (
        <div>
          <Button small aria-expanded={showSystem} onClick={() => setShowSystem(!showSystem)}>
            {showSystem ? 'Hide' : 'Show'} {system.length} system{' '}
            {system.length === 1 ? 'property' : 'properties'}
          </Button>
        </div>
      )}
      {own.length + system.length === 0 && <p className="soft">No properties.</p>}
    </div>
  )
}

export function PropertyRows({ properties, names }: { properties: Properties; names: string[] }) {
  if (names.length === 0) return null
  return (
    <table className="properties">
      <tbody>
        {names.map((name) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <Value value={properties[name]} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
