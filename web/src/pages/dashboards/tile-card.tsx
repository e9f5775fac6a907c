import type { ReactNode } from 'react'
import { useAddress } from '../../api/project'
import { Link } from '../../components/link'
import { InsightResult } from '../../insights/insight-result'
import type { InsightQuery } from '../../insights/query'
import { questionText } from '../../insights/question'

interface TileCardProps {
  name: string
  query: InsightQuery
  /** The saved insight behind it; without, the link opens the question itself. */
  shortId?: string
  wide?: boolean
  actions?: ReactNode
}

/** One insight on a dashboard. */
export function TileCard({ name, query, shortId, wide, actions }: TileCardProps) {
  const at = useAddress()
  const to = shortId === undefined ? `insights/new?q=${encodeURIComponent(questionText(query))}` : `insights/${shortId}`
  return (
    <section className={wide ? 'card tile tile-wide' : 'card tile'} aria-label={name}>
      <div className="card-head">
        <h2 className="cut">
          <Link to={at(to)} className="link-plain">
            {name}
          </Link>
        </h2>
        {actions}
      </div>
      <div className="card-body">
        <InsightResult query={query} compact />
      </div>
    </section>
  )
}
