import { useState } from 'react'
import { Button } from '../../components/button'
import { Card } from '../../components/page'
import { Answer } from '../../components/states'
import { TabButtons } from '../../components/tabs'
import { exactNumber, shownNumber } from '../../insights/numbers'
import type { PropertyFilter } from '../../insights/query'
import { CountryMap } from './country-map'
import { OUTBOUND, rowFilter, rowText, tabQuery, type WebCard, type WebTab } from './web-cards'
import { useWebQuery, type WebCommon } from './web-query'

export type WebRow = [value: unknown, visitors: [number, number | null], views: [number, number | null]]

interface BreakdownCardProps {
  card: WebCard
  common: WebCommon
  onFilter: (filter: PropertyFilter) => void
}

const ROWS_A_PAGE = 10

/** Visitors and views by one thing after another; a row can become a filter. */
export function BreakdownCard({ card, common, onFilter }: BreakdownCardProps) {
  const [chosen, setChosen] = useState(card.tabs[0]?.text ?? '')
  const [limit, setLimit] = useState(ROWS_A_PAGE)
  const tab = card.tabs.find(({ text }) => text === chosen)
  return (
    <Card title={card.title}>
      <div className="stack">
        <TabButtons
          label={card.title}
          tabs={card.tabs.map(({ text }) => [text, text] as const)}
          current={chosen}
          onChange={(text) => {
            setChosen(text)
            setLimit(ROWS_A_PAGE)
          }}
        />
        {tab && <TabRows key={tab.text} tab={tab} common={common} limit={limit} onMore={() => setLimit(limit * 5)} onFilter={onFilter} />}
      </div>
    </Card>
  )
}

interface TabRowsProps {
  tab: WebTab
  common: WebCommon
  limit: number
  onMore: () => void
  onFilter: (filter: PropertyFilter) => void
}

function TabRows({ tab, common, limit, onMore, onFilter }: TabRowsProps) {
  const table = useWebQuery<WebRow>({ ...tabQuery(tab, limit), ...common })
  return (
    <Answer query={table}>
      {({ results, hasMore }) => {
        if (results.length === 0) return <p className="soft">{NONE[tab.breakdownBy] ?? 'Nothing here in these days.'}</p>
        if (tab.isMap) return <CountryMap tab={tab} rows={results} onFilter={onFilter} />
        return (
          <>
            <Rows tab={tab} rows={results} onFilter={onFilter} />
            {hasMore && (
              <Button small kind="quiet" onClick={onMore}>
                Show more
              </Button>
            )}
          </>
        )
      }}
    </Answer>
  )
}

const NONE: Record<string, string> = {
  [OUTBOUND]: 'No clicks on links to other sites. They come with autocapture of the web SDK.',
  Country: 'No places are known. They need a GeoIP file: see the operating guide.',
}

interface RowsProps {
  tab: WebTab
  rows: WebRow[]
  onFilter: (filter: PropertyFilter) => void
}

function Rows({ tab, rows, onFilter }: RowsProps) {
  const most = Math.max(1, ...rows.map(([, [visitors]]) => visitors))
  return (
    <table className="web-table">
      <thead>
        <tr>
          <th scope="col">{tab.text}</th>
          <th scope="col" className="right">Visitors</th>
          <th scope="col" className="right">{tab.breakdownBy === OUTBOUND ? 'Clicks' : 'Views'}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([value, [visitors], [views]]) => {
          const text = rowText(tab, value)
          const filter = rowFilter(tab, value)
          return (
            <tr key={JSON.stringify(value)}>
              <th scope="row">
                <span className="web-bar" style={{ width: `${(100 * visitors) / most}%` }} />
                {filter ? (
                  <button type="button" className="web-row cut" title={`Only ${text}`} onClick={() => onFilter(filter)}>
                    {text}
                  </button>
                ) : (
                  <span className="web-row cut" title={text}>{text}</span>
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
