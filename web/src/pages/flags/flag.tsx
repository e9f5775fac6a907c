import { useState } from 'react'
import { useLocation, useParams, useSearchParams } from 'wouter'
import { ApiError } from '../../api/client'
import { useChangeFlag, useFlag, type Flag, type FlagFields } from '../../api/flags'
import { useAddress } from '../../api/project'
import { useMay } from '../../api/session'
import { Button } from '../../components/button'
import { Link } from '../../components/link'
import { Page } from '../../components/page'
import { SaveBar } from '../../components/save-bar'
import { Answer, Empty, Failure } from '../../components/states'
import { TabButtons } from '../../components/tabs'
import { draftOf, isSame, newDraft, problemsOf, sentOf, type FlagDraft, type Problems } from './flag-draft'
import { FlagForm } from './flag-form'
import { FlagHistory } from './flag-history'
import { FlagState } from './flag-state'
import { FlagUsage } from './flag-usage'
import { FlagCode } from './flag-code'
import { WhoGetsIt } from './who-gets-it'
import './flags.css'

/** `flags/new` and `flags/:flagId`. */
export default function FlagPage() {
  const { flagId } = useParams<{ flagId: string }>()
  return flagId === 'new' ? <NewFlag /> : <SavedFlag key={flagId} id={flagId} />
}

function SavedFlag({ id }: { id: string }) {
  const flag = useFlag(id)
  if (flag.data) return <FlagEditor flag={flag.data} />
  return (
    <Page title="Feature flag">
      <Answer query={flag}>{() => null}</Answer>
    </Page>
  )
}

function NewFlag() {
  const at = useAddress()
  const [, goTo] = useLocation()
  const [draft, setDraft] = useState(newDraft)
  const [isTouched, setTouched] = useState(false)
  const save = useChangeFlag()
  const problems = problemsOf(draft)
  const isWrong = Object.keys(problems).length > 0
  const make = () => {
    setTouched(true)
    if (isWrong) return
    save.mutate({ id: null, ...sentOf(draft) }, { onSuccess: (made) => goTo(at(`flags/${made.id}`)) })
  }
  return (
    <Page
      title="New feature flag"
      actions={
        <Link to={at('flags')} className="button">
          All flags
        </Link>
      }
    >
      <div className="flag">
        <FlagForm
          draft={draft}
          problems={shownProblems(problems, isTouched ? null : draft, save.error)}
          onChange={(next) => {
            save.reset()
            setDraft(next)
          }}
        />
        <aside className="stack" aria-label="About this flag">
          <FlagCode draft={draft} />
        </aside>
      </div>
      <Refusal error={save.error} />
      <SaveBar text={isTouched && isWrong ? WRONG : 'Nobody gets it before it is made.'} isWrong={isTouched && isWrong}>
        <Button kind="primary" disabled={save.isPending} onClick={make}>
          Make the flag
        </Button>
      </SaveBar>
    </Page>
  )
}

const WRONG = 'Something is not right yet: see above.'

const TABS = [
  ['definition', 'Definition'],
  ['usage', 'Usage'],
  ['history', 'History'],
] as const

type Tab = (typeof TABS)[number][0]

function FlagEditor({ flag }: { flag: Flag }) {
  const at = useAddress()
  const mayChange = useMay('member')
  const [parameters, setParameters] = useSearchParams()
  const tab = TABS.find(([id]) => id === parameters.get('tab'))?.[0] ?? 'definition'
  // What has been changed here, and of which version; nothing while it is as it was saved.
  const [edited, setEdited] = useState<{ draft: FlagDraft; version: number } | null>(null)
  const saved = draftOf(flag)
  const draft = edited?.draft ?? saved
  const isChanged = !isSame(draft, saved)
  const save = useChangeFlag()
  const problems = problemsOf(draft)
  const isWrong = Object.keys(problems).length > 0
  const store = (fields: FlagFields) =>
    save.mutate({ id: flag.id, version: edited?.version ?? flag.version, ...fields }, { onSuccess: () => setEdited(null) })
  return (
    <Page
      title={flag.key}
      intro={flag.name}
      actions={
        <Link to={at('flags')} className="button">
          All flags
        </Link>
      }
    >
      {flag.deleted && <Deleted flag={flag} />}
      <TabButtons<Tab>
        label="Parts of this flag"
        tabs={TABS}
        current={tab}
        onChange={(id) => setParameters(id === 'definition' ? {} : { tab: id }, { replace: true })}
      />
      {tab === 'definition' && (
        <div className="flag">
          <FlagForm
            draft={draft}
            problems={shownProblems(problems, null, save.error)}
            readOnly={!mayChange || flag.deleted}
            onChange={(next) => {
              save.reset()
              setEdited({ draft: next, version: edited?.version ?? flag.version })
            }}
          />
          <aside className="stack" aria-label="About this flag">
            <FlagState
              flag={flag}
              onChanged={({ version }) => setEdited((before) => before && { ...before, version })}
            />
            <WhoGetsIt flag={flag} isChanged={isChanged} />
            <FlagCode draft={draft} />
          </aside>
        </div>
      )}
      {mayChange && isChanged && (
        <>
          <Refusal error={save.error} />
          <SaveBar text={isWrong ? WRONG : 'Your changes are not saved yet.'} isWrong={isWrong}>
            <Button
              onClick={() => {
                save.reset()
                setEdited(null)
              }}
            >
              Discard
            </Button>
            <Button kind="primary" disabled={isWrong || save.isPending} onClick={() => store(sentOf(draft))}>
              Save
            </Button>
          </SaveBar>
        </>
      )}
      {tab === 'usage' && <FlagUsage flag={flag} />}
      {tab === 'history' && <FlagHistory flag={flag} />}
    </Page>
  )
}

function Deleted({ flag }: { flag: Flag }) {
  const mayChange = useMay('member')
  const change = useChangeFlag()
  return (
    <Empty
      icon="trash"
      title="This flag is deleted"
      action={
        mayChange && (
          <Button kind="primary" onClick={() => change.mutate({ id: flag.id, deleted: false })}>
            Bring it back
          </Button>
        )
      }
    >
      It is off for everyone, and its key is free.
      {change.error && <Failure error={change.error} />}
    </Empty>
  )
}

/** What the server refuses at a place of the form is said there. */
function Refusal({ error }: { error: unknown }) {
  if (!error) return null
  if (error instanceof ApiError && error.status === 400 && isPlace(error.attribute)) return null
  return <Failure error={error} />
}

const isPlace = (attribute: string | null): attribute is string =>
  attribute !== null && (attribute === 'key' || attribute.startsWith('filters.'))

/** An empty key is no fault before somebody has tried to save. */
function shownProblems(problems: Problems, untouched: FlagDraft | null, error: unknown): Problems {
  const { key, ...others } = problems
  const own = untouched?.key === '' || key === undefined ? others : problems
  if (error instanceof ApiError && error.status === 400 && isPlace(error.attribute)) {
    return { ...own, [error.attribute]: error.detail }
  }
  return own
}
