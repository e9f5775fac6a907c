import { useState } from 'react'
import { useLocation } from 'wouter'
import { useAddress } from '../../api/project'
import { useMay } from '../../api/session'
import { useChangeSurvey, useDeleteSurvey, type Survey, type SurveyFields } from '../../api/surveys'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { Link } from '../../components/link'
import { Menu } from '../../components/menu'
import { Failure } from '../../components/states'
import { problemsOf, draftOf } from './survey-draft'
import { STATE_BADGES, STATE_WORDS, stateOf } from './survey-state'
import { whoWords } from './who-words'

interface SurveyActionsProps {
  survey: Survey
  /** There are changes that are not saved. */
  isChanged: boolean
}

/** Its state, and what can be done with it: launch, stop, resume, archive, delete. */
export function SurveyActions({ survey, isChanged }: SurveyActionsProps) {
  const at = useAddress()
  const mayChange = useMay('member')
  const change = useChangeSurvey()
  const [open, setOpen] = useState<'launch' | 'delete' | null>(null)
  const [now] = useState(() => new Date())
  // A change may have come after the page was opened.
  const state = stateOf(survey, new Date(Math.max(now.getTime(), new Date(survey.updated_at).getTime())))
  const set = (fields: SurveyFields) => change.mutate({ id: survey.id, ...fields })
  const isWhole = Object.keys(problemsOf(draftOf(survey))).length === 0
  return (
    <>
      <span className={`${STATE_BADGES[state]} survey-state`} role="status">
        {STATE_WORDS[state]}
      </span>
      <Link to={at('surveys')} className="button">
        All surveys
      </Link>
      {mayChange && (state === 'draft' || state === 'planned') && (
        <Button
          kind="primary"
          icon="play"
          disabled={isChanged || !isWhole || change.isPending}
          onClick={() => setOpen('launch')}
        >
          Launch
        </Button>
      )}
      {mayChange && state === 'running' && (
        <Button icon="stop" disabled={change.isPending} onClick={() => set({ end_date: new Date().toISOString() })}>
          Stop
        </Button>
      )}
      {mayChange && state === 'ended' && (
        <Button icon="play" disabled={change.isPending} onClick={() => set({ end_date: null })}>
          Resume
        </Button>
      )}
      {mayChange && (
        <Menu label="More for this survey" right button={<span aria-hidden="true">···</span>}>
          {(close) => (
            <>
              <button
                type="button"
                className="menu-item"
                onClick={() => {
                  set({ archived: !survey.archived })
                  close()
                }}
              >
                {survey.archived ? 'Take out of the archive' : 'Archive: ask nobody any more'}
              </button>
              <button
                type="button"
                className="menu-item"
                onClick={() => {
                  setOpen('delete')
                  close()
                }}
              >
                Delete
              </button>
            </>
          )}
        </Menu>
      )}
      {change.error && open === null && <Failure error={change.error} />}
      {open === 'launch' && (
        <Dialog
          title="Launch this survey?"
          onClose={() => setOpen(null)}
          actions={
            <Button
              kind="primary"
              disabled={change.isPending}
              onClick={() =>
                change.mutate(
                  { id: survey.id, start_date: new Date().toISOString(), end_date: null },
                  { onSuccess: () => setOpen(null) },
                )
              }
            >
              Launch it
            </Button>
          }
        >
          <p>{whoWords(survey)} It reaches browsers within a minute, and can be stopped at any time.</p>
          {change.error && <Failure error={change.error} />}
        </Dialog>
      )}
      {open === 'delete' && <DeleteDialog survey={survey} onClose={() => setOpen(null)} />}
    </>
  )
}

function DeleteDialog({ survey, onClose }: { survey: Survey; onClose: () => void }) {
  const at = useAddress()
  const [, goTo] = useLocation()
  const remove = useDeleteSurvey()
  return (
    <Dialog
      title="Delete this survey?"
      onClose={onClose}
      actions={
        <Button
          kind="danger"
          disabled={remove.isPending}
          onClick={() => remove.mutate(survey.id, { onSuccess: () => goTo(at('surveys')) })}
        >
          Delete
        </Button>
      }
    >
      <p>“{survey.name}” is gone for good. What was answered stays, as events. To only hide it, archive it.</p>
      {remove.error && <Failure error={remove.error} />}
    </Dialog>
  )
}
