import type { CSSProperties, ReactNode } from 'react'
import { useAddress } from '../../api/project'
import { Link } from '../../components/link'
import { Answer } from '../../components/states'
import { Ago } from '../../components/time'
import { InsightResult } from '../../insights/insight-result'
import { isSql, questionText, type Question } from '../../insights/question'
import type { SqlInsight } from '../../insights/sql-insight'
import { useSqlInsight } from '../insights/sql-question'
import { SqlPreview } from '../sql/sql-results'
import { drawingHeight, type TileSize } from './tile-layout'
import '../../insights/insights.css'

/** What a tile has where it can be moved: its id for the drag, its menu, the handle of its size. */
export interface TileTools {
  id: number
  isMoving: boolean
  move: ReactNode
  menu: ReactNode
  size: ReactNode
}

interface TileBoxProps {
  name: string
  /** A text has none. */
  title?: ReactNode
  size: TileSize
  tools?: TileTools | undefined
  children: ReactNode
}

export function TileBox({ name, title, size, tools, children }: TileBoxProps) {
  return (
    <section
      className={tools?.isMoving ? 'card tile tile-moving' : 'card tile'}
      style={{ '--tile-columns': size.width } as CSSProperties}
      aria-label={name}
      data-tile={tools?.id}
    >
      {(title !== undefined || tools) && (
        <div className="card-head">
          {tools?.move}
          {title === undefined ? <span className="grow" /> : <h2 className="cut grow">{title}</h2>}
          {tools?.menu}
        </div>
      )}
      <div className="card-body">{children}</div>
      {tools?.size}
    </section>
  )
}

interface TileCardProps {
  name: string
  question: Question
  /** The saved insight behind it; without, the link opens the question itself. */
  shortId?: string
  size: TileSize
  tools?: TileTools | undefined
}

/** One insight on a dashboard. */
export function TileCard({ name, question, shortId, size, tools }: TileCardProps) {
  const at = useAddress()
  const to = shortId === undefined ? `insights/new?q=${encodeURIComponent(questionText(question))}` : `insights/${shortId}`
  const title = (
    <Link to={at(to)} className="link-plain">
      {name}
    </Link>
  )
  const height = drawingHeight(size)
  return (
    <TileBox name={name} title={title} size={size} tools={tools}>
      {isSql(question) ? <SqlAnswer question={question} height={height} /> : <InsightResult query={question} height={height} compact />}
    </TileBox>
  )
}

function SqlAnswer({ question, height }: { question: SqlInsight; height: number }) {
  const answer = useSqlInsight(question.source)
  return (
    <Answer query={answer}>
      {(found) => (
        <div className="stack">
          <SqlPreview answer={found} shown={question.display === 'ActionsTable' ? 'table' : 'chart'} height={height} />
          <span className="soft small">
            Computed <Ago time={found.last_refresh} />
          </span>
        </div>
      )}
    </Answer>
  )
}
