import { useState } from 'react'
import { useMay } from '../../api/session'
import { Button } from '../../components/button'
import { Card } from '../../components/page'
import { Answer } from '../../components/states'
import { exactNumber, shownNumber } from '../../insights/numbers'
import { GoalsDialog } from './goals-dialog'
import { useWebQuery, type WebCommon } from './web-query'

type Pair = [now: number | null, before: number | null]
type Goal = [name: string, people: Pair, times: Pair, rate: Pair]

/** How many visitors did what the site is for. */
export function GoalsCard({ common }: { common: WebCommon }) {
  const mayChange = useMay('member')
  const [open, setOpen] = useState(false)
  const goals = useWebQuery<Goal>({ kind: 'WebGoalsQuery', ...common, limit: 10 })
  const actions = mayChange && (
    <Button small onClick={() => setOpen(true)}>
      Choose goals
    </Button>
  )
  return (
    <Card title="Goals" actions={actions}>
      <Answer query={goals}>
        {({ results }) =>
          results.length === 0 ? (
            <p className="soft">A goal is an event that a visit is meant to end in: an order, a sign-up.</p>
          ) : (
            <table className="web-table">
              <thead>
                <tr>
                  <th scope="col">Goal</th>
                  <th scope="col" className="right">Visitors</th>
                  <th scope="col" className="right">Times</th>
                  <th scope="col" className="right">Rate</th>
                </tr>
              </thead>
              <tbody>
                {results.map(([name, [people], [times], [rate]]) => (
                  <tr key={name}>
                    <th scope="row">
                      <span className="web-bar" style={{ width: `${100 * (rate ?? 0)}%` }} />
                      <span className="web-row cut" title={name}>{name}</span>
                    </th>
                    <td className="right number" title={exactNumber(people ?? 0)}>{shownNumber(people ?? 0)}</td>
                    <td className="right number" title={exactNumber(times ?? 0)}>{shownNumber(times ?? 0)}</td>
                    <td className="right number" title={rate === null ? 'No visitors' : `${exactNumber(100 * rate)}%`}>
                      {rate === null ? '–' : `${(100 * rate).toFixed(1)}%`}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Answer>
      {open && <GoalsDialog onClose={() => setOpen(false)} />}
    </Card>
  )
}
