import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import type { QueryAnswer } from '../../api/answers'
import { askQuery } from '../../api/ask-query'
import { useProjectId } from '../../api/project'
import { Button } from '../../components/button'
import { Answer, Skeleton } from '../../components/states'
import { DatePicker } from '../../insights/date-picker'
import type { Refreshable } from '../../insights/refresh'
import { sqlInsight, takesDates, type SqlInsight, type SqlSource } from '../../insights/sql-insight'
import { SqlResults } from '../sql/sql-results'
import { useSchema } from '../sql/use-schema'
import '../sql/sql.css'

const Editor = lazy(() => import('../sql/editor'))

/** The rows of a kept question; asked again when it changes. */
export function useSqlInsight(source: SqlSource) {
  const project = useProjectId()
  return useQuery({
    queryKey: ['sql-insight', project, source],
    queryFn: ({ signal }) => askQuery(project, { query: source, refresh: 'blocking' }, signal) as Promise<QueryAnswer & Refreshable>,
    placeholderData: (before) => before,
    staleTime: 60_000,
  })
}

interface SqlQuestionProps {
  question: SqlInsight
  onChange: (question: SqlInsight) => void
}

/** SQL as an insight: its text, and its rows as a table or a chart. What was run is what is saved. */
export function SqlQuestion({ question, onChange }: SqlQuestionProps) {
  const project = useProjectId()
  const schema = useSchema(project)
  const { source, display } = question
  const [text, setText] = useState(source.query)
  const answer = useSqlInsight(source)
  const dates = source.filters?.dateRange
  const isChanged = text.trim() !== source.query
  const run = () => {
    const written = text.trim()
    if (written === source.query) void answer.refetch()
    else if (written !== '') onChange(sqlInsight(written, display, dates))
  }
  return (
    <div className="stack">
      <div className="card sql-card">
        <Suspense fallback={<Skeleton lines={4} />}>
          <Editor text={text} schema={schema} onChange={setText} onRun={run} />
        </Suspense>
      </div>
      <div className="row row-wrap view-bar">
        <Button kind={isChanged ? 'primary' : undefined} icon="play" disabled={answer.isFetching} onClick={run}>
          Run
        </Button>
        {takesDates(question) && (
          <DatePicker range={dates ?? { date_from: 'all' }} onChange={(range) => onChange(sqlInsight(source.query, display, range))} />
        )}
        <span className="soft small">
          {isChanged
            ? 'Changed since it was run. What was run is what is saved.'
            : takesDates(question)
              ? 'The dates, and those of a dashboard, stand for {filters}.'
              : 'With {filters} in its WHERE, dates can be chosen here and on a dashboard.'}
        </span>
      </div>
      <div className="card card-padded">
        <Answer query={answer} skeletonLines={9}>
          {(found) => (
            <SqlResults
              answer={found}
              shown={display === 'ActionsTable' ? 'table' : 'chart'}
              onShown={(shown) => onChange({ ...question, display: shown === 'table' ? 'ActionsTable' : 'ActionsLineGraph' })}
            />
          )}
        </Answer>
      </div>
    </div>
  )
}
