import { useState } from 'react'
import { useLocation } from 'wouter'
import { useAddress } from '../../api/project'
import { Button } from '../../components/button'
import { TextField } from '../../components/fields'
import { Link } from '../../components/link'
import { Page } from '../../components/page'
import { Failure } from '../../components/states'
import { TabButtons } from '../../components/tabs'
import { isAsking, NO_CRITERIA, wholeCriteria } from './criteria'
import { CriteriaEditor } from './criteria-editor'
import { IdsField } from './ids-field'
import { idsOfText } from './pasted-ids'
import { useMakeCohort } from './use-cohorts'
import '../../insights/insights.css'
import './cohorts.css'

const KINDS = [
  ['criteria', 'By criteria'],
  ['list', 'A fixed list'],
] as const

export default function NewCohortPage() {
  const at = useAddress()
  const [, goTo] = useLocation()
  const [name, setName] = useState('')
  const [kind, setKind] = useState<(typeof KINDS)[number][0]>('criteria')
  const [criteria, setCriteria] = useState(NO_CRITERIA)
  const [text, setText] = useState('')
  const make = useMakeCohort()
  const ids = kind === 'list' ? idsOfText(text) : []
  const isReady = name.trim() !== '' && (kind === 'list' ? ids.length > 0 : isAsking(criteria))
  const submit = () =>
    make.mutate(
      kind === 'list'
        ? { name: name.trim(), is_static: true, ids }
        : { name: name.trim(), filters: { properties: wholeCriteria(criteria) }, ids },
      {
        onSuccess: ({ cohort, added }) => {
          const told = kind === 'list' ? `?sent=${ids.length}&known=${added}` : ''
          goTo(at(`cohorts/${cohort.id}${told}`))
        },
      },
    )
  return (
    <Page
      title="New cohort"
      actions={
        <Link to={at('cohorts')} className="button">
          All cohorts
        </Link>
      }
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady) submit()
        }}
      >
        <div className="cohort-name">
          <TextField label="Name" value={name} maxLength={400} onChange={(event) => setName(event.target.value)} />
        </div>
        <TabButtons label="Kind of cohort" tabs={KINDS} current={kind} onChange={setKind} />
        {kind === 'criteria' ? (
          <>
            <p className="soft">Kept current: who matches now is in it, who no longer does is not.</p>
            <CriteriaEditor criteria={criteria} own={null} onChange={setCriteria} />
          </>
        ) : (
          <IdsField text={text} onChange={setText} />
        )}
        {make.error && <Failure error={make.error} />}
        <div className="row">
          <Button type="submit" kind="primary" disabled={!isReady || make.isPending}>
            Make the cohort
          </Button>
          {!isReady && (
            <span className="soft small">
              {name.trim() === '' ? 'It needs a name.' : kind === 'list' ? 'It needs at least one id.' : 'It needs at least one criterion.'}
            </span>
          )}
        </div>
      </form>
    </Page>
  )
}
