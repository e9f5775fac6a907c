import { DraftField } from '../components/draft-field'
import { Select } from '../components/fields'
import { rollingOf, ROLLING_UNITS } from './dates'
import type { InsightQuery } from './query'

interface CompareProps {
  query: InsightQuery
  onChange: (query: InsightQuery) => void
}

const CHOICES = [
  ['', 'No comparison'],
  ['previous', 'Previous period'],
  ['-1w', 'A week before'],
  ['-1m', 'A month before'],
  ['-1y', 'A year before'],
] as const
const OWN = 'own'
const OWN_FIRST = '-2w'
const COUNT_MAX = 3650

/** With which period the one shown is compared. */
export function Compare({ query, onChange }: CompareProps) {
  const { compareFilter, ...rest } = query
  const to = compareFilter?.compare_to
  const isOwn = to !== undefined && !CHOICES.some(([id]) => id === to)
  const chosen = isOwn ? OWN : (to ?? (compareFilter?.compare ? 'previous' : ''))
  const put = (compare_to: string) => onChange({ ...rest, compareFilter: { compare: true, compare_to } })
  return (
    <>
      <Select
        label="Compared with"
        hideLabel
        value={chosen}
        options={[...CHOICES, [OWN, 'As long before as …']]}
        onChange={(choice) => {
          if (choice === '') onChange(rest)
          else if (choice === 'previous') onChange({ ...rest, compareFilter: { compare: true } })
          else put(choice === OWN ? OWN_FIRST : choice)
        }}
      />
      {isOwn && <Shift to={to} onChange={put} />}
    </>
  )
}

/** So many days, weeks, months or years before. */
function Shift({ to, onChange }: { to: string; onChange: (to: string) => void }) {
  const { count = 1, unit = 'd' } = rollingOf({ date_from: to }) ?? {}
  const units = ROLLING_UNITS.filter(([id]) => id !== 'h').map(([id, text]) => [id, `${text} before`] as const)
  return (
    <div className="row">
      <DraftField
        label="How long before"
        type="number"
        min={1}
        max={COUNT_MAX}
        className="dates-count"
        value={String(count)}
        onCommit={(text) => onChange(`-${Math.min(COUNT_MAX, Math.max(1, Math.round(Number(text)) || 1))}${unit}`)}
      />
      <Select label="Unit of how long before" hideLabel value={unit} options={units} onChange={(next) => onChange(`-${count}${next}`)} />
    </div>
  )
}
