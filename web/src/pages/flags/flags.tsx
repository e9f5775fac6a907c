import { useDeferredValue, useState } from 'react'
import { useSearchParams } from 'wouter'
import { isOfSurvey, useChangeFlag, useFlags, type Flag } from '../../api/flags'
import { useAddress } from '../../api/project'
import { useMay } from '../../api/session'
import { Button } from '../../components/button'
import { Search } from '../../components/fields'
import { Icon } from '../../components/icon'
import { Link } from '../../components/link'
import { Page } from '../../components/page'
import { Answer, Empty, Failure } from '../../components/states'
import { Ago } from '../../components/time'
import { Toast } from '../../components/toast'
import { kindWords, rolloutWords } from './rollout-words'
import { useNames } from './use-names'
import './flags.css'

/** What was done last, and how it is taken back. */
interface Done {
  text: string
  undo: { id: number; active?: boolean; deleted?: boolean }
}

export default function FlagsPage() {
  const at = useAddress()
  const mayMake = useMay('member')
  const [parameters, setParameters] = useSearchParams()
  const search = parameters.get('search') ?? ''
  const flags = useFlags(useDeferredValue(search))
  const change = useChangeFlag()
  const [done, setDone] = useState<Done | null>(null)
  const setSearch = (text: string) => setParameters(text === '' ? {} : { search: text }, { replace: true })
  const create = mayMake && (
    <Link to={at('flags/new')} className="button button-primary">
      <Icon name="plus" /> New flag
    </Link>
  )
  const apply = (fields: Done['undo'], text: string, undo: Done['undo']) =>
    change.mutate(fields, { onSuccess: () => setDone({ text, undo }) })
  return (
    <Page
      title="Feature flags"
      intro="Switch parts of your program on for some people, or give people different variants."
      actions={create}
    >
      <Search label="Search key or description" value={search} onChange={setSearch} />
      {change.error && <Failure error={change.error} />}
      <Answer query={flags}>
        {({ results, count }) =>
          results.length > 0 ? (
            <>
              <FlagTable
                flags={results}
                mayChange={mayMake}
                pending={change.isPending ? change.variables.id : null}
                onSwitch={(flag, active) =>
                  apply({ id: flag.id, active }, `${flag.key} is ${active ? 'on' : 'off for everyone'}.`, {
                    id: flag.id,
                    active: !active,
                  })
                }
                onDelete={(flag) =>
                  apply({ id: flag.id, deleted: true }, `${flag.key} is deleted.`, { id: flag.id, deleted: false })
                }
              />
              {count !== undefined && count > results.length && (
                <p className="soft">The newest {results.length} of {count} are shown. Search for others.</p>
              )}
            </>
          ) : search === '' ? (
            <Empty icon="flag" title="No feature flags yet" action={create}>
              A flag lets you release a change to a few people first, and take it back in a second.
            </Empty>
          ) : (
            <Empty
              icon="search"
              title={`No flag matches “${search}”`}
              action={<Button onClick={() => setSearch('')}>Clear the search</Button>}
            />
          )
        }
      </Answer>
      {done && (
        <Toast
          text={done.text}
          onUndo={() => change.mutate(done.undo, { onSuccess: () => setDone(null) })}
          onClose={() => setDone(null)}
        />
      )}
    </Page>
  )
}

interface FlagTableProps {
  flags: Flag[]
  mayChange: boolean
  /** The flag that is being changed. */
  pending: number | null
  onSwitch: (flag: Flag, active: boolean) => void
  onDelete: (flag: Flag) => void
}

function FlagTable({ flags, ...rest }: FlagTableProps) {
  return (
    <div className="table-box">
      <table className="table flags-table">
        <thead>
          <tr>
            <th scope="col">On</th>
            <th scope="col">Flag</th>
            <th scope="col" className="wide-only">Released to</th>
            <th scope="col" className="wide-only">Kind</th>
            <th scope="col" className="wide-only right">Changed</th>
            {rest.mayChange && (
              <th scope="col">
                <span className="visually-hidden">Delete</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {flags.map((flag) => (
            <FlagRow key={flag.id} flag={flag} {...rest} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function FlagRow({ flag, mayChange, pending, onSwitch, onDelete }: Omit<FlagTableProps, 'flags'> & { flag: Flag }) {
  const at = useAddress()
  const names = useNames()
  const words = rolloutWords(flag.filters, names)
  return (
    <tr>
      <td className="flags-switch">
        <input
          type="checkbox"
          role="switch"
          className="switch"
          aria-label={`${flag.key} is on`}
          checked={pending === flag.id ? !flag.active : flag.active}
          disabled={!mayChange}
          onChange={(event) => onSwitch(flag, event.target.checked)}
        />
      </td>
      <td>
        <div className="row">
          <Link to={at(`flags/${flag.id}`)} className="link-plain mono cut">
            {flag.key}
          </Link>
          {isOfSurvey(flag) && <span className="badge">of a survey</span>}
        </div>
        {flag.name !== '' && <div className="soft small cut">{flag.name}</div>}
        <div className="narrow-only soft small cut">{words}</div>
      </td>
      <td className="wide-only">
        <span className={flag.active ? 'flags-words' : 'flags-words soft'} title={words}>
          {words}
        </span>
      </td>
      <td className="soft wide-only flags-kind">{kindWords(flag.filters)}</td>
      <td className="right soft wide-only">
        <Ago time={flag.updated_at} />
      </td>
      {mayChange && (
        <td className="right flags-more">
          <Button small kind="quiet" icon="trash" aria-label={`Delete ${flag.key}`} onClick={() => onDelete(flag)} />
        </td>
      )}
    </tr>
  )
}
