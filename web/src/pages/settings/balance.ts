import type { Status } from '../../api/answers'

interface Balance {
  rows: [name: string, count: number][]
  received: number
  sum: number
}

/** Every outcome with its count; those with a reason by their reason. `sum` should be `received`. */
export function balance(outcomes: Status['outcomes']): Balance {
  const rows: Balance['rows'] = [
    ['Stored', outcomes.stored],
    ['Duplicates, counted once', outcomes.duplicates],
    ['Dead-lettered', outcomes.dead_lettered],
  ]
  for (const [reason, count] of Object.entries(outcomes.dropped)) {
    rows.push([`Dropped: ${reason.replaceAll('_', ' ')}`, count])
  }
  return {
    rows,
    received: outcomes.received,
    sum: rows.reduce((total, [, count]) => total + count, 0),
  }
}
