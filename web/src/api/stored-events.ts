/** Events as SQL answers them: the columns to ask for, and the event they make. */
import type { Properties, StoredEvent } from './answers'

export const EVENT_COLUMNS = 'uuid, event, distinct_id, timestamp, properties'

export function storedEvent([uuid, event, distinctId, timestamp, properties]: unknown[]): StoredEvent {
  return {
    uuid: String(uuid),
    event: String(event),
    distinct_id: String(distinctId),
    timestamp: String(timestamp),
    properties: (typeof properties === 'string' ? JSON.parse(properties) : properties) as Properties,
    person: null,
    elements_chain: '',
  }
}
