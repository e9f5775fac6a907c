import { useMutation } from '@tanstack/react-query'
import { lazy, Suspense, useRef, useState } from 'react'
import { useSearchParams } from 'wouter'
import type { QueryAnswer } from '../../api/answers'
import { useProjectId } from '../../api/project'
import { runSql } from '../../api/sql'
import { Button } from '../../components/button'
import { Page } from '../../components/page'
import { Empty, Failure, Skeleton, useElapsedSeconds } from '../../components/states'
import { addToHistory, readHistory } from './history'
import { SchemaBrowser } from './schema-browser'
import { SqlResults } from './sql-results'
import { useSchema } from './use-schema'
import './sql.css'

const Editor = lazy(() => import('./editor'))

const FIRST_QUERY = `SELECT toDate(timestamp) AS day, count() AS events, uniq(person_id) AS people
FROM events
WHERE timestamp >= now() - INTERVAL 30 DAY
GROUP BY day
ORDER BY day`

export default function SqlPage() {
  const project = useProjectId()
  return <SqlEditor key={project} project={project} />
}

function SqlEditor({ project }: { project: string }) {
  const [parameters, setParameters] = useSearchParams()
  const [text, setText] = useState(parameters.get('q') ?? FIRST_QUERY)
  const [kept, setKept] = useState(() => readHistory(project))
  const schema = useSchema(project)
  const { run, cancel, answer, error, seconds, running } = useRun(project)
  const start = () => {
    const sql = text.trim()
    if (sql === '') return
    setKept(addToHistory(project, sql))
    setParameters({ q: sql }, { replace: true })
    run(sql)
  }
  return (
    <Page
      title="SQL"
      actions={
        <>
          {running && <span className="soft number">{seconds.toFixed(1)} s</span>}
          {running && (
            <Button icon="stop" onClick={cancel}>
              Cancel
            </Button>
          )}
          <Button kind="primary" icon="play" disabled={running} onClick={start}>
            Run
          </Button>
        </>
      }
    >
      <div className="sql">
        <div className="stack">
          <div className="card sql-card">
            <Suspense fallback={<Skeleton lines={4} />}>
              <Editor text={text} schema={schema} onChange={setText} onRun={start} />
            </Suspense>
          </div>
          {error != null && <Failure error={error} onRetry={start} />}
          {answer && (
            <div className={running ? 'refreshing' : undefined}>
              <SqlResults answer={answer} />
            </div>
          )}
          {!answer && running && <Skeleton />}
          {!answer && !running && error == null && (
            <Empty icon="sql" title="Ask anything">
              One SELECT at a time. Ctrl+Enter runs it; properties are read as{' '}
              <code>properties.plan</code> and <code>person.properties.email</code>.
            </Empty>
          )}
        </div>
        <SchemaBrowser schema={schema} kept={kept} onChoose={setText} />
      </div>
    </Page>
  )
}

/** One run at a time, which can be given up. */
function useRun(project: string) {
  const controller = useRef<AbortController | null>(null)
  const mutation = useMutation({
    mutationFn: (sql: string) => {
      controller.current = new AbortController()
      return runSql(project, sql, controller.current.signal)
    },
  })
  // A new run keeps the last answer in sight until its own is there.
  const [answer, setAnswer] = useState<QueryAnswer | null>(null)
  const running = mutation.isPending
  const given = mutation.error instanceof DOMException
  return {
    run: (sql: string) => mutation.mutate(sql, { onSuccess: setAnswer }),
    cancel: () => controller.current?.abort(),
    answer: mutation.error && !given ? null : answer,
    error: given ? null : mutation.error,
    seconds: useElapsedSeconds(running),
    running,
  }
}
