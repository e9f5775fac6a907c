import { useState } from 'react'
import { useLocation, useParams, useSearchParams } from 'wouter'
import { ApiError } from '../../api/client'
import { useAddress } from '../../api/project'
import { useMay } from '../../api/session'
import { useChangeSurvey, useSurvey, type Survey } from '../../api/surveys'
import { Button } from '../../components/button'
import { Link } from '../../components/link'
import { Page } from '../../components/page'
import { SaveBar } from '../../components/save-bar'
import { Answer, Failure } from '../../components/states'
import { TabButtons } from '../../components/tabs'
import { SurveyActions } from './survey-actions'
import { draftOf, isSame, newDraft, problemsOf, sentOf, type Problems, type SurveyDraft } from './survey-draft'
import { SurveyForm } from './survey-form'
import { SurveyResults } from './survey-results'
import './surveys.css'

const WRONG = 'Something is not right yet: see above.'

/** `surveys/new` and `surveys/:surveyId`. */
export default function SurveyPage() {
  const { surveyId } = useParams<{ surveyId: string }>()
  return surveyId === 'new' ? <NewSurvey /> : <SavedSurvey key={surveyId} id={surveyId} />
}

function SavedSurvey({ id }: { id: string }) {
  const survey = useSurvey(id)
  if (survey.data) return <SurveyEditor survey={survey.data} />
  return (
    <Page title="Survey">
      <Answer query={survey}>{() => null}</Answer>
    </Page>
  )
}

function NewSurvey() {
  const at = useAddress()
  const [, goTo] = useLocation()
  const [draft, setDraft] = useState(newDraft)
  const [isTouched, setTouched] = useState(false)
  const save = useChangeSurvey()
  const problems = problemsOf(draft)
  const isWrong = Object.keys(problems).length > 0
  const make = () => {
    setTouched(true)
    if (isWrong) return
    save.mutate({ id: null, ...sentOf(draft) }, { onSuccess: (made) => goTo(at(`surveys/${made.id}`)) })
  }
  return (
    <Page
      title="New survey"
      actions={
        <Link to={at('surveys')} className="button">
          All surveys
        </Link>
      }
    >
      <SurveyForm
        draft={draft}
        problems={withRefusal(isTouched ? problems : {}, save.error)}
        onChange={(next) => {
          save.reset()
          setDraft(next)
        }}
      />
      <Refusal error={save.error} />
      <SaveBar
        text={isTouched && isWrong ? WRONG : 'A draft is shown to nobody until it is launched.'}
        isWrong={isTouched && isWrong}
      >
        <Button kind="primary" disabled={save.isPending} onClick={make}>
          Make the draft
        </Button>
      </SaveBar>
    </Page>
  )
}

const TABS = [
  ['results', 'Results'],
  ['definition', 'Definition'],
] as const

type Tab = (typeof TABS)[number][0]

function SurveyEditor({ survey }: { survey: Survey }) {
  const mayChange = useMay('member')
  const [parameters, setParameters] = useSearchParams()
  const asked = TABS.find(([id]) => id === parameters.get('tab'))?.[0]
  // A draft has no results to look at.
  const tab = asked ?? (survey.start_date === null ? 'definition' : 'results')
  const [edited, setEdited] = useState<SurveyDraft | null>(null)
  const saved = draftOf(survey)
  const draft = edited ?? saved
  const isChanged = !isSame(draft, saved)
  const save = useChangeSurvey()
  const problems = problemsOf(draft)
  const isWrong = Object.keys(problems).length > 0
  return (
    <Page title={survey.name} intro={survey.description} actions={<SurveyActions survey={survey} isChanged={isChanged} />}>
      <TabButtons<Tab>
        label="Parts of this survey"
        tabs={TABS}
        current={tab}
        onChange={(id) => setParameters({ tab: id }, { replace: true })}
      />
      {tab === 'results' && <SurveyResults survey={survey} />}
      {tab === 'definition' && (
        <SurveyForm
          draft={draft}
          problems={withRefusal(problems, save.error)}
          readOnly={!mayChange}
          onChange={(next) => {
            save.reset()
            setEdited(next)
          }}
        />
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
            <Button
              kind="primary"
              disabled={isWrong || save.isPending}
              onClick={() => save.mutate({ id: survey.id, ...sentOf(draft) }, { onSuccess: () => setEdited(null) })}
            >
              Save
            </Button>
          </SaveBar>
        </>
      )}
    </Page>
  )
}

const PLACES = /^(name$|questions\.\d+\.(question|choices|link)$|end_date$|responses_limit$)/

const placeOf = (error: unknown): string | null =>
  error instanceof ApiError && error.status === 400 && error.attribute !== null && PLACES.test(error.attribute)
    ? error.attribute
    : null

/** What the server refuses at a place of the form is said there. */
function withRefusal(problems: Problems, error: unknown): Problems {
  const place = placeOf(error)
  return place !== null && error instanceof ApiError ? { ...problems, [place]: error.detail } : problems
}

function Refusal({ error }: { error: unknown }) {
  return error && placeOf(error) === null ? <Failure error={error} /> : null
}
