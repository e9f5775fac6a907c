import { useState } from 'react'
import { useLocation, useParams, useSearchParams } from 'wouter'
import { useAddress } from '../../api/project'
import { useMay } from '../../api/session'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { wholeNumber } from '../../components/format'
import { Link } from '../../components/link'
import { Figure, Figures, Page } from '../../components/page'
import { Answer, Failure } from '../../components/states'
import { TabButtons } from '../../components/tabs'
import { Ago } from '../../components/time'
import { firstQuery } from '../../insights/query'
import { questionText } from '../../insights/question'
import { KindBadge } from './cohorts'
import { CohortCriteria } from './cohort-criteria'
import { Members } from './members'
import { useCohort, useDeleteCohort, type CountedCohort } from './use-cohorts'
import '../../insights/insights.css'
import '../people/people.css'
import './cohorts.css'

export default function CohortPage() {
  const { cohortId } = useParams<{ cohortId: string }>()
  const cohort = useCohort(cohortId)
  return (
    <Page title={cohort.data?.name ?? 'Cohort'} actions={cohort.data && <Actions cohort={cohort.data} />}>
      <Answer query={cohort}>{(data) => <CohortDetails key={data.id} cohort={data} />}</Answer>
    </Page>
  )
}

const TABS = [
  ['members', 'People'],
  ['criteria', 'Criteria'],
] as const

function CohortDetails({ cohort }: { cohort: CountedCohort }) {
  const [tab, setTab] = useState<(typeof TABS)[number][0]>('members')
  return (
    <div className="stack">
      <ListTold />
      {cohort.error !== undefined && (
        <div className="notice notice-warning" role="alert">
          Its criteria cannot be asked: {cohort.error}
        </div>
      )}
      <Figures>
        <Figure name="People">{cohort.count === null ? '…' : wholeNumber(cohort.count)}</Figure>
        <Figure name="Kind" text>
          <KindBadge cohort={cohort} />
        </Figure>
        <Figure name="Made" text>
          <Ago time={cohort.created_at} />
        </Figure>
      </Figures>
      {!cohort.is_static && <TabButtons label="About this cohort" tabs={TABS} current={tab} onChange={setTab} />}
      {tab === 'criteria' && !cohort.is_static ? <CohortCriteria cohort={cohort} /> : <Members cohort={cohort} />}
    </div>
  )
}

/** After a list was sent: how many of its ids are somebody's. */
function ListTold() {
  const [parameters] = useSearchParams()
  const sent = Number(parameters.get('sent'))
  const known = Number(parameters.get('known'))
  if (!(sent > 0)) return null
  return (
    <div className="notice notice-good" role="status">
      {wholeNumber(sent)} {sent === 1 ? 'id was' : 'ids were'} sent; {wholeNumber(known)}{' '}
      {known === 1 ? 'person was' : 'people were'} found and put on the list.
    </div>
  )
}

function Actions({ cohort }: { cohort: CountedCohort }) {
  const at = useAddress()
  const may = useMay('member')
  const [deleting, setDeleting] = useState(false)
  const query = {
    ...firstQuery('TrendsQuery'),
    properties: [{ key: 'id', type: 'cohort', operator: 'in', value: cohort.id }],
  }
  return (
    <>
      <Link to={at('cohorts')} className="button">
        All cohorts
      </Link>
      <Link to={at(`insights/new?q=${encodeURIComponent(questionText(query))}`)} className="button">
        Use in an insight
      </Link>
      {may && (
        <Button kind="danger" icon="trash" onClick={() => setDeleting(true)}>
          Delete
        </Button>
      )}
      {deleting && <DeleteDialog cohort={cohort} onClose={() => setDeleting(false)} />}
    </>
  )
}

function DeleteDialog({ cohort, onClose }: { cohort: CountedCohort; onClose: () => void }) {
  const remove = useDeleteCohort(cohort.id)
  const [, goTo] = useLocation()
  const at = useAddress()
  return (
    <Dialog
      title={`Delete ${cohort.name}?`}
      onClose={onClose}
      actions={
        <Button
          kind="danger"
          disabled={remove.isPending}
          onClick={() => remove.mutate(undefined, { onSuccess: () => goTo(at('cohorts')) })}
        >
          Delete it
        </Button>
      }
    >
      <p>The people in it stay. Insights, flags and cohorts that ask for it will fail until they are changed.</p>
      {remove.error && <Failure error={remove.error} />}
    </Dialog>
  )
}
