import type { Question, QuestionType } from '../../api/surveys'
import { Button } from '../../components/button'
import { Select, Switch, TextField } from '../../components/fields'
import { EMOJI_SCALES, QUESTION_TYPES, SCALES, withScale, withType, type Problems } from './survey-draft'

interface QuestionEditorProps {
  question: Question
  index: number
  count: number
  problems: Problems
  onFocus: () => void
  onChange: (question: Question) => void
  onMove: (step: -1 | 1) => void
  onRemove: () => void
}

export function QuestionEditor(props: QuestionEditorProps) {
  const { question, index, count, problems, onFocus, onChange, onMove, onRemove } = props
  const name = `Question ${index + 1}`
  const place = `questions.${index}`
  const change = (fields: Partial<Question>) => onChange({ ...question, ...fields })
  return (
    <section className="question" aria-label={name} onFocus={onFocus}>
      <div className="row">
        <h3 className="grow">{name}</h3>
        {index > 0 && <Button small kind="quiet" icon="up" aria-label={`Move ${name} up`} onClick={() => onMove(-1)} />}
        {index < count - 1 && (
          <Button small kind="quiet" icon="chevron" aria-label={`Move ${name} down`} onClick={() => onMove(1)} />
        )}
        <Button small kind="quiet" icon="trash" aria-label={`Remove ${name}`} onClick={onRemove} />
      </div>
      <TextField
        label="Question"
        error={problems[`${place}.question`]}
        value={question.question}
        onChange={(event) => change({ question: event.target.value })}
      />
      <Select
        label="Answered by"
        value={question.type}
        options={QUESTION_TYPES}
        onChange={(type) => onChange(withType(question, type as QuestionType))}
      />
      {question.type === 'rating' && <RatingOptions question={question} onChange={change} onScale={(scale) => onChange(withScale(question, scale))} />}
      {(question.type === 'single_choice' || question.type === 'multiple_choice') && (
        <Choices question={question} problem={problems[`${place}.choices`]} onChange={change} />
      )}
      {question.type === 'link' && (
        <TextField
          label="Address"
          placeholder="https://"
          error={problems[`${place}.link`]}
          value={question.link ?? ''}
          onChange={(event) => change({ link: event.target.value })}
        />
      )}
      {question.type !== 'link' && (
        <Switch
          label="May be left out"
          checked={question.optional === true}
          onChange={(optional) => change({ optional })}
        />
      )}
      <details>
        <summary className="soft small">Explanation and button</summary>
        <div className="question-more">
          <TextField
            label="Explanation"
            value={question.description ?? ''}
            onChange={(event) => change({ description: event.target.value })}
          />
          <TextField
            label="Text of the button"
            placeholder="Submit"
            value={question.buttonText ?? ''}
            onChange={(event) => change({ buttonText: event.target.value })}
          />
        </div>
      </details>
    </section>
  )
}

interface RatingOptionsProps {
  question: Question
  onChange: (fields: Partial<Question>) => void
  onScale: (scale: number) => void
}

const DISPLAYS = [
  ['number', 'Numbers'],
  ['emoji', 'Faces'],
] as const

function RatingOptions({ question, onChange, onScale }: RatingOptionsProps) {
  const scale = question.scale ?? 10
  return (
    <>
      <div className="question-pair">
        <Select label="Scale" value={String(scale)} options={SCALES} onChange={(text) => onScale(Number(text))} />
        {EMOJI_SCALES.includes(scale) && (
          <Select
            label="Drawn as"
            value={question.display ?? 'number'}
            options={scale === 2 ? DISPLAYS.slice(1) : DISPLAYS}
            onChange={(display) => onChange({ display: display as 'number' | 'emoji' })}
          />
        )}
      </div>
      <div className="question-pair">
        <TextField
          label="At the low end"
          value={question.lowerBoundLabel ?? ''}
          onChange={(event) => onChange({ lowerBoundLabel: event.target.value })}
        />
        <TextField
          label="At the high end"
          value={question.upperBoundLabel ?? ''}
          onChange={(event) => onChange({ upperBoundLabel: event.target.value })}
        />
      </div>
    </>
  )
}

interface ChoicesProps {
  question: Question
  problem: string | undefined
  onChange: (fields: Partial<Question>) => void
}

const CHOICES_MAX = 100

function Choices({ question, problem, onChange }: ChoicesProps) {
  const choices = question.choices ?? []
  const put = (next: string[]) => onChange({ choices: next })
  return (
    <fieldset className="question-choices">
      <legend className="field-label">Choices</legend>
      {choices.map((choice, index) => (
        <div key={index} className="row">
          <input
            className="input"
            aria-label={`Choice ${index + 1}`}
            aria-invalid={problem && choice.trim() === '' ? true : undefined}
            autoComplete="off"
            value={choice}
            onChange={(event) => put(choices.map((item, at) => (at === index ? event.target.value : item)))}
          />
          <Button
            small
            kind="quiet"
            icon="close"
            aria-label={`Remove choice ${index + 1}`}
            disabled={choices.length === 1}
            onClick={() => put(choices.toSpliced(index, 1))}
          />
        </div>
      ))}
      {problem && (
        <span className="field-error" role="alert">
          {problem}
        </span>
      )}
      <div>
        <Button small icon="plus" disabled={choices.length >= CHOICES_MAX} onClick={() => put([...choices, ''])}>
          Add a choice
        </Button>
      </div>
      <Switch
        label="The last choice can be written freely"
        checked={question.hasOpenChoice === true}
        onChange={(hasOpenChoice) => onChange({ hasOpenChoice })}
      />
    </fieldset>
  )
}
