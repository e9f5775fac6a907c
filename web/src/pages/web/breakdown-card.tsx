import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { askQuery } from '../../api/ask-query'
import { useProjectId } from '../../api/project'
import { Button } from '../../components/button'
import { Card } from '../../components/page'
import { Answer } from '../../components/states'
import { TabButtons } from '../../components/tabs'
import { exactNumber, shownNumber } from '../../insights/numbers'
import type { DateRange, PropertyFilter } from '../../insights/query'
import { rowFilter, rowText, type WebCard, type WebTab } from './web-cards'

type Row = [value: unknown, visitors: [number, number | null], views: [number, number | null]]

interface BreakdownCardProps {
  card: WebCard
  common: { dateRange: DateRange; properties: PropertyFilter[] }
  onFilter: (filter: PropertyFilter) => void
}

const ROWS_A_PAGE = 10

/** Visitors and views by one thing after another; a row can become a filter. */
export function BreakdownCard({ card, common, onFilter }: BreakdownCardProps) {
  const project = useProjectId()
  const [chosen, setChosen] = useState(card.tabs[0]?.breakdownBy ?? '')
  const [limit, setLimit] = useState(ROWS_A_PAGE)
  const tab = card.tabs.find(({ breakdownBy }) => breakdownBy === chosen) ?? card.tabs[0]
  const table = useQuery({
    queryKey: ['web-stats', project, common, chosen, limit],
    queryFn: async ({ signal }) => {
      const query = { kind: 'WebStatsTableQuery', breakdownBy: chosen, limit, ...common }
      const answer = await askQuery(project, { query }, signal)
      return { rows: answer.results as unknown as Row[], hasMore: answer.hasMore }
    },
    placeholderData: (before) => before,
  })
  return (
    <Card title={card.title}>
      <div className="stack">
        <TabButtons
          label={card.title}
          tabs={card.tabs.map(({ breakdownBy, text }) => [breakdownBy, text] as const)}
          current={chosen}
          onChange={setChosen}
        />
        <Answer query={table}>
          {({ rows, hasMore }) => (
            <>
              {rows.length === 0 ? <p className="soft">Nothing here in these days.</p> : tab && <Rows tab={tab} rows={rows} onFilter={onFilter} />}
              {hasMore && (
                <Button small kind="quiet" onClick={() => setLimit(limit * 5)}>
                  Show more
                </Button>
              )}
            </>
          )}
        </Answer>
      </div>
    </Card>
  )
}

function Rows({ tab, rows, onFilter }: { tab: WebTab; rows: Row[]; onFilter: (filter: PropertyFilter) => void }) {
  const most = Math.max(1, ...rows.map(([, [visitors]]) => visitors))
  return (
    <table className="web-table">
      <thead>
        <tr>
          <th scope="col">{tab.text}</th>
          <th scope="col" className="right">Visitors</th>
          <th scope="col" className="right">Views</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([value, [visitors], [views]]) => {
          const text = rowText(value)
          const filter = rowFilter(tab, value)
          return (
            <tr key={text}>
              <th scope="row">
                <span className="web-bar" style={{ width: `${(100 * visitors) / most}%` }} />
                {filter ? (
                  <button type="button" className="web-row cut" title={`Only ${text}`} onClick={() => onFilter(filter)}>
                    {text}
                  </button>
                ) : (
                  <span className="web-row cut">{text}</span>
                )}
              </th>
              <td className="right number" title={exactNumber(visitors)}>{shownNumber(visitors)}</td>
              <td className="right number" title={exactNumber(views)}>{shownNumber(views)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
