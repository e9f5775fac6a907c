import { useState } from 'react'
import { Button } from '../../components/button'
import { Choice } from '../../components/choice'
import { Icon } from '../../components/icon'
import { Menu } from '../../components/menu'
import { TextField } from '../../components/fields'
import { Card } from '../../components/page'
import type { Question } from '../../api/surveys'
import { AppearanceEditor } from './appearance-editor'
import { QuestionEditor } from './question-editor'
import { newQuestion, QUESTION_TYPES, type Problems, type SurveyDraft } from './survey-draft'
import { SurveyPreview } from './survey-preview'
import { TargetEditor, WhenEditor } from './target-editor'

interface SurveyFormProps {
  draft: SurveyDraft
  problems: Problems
  /** Only to look at. */
  readOnly?: boolean
  onChange: (draft: SurveyDraft) => void
}

const TYPES = [
  ['popover', 'Pops up', 'In a corner of the page.'],
  ['widget', 'Behind a button', 'Opens when somebody asks for it.'],
  ['api', 'By your code', 'You draw it, and send the answers.'],
] as const

/** Everything of a survey that can be edited, beside how it looks. */
export function SurveyForm({ draft, problems, readOnly, onChange }: SurveyFormProps) {
  const [shown, setShown] = useState(0)
  const change = (fields: Partial<SurveyDraft>) => onChange({ ...draft, ...fields })
  return (
    <div className="survey">
      <fieldset className="fields stack" disabled={readOnly}>
        <Card title="What it is">
          <div className="stack">
            <TextField
              label="Name"
              hint="Only your team sees it."
              maxLength={400}
              error={problems.name}
              value={draft.name}
              onChange={(event) => change({ name: event.target.value })}
            />
            <TextField
              label="Description"
              value={draft.description}
              onChange={(event) => change({ description: event.target.value })}
            />
            <Choice
              label="How it comes to people"
              value={draft.type}
              options={TYPES}
              onChange={(type) => change({ type })}
            />
          </div>
        </Card>
        <Questions draft={draft} problems={problems} onChange={change} onShow={setShown} />
        <AppearanceEditor
          type={draft.type}
          appearance={draft.appearance}
          onChange={(appearance) => change({ appearance })}
          onShowThanks={() => setShown(draft.questions.length)}
        />
        <TargetEditor draft={draft} problems={problems} onChange={onChange} />
        <WhenEditor draft={draft} problems={problems} onChange={onChange} />
      </fieldset>
      <aside className="survey-aside" aria-label="How it looks">
        <SurveyPreview draft={draft} shown={shown} onShow={setShown} />
      </aside>
    </div>
  )
}

interface QuestionsProps {
  draft: SurveyDraft
  problems: Problems
  onChange: (fields: { questions: Question[] }) => void
  onShow: (index: number) => void
}

function Questions({ draft: { questions }, problems, onChange, onShow }: QuestionsProps) {
  const put = (next: Question[]) => onChange({ questions: next })
  return (
    <Card title="Questions">
      <div className="stack">
        <ol className="stack">
          {questions.map((question, index) => (
            // A new question has no name yet: it is known by its place.
            <li key={question.id ?? index}>
              <QuestionEditor
                question={question}
                index={index}
                count={questions.length}
                problems={problems}
                onFocus={() => onShow(index)}
                onChange={(changed) => put(questions.map((item, at) => (at === index ? changed : item)))}
                onMove={(step) => {
                  put(moved(questions, index, step))
                  onShow(index + step)
                }}
                onRemove={() => {
                  put(questions.toSpliced(index, 1))
                  onShow(Math.max(0, index - 1))
                }}
              />
            </li>
          ))}
        </ol>
        {problems.questions && (
          <span className="field-error" role="alert">
            {problems.questions}
          </span>
        )}
        <div>
          <Menu
            label="Add a question"
            buttonClass="button button-small"
            button={
              <>
                <Icon name="plus" /> Add a question
              </>
            }
          >
            {(close) =>
              QUESTION_TYPES.map(([type, text]) => (
                <Button
                  key={type}
                  kind="quiet"
                  className="menu-item"
                  onClick={() => {
                    put([...questions, newQuestion(type)])
                    onShow(questions.length)
                    close()
                  }}
                >
                  {text}
                </Button>
              ))
            }
          </Menu>
        </div>
      </div>
    </Card>
  )
}

function moved(questions: readonly Question[], index: number, step: -1 | 1): Question[] {
  const next = [...questions]
  const [item] = next.splice(index, 1)
  if (item) next.splice(index + step, 0, item)
  return next
}
