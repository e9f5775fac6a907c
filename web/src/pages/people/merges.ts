/** How the ids of a person came together; pure. */
import { literal } from '../../api/sql'

export interface Merge {
  event: string
  /** The ids that it joined: the one that sent it, and the other. */
  id: string
  other: string
  time: string
}

const MERGES_MAX = 200

/** The events that join ids, of all ids in `ids`; each pair once, when it happened first. */
export function mergesSql(condition: string): string {
  const other = "if(event = '$identify', properties.$anon_distinct_id, properties.alias)"
  const events = ['$identify', '$create_alias', '$merge_dangerously'].map(literal).join(', ')
  return `SELECT event, distinct_id, ${other} AS other, min(timestamp) AS first FROM events WHERE ${condition} AND event IN (${events}) GROUP BY event, distinct_id, other ORDER BY first LIMIT ${MERGES_MAX}`
}

/** Those that joined two ids which still are one person. */
export function mergesOf(rows: readonly (readonly unknown[])[], ids: readonly string[]): Merge[] {
  const known = new Set(ids)
  return rows
    .map(([event, id, other, time]) => ({
      event: String(event),
      id: String(id),
      other: typeof other === 'string' ? other : '',
      time: String(time),
    }))
    .filter(({ id, other }) => id !== other && known.has(id) && known.has(other))
}
