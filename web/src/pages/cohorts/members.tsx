import { useState } from 'react'
import type { Person } from '../../api/answers'
import { useAddress } from '../../api/project'
import { useMay } from '../../api/session'
import { Avatar } from '../../components/avatar'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { wholeNumber } from '../../components/format'
import { Link } from '../../components/link'
import { Empty, Failure, Skeleton } from '../../components/states'
import { Ago } from '../../components/time'
import { IdsField } from './ids-field'
import { idsOfText } from './pasted-ids'
import { useAddMembers, useMembers, useRemoveMember, type CountedCohort } from './use-cohorts'

/** Who is in the cohort now; a list can be changed here. */
export function Members({ cohort }: { cohort: CountedCohort }) {
  const members = useMembers(cohort.id)
  const [adding, setAdding] = useState(false)
  const found = members.data?.pages.flatMap(({ results }) => results) ?? []
  const mayChange = useMay('member') && cohort.is_static
  const add = mayChange && (
    <Button icon="plus" onClick={() => setAdding(true)}>
      Add people
    </Button>
  )
  return (
    <div className="stack">
      {found.length > 0 && add && <div>{add}</div>}
      {members.error && <Failure error={members.error} onRetry={() => void members.refetch()} />}
      {members.isPending && <Skeleton lines={6} />}
      {members.data && found.length === 0 && (
        <Empty icon="people" title="Nobody is in this cohort" action={add}>
          {cohort.is_static ? 'Nobody is on its list yet.' : 'Nobody matches its criteria just now.'}
        </Empty>
      )}
      {found.length > 0 && <MemberTable people={found} cohort={cohort} mayRemove={mayChange} />}
      {members.hasNextPage && (
        <div>
          <Button disabled={members.isFetching} onClick={() => void members.fetchNextPage()}>
            {members.isFetching ? 'Loading …' : 'Show more'}
          </Button>
        </div>
      )}
      {adding && <AddDialog cohort={cohort} onClose={() => setAdding(false)} />}
    </div>
  )
}

interface MemberTableProps {
  people: Person[]
  cohort: CountedCohort
  mayRemove: boolean
}

function MemberTable({ people, cohort, mayRemove }: MemberTableProps) {
  const at = useAddress()
  const remove = useRemoveMember(cohort.id)
  return (
    <>
      {remove.error && <Failure error={remove.error} />}
      <div className="table-box">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Person</th>
              <th scope="col" className="right">
                First seen
              </th>
              {mayRemove && (
                <th scope="col" className="right">
                  <span className="visually-hidden">Take off the list</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {people.map((person) => (
              <tr key={person.id}>
                <td>
                  <Link to={at(`people/${person.id}`)} className="row link-plain">
                    <Avatar name={person.name} />
                    <span className="cut">{person.name}</span>
                  </Link>
                </td>
                <td className="right soft">
                  <Ago time={person.created_at} />
                </td>
                {mayRemove && (
                  <td className="right">
                    <Button
                      small
                      kind="quiet"
                      icon="close"
                      aria-label={`Take ${person.name} off the list`}
                      disabled={remove.isPending}
                      onClick={() => remove.mutate(person.id)}
                    />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

function AddDialog({ cohort, onClose }: { cohort: CountedCohort; onClose: () => void }) {
  const [text, setText] = useState('')
  const add = useAddMembers(cohort.id)
  const ids = idsOfText(text)
  if (add.data !== undefined) {
    return (
      <Dialog title="Add people" onClose={onClose}>
        <p role="status">
          {wholeNumber(ids.length)} {ids.length === 1 ? 'id was' : 'ids were'} sent; {wholeNumber(add.data)}{' '}
          {add.data === 1 ? 'person was' : 'people were'} found and put on the list.
        </p>
      </Dialog>
    )
  }
  return (
    <Dialog
      title="Add people"
      onClose={onClose}
      actions={
        <Button kind="primary" disabled={ids.length === 0 || add.isPending} onClick={() => add.mutate(ids)}>
          Add them
        </Button>
      }
    >
      <IdsField text={text} onChange={setText} />
      {add.error && <Failure error={add.error} />}
    </Dialog>
  )
}
