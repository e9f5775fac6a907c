import type { CSSProperties } from 'react'
import type { Question } from '../../api/surveys'
import { Button } from '../../components/button'
import { drawn } from './appearance'
import { Face } from './face'
import type { SurveyDraft } from './survey-draft'

interface SurveyPreviewProps {
  draft: SurveyDraft
  /** Which question; one more is the thank-you. */
  shown: number
  onShow: (index: number) => void
}

/** The survey as the SDK draws it, one question at a time; only to look at. */
export function SurveyPreview({ draft, shown, onShow }: SurveyPreviewProps) {
  const { questions, appearance } = draft
  const thanks = appearance.displayThankYouMessage !== false
  const last = questions.length - (thanks ? 0 : 1)
  const at = Math.max(0, Math.min(shown, last))
  const question = questions[at]
  return (
    <div className="stack-small">
      <div className="preview-page">
        <Pop draft={draft} question={question} />
      </div>
      <div className="row">
        <Button small kind="quiet" disabled={at === 0} onClick={() => onShow(at - 1)}>
          Before
        </Button>
        <span className="grow soft small preview-place">
          {question ? `Question ${at + 1} of ${questions.length}` : thanks ? 'Thank you' : 'No question yet'}
        </span>
        <Button small kind="quiet" disabled={at >= last} onClick={() => onShow(at + 1)}>
          Next
        </Button>
      </div>
      {draft.type === 'api' && <p className="soft small">Your code draws it: this is only what it asks.</p>}
    </div>
  )
}

function Pop({ draft, question }: { draft: SurveyDraft; question: Question | undefined }) {
  const { appearance, type } = draft
  const colours = drawn(appearance)
  const style = {
    '--pop-background': colours.background,
    '--pop-text': colours.text,
    '--pop-border': colours.border,
    '--pop-submit': colours.submit,
    '--pop-submit-text': colours.submitText,
    '--pop-rating': colours.rating,
    '--pop-rating-text': colours.ratingText,
  } as CSSProperties
  return (
    <div className="pop" style={style} role="group" aria-label="Preview">
      {question ? <Asked question={question} /> : <Thanks draft={draft} />}
      {appearance.whiteLabel !== true && <p className="pop-brand">Survey by PostHog</p>}
      {type === 'widget' && <span className="pop-tab">{written(appearance.widgetLabel, 'Feedback')}</span>}
    </div>
  )
}

/** What the SDK writes where nothing was written. */
const written = (text: string | undefined, otherwise: string): string =>
  text === undefined || text === '' ? otherwise : text

function Asked({ question }: { question: Question }) {
  return (
    <>
      <p className="pop-question">{written(question.question, 'Your question')}</p>
      {question.description && <p className="pop-small">{question.description}</p>}
      <AnsweredBy question={question} />
      <span className="pop-submit">{written(question.buttonText, 'Submit')}</span>
    </>
  )
}

function AnsweredBy({ question }: { question: Question }) {
  switch (question.type) {
    case 'open':
      return <span className="pop-text pop-small">Start typing...</span>
    case 'rating':
      return <Rating question={question} />
    case 'single_choice':
    case 'multiple_choice':
      return <Choices question={question} />
    case 'link':
      return null
  }
}

const SHOWN_MAX = 10

function Choices({ question }: { question: Question }) {
  const choices = question.choices ?? []
  const mark = question.type === 'single_choice' ? 'pop-mark pop-round' : 'pop-mark'
  return (
    <ul className="pop-choices">
      {choices.slice(0, SHOWN_MAX).map((choice, index) => (
        <li key={index}>
          <span className={mark} />
          <span className="wrap">
            {choice}
            {question.hasOpenChoice && index === choices.length - 1 && ': …'}
          </span>
        </li>
      ))}
      {choices.length > SHOWN_MAX && <li>and {choices.length - SHOWN_MAX} more</li>}
    </ul>
  )
}

function Rating({ question }: { question: Question }) {
  const scale = question.scale ?? 10
  const lowest = scale === 10 ? 0 : 1
  const values = Array.from({ length: scale - lowest + 1 }, (_, index) => index + lowest)
  return (
    <div>
      {question.display === 'emoji' ? (
        <div className="pop-faces">
          {values.map((value) => (
            <Face key={value} mood={scale === 1 ? 1 : (2 * (value - 1)) / (scale - 1) - 1} />
          ))}
        </div>
      ) : (
        <div className="pop-scale">
          {values.map((value) => (
            <span key={value}>{value}</span>
          ))}
        </div>
      )}
      {scale !== 2 && (
        <div className="pop-ends pop-small">
          <span>{question.lowerBoundLabel}</span>
          <span>{question.upperBoundLabel}</span>
        </div>
      )}
    </div>
  )
}

function Thanks({ draft: { appearance } }: { draft: SurveyDraft }) {
  return (
    <>
      <p className="pop-question">{written(appearance.thankYouMessageHeader, 'Thank you!')}</p>
      {appearance.thankYouMessageDescription && <p className="pop-small">{appearance.thankYouMessageDescription}</p>}
      <span className="pop-submit">Close</span>
    </>
  )
}
