import { useState } from 'react'
import { useLocation, useParams, useSearchParams } from 'wouter'
import { useAddress } from '../../api/project'
import { useMay } from '../../api/session'
import { Button, CopyButton } from '../../components/button'
import { download } from '../../components/download'
import { Dialog } from '../../components/dialog'
import { Link } from '../../components/link'
import { Page } from '../../components/page'
import { Answer, Empty, Failure } from '../../components/states'
import { TabButtons } from '../../components/tabs'
import { answerCsv } from '../../insights/export'
import { InsightEditor } from '../../insights/insight-editor'
import { InsightResult } from '../../insights/insight-result'
import { firstQuery, switched, type InsightQuery, type Kind } from '../../insights/query'
import {
  isSql,
  kindOf,
  QUESTION_KINDS,
  questionOfText,
  questionText,
  readQuestion,
  type Question,
} from '../../insights/question'
import { useDeleteInsight, useSavedInsight, useSaveInsight, type SavedInsight } from '../../insights/saved'
import { FIRST_SQL_INSIGHT, SQL_KIND } from '../../insights/sql-insight'
import { ViewBar } from '../../insights/view-bar'
import { SaveDialog } from './save-dialog'
import { SqlQuestion } from './sql-question'
import '../../insights/insights.css'

/** `insights/new` and `insights/:shortId`; the question itself is always in the address. */
export default function InsightPage() {
  const { shortId } = useParams<{ shortId: string }>()
  return shortId === 'new' ? <Editor key="new" saved={null} /> : <SavedEditor key={shortId} shortId={shortId} />
}

function SavedEditor({ shortId }: { shortId: string }) {
  const saved = useSavedInsight(shortId)
  if (saved.data) return <Editor saved={saved.data} />
  return (
    <Page title="Insight">
      <Answer query={saved}>{() => null}</Answer>
    </Page>
  )
}

function Editor({ saved }: { saved: SavedInsight | null }) {
  const [parameters, setParameters] = useSearchParams()
  const kept = saved ? readQuestion(saved.query) : null
  const question = questionOfText(parameters.get('q')) ?? kept ?? firstQuery('TrendsQuery')
  const put = (next: Question) => setParameters({ q: questionText(next) }, { replace: true })
  const isChanged = kept === null || questionText(kept) !== questionText(question)
  if (saved && kept === null) return <NotEditable saved={saved} />
  return (
    <Page
      title={saved?.name ?? 'New insight'}
      actions={<Actions saved={saved} question={question} isChanged={isChanged} />}
    >
      <TabButtons
        label="Kind of insight"
        tabs={QUESTION_KINDS}
        current={kindOf(question)}
        onChange={(kind) => put(asKind(question, kind))}
      />
      {isSql(question) ? (
        <SqlQuestion question={question} onChange={put} />
      ) : (
        <InsightQuestion query={question} fileName={saved?.name ?? 'insight'} onChange={put} />
      )}
    </Page>
  )
}

/** Between kinds of insights the series go along; SQL begins anew. */
function asKind(question: Question, kind: Kind | typeof SQL_KIND): Question {
  if (kind === SQL_KIND) return FIRST_SQL_INSIGHT
  return isSql(question) ? firstQuery(kind) : switched(question, kind)
}

interface InsightQuestionProps {
  query: InsightQuery
  fileName: string
  onChange: (query: InsightQuery) => void
}

function InsightQuestion({ query, fileName, onChange }: InsightQuestionProps) {
  return (
    <div className="insight">
      <InsightEditor query={query} onChange={onChange} />
      <section className="stack" aria-label="Result">
        <ViewBar query={query} onChange={onChange} />
        <div className="card card-padded">
          <InsightResult
            query={query}
            onChange={onChange}
            footer={(answer) => (
              <Button small icon="download" onClick={() => download(answerCsv(answer.results, query), `${fileName}.csv`)}>
                CSV
              </Button>
            )}
          />
        </div>
      </section>
    </div>
  )
}

function NotEditable({ saved }: { saved: SavedInsight }) {
  return (
    <Page title={saved.name ?? 'Insight'}>
      <Empty icon="chart" title="This insight has no page here">
        It was saved as something other than an insight. It can still be asked by the API.
      </Empty>
    </Page>
  )
}

interface ActionsProps {
  saved: SavedInsight | null
  question: Question
  isChanged: boolean
}

function Actions({ saved, question, isChanged }: ActionsProps) {
  const at = useAddress()
  const mayChange = useMay('member')
  const save = useSaveInsight()
  const [open, setOpen] = useState<'save' | 'delete' | null>(null)
  return (
    <>
      <Link to={at('insights')} className="button">
        All insights
      </Link>
      <CopyButton text={`${window.location.origin}${window.location.pathname}?q=${encodeURIComponent(questionText(question))}`} label="Copy link" />
      {mayChange && saved && (
        <>
          <Button icon="trash" aria-label="Delete this insight" onClick={() => setOpen('delete')} />
          <Button onClick={() => setOpen('save')}>Name and dashboards</Button>
          <Button kind="primary" disabled={!isChanged || save.isPending} onClick={() => save.mutate({ id: saved.short_id, query: question })}>
            {isChanged ? 'Save' : 'Saved'}
          </Button>
        </>
      )}
      {mayChange && !saved && (
        <Button kind="primary" onClick={() => setOpen('save')}>
          Save
        </Button>
      )}
      {save.error && <Failure error={save.error} />}
      {open === 'save' && <SaveDialog saved={saved} question={question} onClose={() => setOpen(null)} />}
      {open === 'delete' && saved && <DeleteDialog saved={saved} onClose={() => setOpen(null)} />}
    </>
  )
}

function DeleteDialog({ saved, onClose }: { saved: SavedInsight; onClose: () => void }) {
  const at = useAddress()
  const [, goTo] = useLocation()
  const remove = useDeleteInsight()
  const count = saved.dashboards.length
  return (
    <Dialog
      title="Delete this insight?"
      onClose={onClose}
      actions={
        <Button
          kind="danger"
          disabled={remove.isPending}
          onClick={() => remove.mutate(saved.short_id, { onSuccess: () => goTo(at('insights')) })}
        >
          Delete
        </Button>
      }
    >
      <p>
        {saved.name ?? 'It'} goes from the list{count > 0 && ` and from ${count === 1 ? 'a dashboard' : `${count} dashboards`}`}.
        No event is deleted.
      </p>
      {remove.error && <Failure error={remove.error} />}
    </Dialog>
  )
}
