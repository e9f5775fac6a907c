import { useState } from 'react'
import type { Flag } from '../../api/flags'
import { useAddress } from '../../api/project'
import { Select } from '../../components/fields'
import { Link } from '../../components/link'
import { DatePicker } from '../../insights/date-picker'
import { fittedInterval, roughDays } from '../../insights/dates'
import { InsightResult } from '../../insights/insight-result'
import type { DateRange } from '../../insights/query'
import { questionText } from '../../insights/question'
import { usageQuery } from './usage-query'

const COUNTS = [
  ['total', 'Times it was asked for'],
  ['dau', 'People who got it'],
] as const

/** What the flag answered over time: events that SDKs send when code asks for it. */
export function FlagUsage({ flag }: { flag: Flag }) {
  const at = useAddress()
  const [now] = useState(() => new Date())
  const [math, setMath] = useState('total')
  const [dateRange, setRange] = useState<DateRange>({ date_from: '-30d' })
  const query = usageQuery(flag.key, math, dateRange, fittedInterval('day', roughDays(dateRange, now)))
  return (
    <div className="stack">
      <div className="row row-wrap">
        <DatePicker range={dateRange} onChange={setRange} />
        <Select label="What is counted" hideLabel value={math} options={COUNTS} onChange={setMath} />
        <Link to={at(`insights/new?q=${encodeURIComponent(questionText(query))}`)} className="button">
          Open as an insight
        </Link>
      </div>
      <div className="card card-padded">
        <InsightResult query={query} onChange={(next) => setRange(next.dateRange ?? dateRange)} />
      </div>
      <p className="soft small">
        SDKs send <code>$feature_flag_called</code> the first time code asks for the flag in a session.
      </p>
    </div>
  )
}
