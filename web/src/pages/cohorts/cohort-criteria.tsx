import { useState } from 'react'
import { useMay } from '../../api/session'
import { Button } from '../../components/button'
import { Code } from '../../components/code'
import { TextField } from '../../components/fields'
import { Failure } from '../../components/states'
import { isAsking, readCriteria, wholeCriteria, type Criteria } from './criteria'
import { CriteriaEditor } from './criteria-editor'
import { useChangeCohort, type CountedCohort } from './use-cohorts'

/** Name and criteria of a dynamic cohort, changed together. */
export function CohortCriteria({ cohort }: { cohort: CountedCohort }) {
  const kept = readCriteria(cohort.filters)
  return kept === null ? <TooManyLevels cohort={cohort} /> : <Editor cohort={cohort} kept={kept} />
}

function Editor({ cohort, kept }: { cohort: CountedCohort; kept: Criteria }) {
  const [name, setName] = useState(cohort.name)
  const [criteria, setCriteria] = useState(kept)
  const change = useChangeCohort(cohort.id)
  const may = useMay('member')
  const isReady = name.trim() !== '' && isAsking(criteria)
  const put = (next: Criteria) => {
    change.reset()
    setCriteria(next)
  }
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        change.mutate({ name: name.trim(), filters: { properties: wholeCriteria(criteria) } })
      }}
    >
      <div className="cohort-name">
        <TextField label="Name" value={name} maxLength={400} onChange={(event) => setName(event.target.value)} />
      </div>
      <CriteriaEditor criteria={criteria} own={cohort.id} onChange={put} />
      {change.error && <Failure error={change.error} />}
      {may && (
        <div className="row">
          <Button type="submit" kind="primary" disabled={!isReady || change.isPending}>
            Save
          </Button>
          {change.isSuccess && <span className="soft">Saved.</span>}
          {!isReady && <span className="soft small">It needs a name and at least one criterion.</span>}
        </div>
      )}
    </form>
  )
}

function TooManyLevels({ cohort }: { cohort: CountedCohort }) {
  return (
    <div className="stack">
      <p className="soft">
        These criteria were made through the API, with more levels than can be edited here. They stay
        as they are.
      </p>
      <Code text={JSON.stringify(cohort.filters, null, 2)} />
    </div>
  )
}
