import { isOfSurvey, useFlags } from '../../api/flags'
import type { SurveyConditions } from '../../api/surveys'
import { Select, TextField } from '../../components/fields'
import { Card } from '../../components/page'
import { isoTime, localTime, type Problems, type SurveyDraft } from './survey-draft'

interface PartProps {
  draft: SurveyDraft
  problems: Problems
  onChange: (draft: SurveyDraft) => void
}

const MATCHES = [
  ['icontains', 'contains'],
  ['not_icontains', 'does not contain'],
  ['exact', 'is exactly'],
  ['is_not', 'is not'],
  ['regex', 'matches regex'],
  ['not_regex', 'does not match regex'],
] as const

const EVERYBODY = ''

/** Who is asked, and where. */
export function TargetEditor({ draft, problems, onChange }: PartProps) {
  const flags = useFlags().data?.results ?? []
  const { conditions, linkedFlagId } = draft
  const change = (fields: SurveyConditions) => onChange({ ...draft, conditions: { ...conditions, ...fields } })
  const setWait = (text: string) => {
    const { seenSurveyWaitPeriodInDays: _before, ...rest } = conditions
    onChange({ ...draft, conditions: text === '' ? rest : { ...rest, seenSurveyWaitPeriodInDays: Number(text) } })
  }
  const offered = flags.filter((flag) => !isOfSurvey(flag))
  const known = offered.map(({ id, key }) => [String(id), `Only who gets ${key}`] as const)
  const chosen = linkedFlagId === null ? EVERYBODY : String(linkedFlagId)
  const isKnown = chosen === EVERYBODY || known.some(([id]) => id === chosen)
  return (
    <Card title="Who is asked">
      <div className="stack">
        <Select
          label="People"
          value={chosen}
          options={[[EVERYBODY, 'Everybody'], ...known, ...(isKnown ? [] : [[chosen, `Flag ${chosen}`] as const])]}
          onChange={(id) => onChange({ ...draft, linkedFlagId: id === EVERYBODY ? null : Number(id) })}
        />
        {draft.type !== 'api' && (
          <div className="question-pair question-pair-narrow">
            <Select
              label="Address of the page"
              value={conditions.urlMatchType ?? 'icontains'}
              options={MATCHES}
              onChange={(urlMatchType) => change({ urlMatchType })}
            />
            <TextField
              label="What it is compared with"
              placeholder="any page"
              value={conditions.url ?? ''}
              onChange={(event) => change({ url: event.target.value })}
            />
          </div>
        )}
        <TextField
          label="Days since they last saw a survey"
          hint="Empty: however many."
          type="number"
          min={1}
          error={problems.wait}
          value={conditions.seenSurveyWaitPeriodInDays ?? ''}
          onChange={(event) => setWait(event.target.value)}
        />
      </div>
    </Card>
  )
}

/** From when to when, and how many answers are enough. */
export function WhenEditor({ draft, problems, onChange }: PartProps) {
  return (
    <Card title="When">
      <div className="stack">
        <div className="question-pair">
          <TextField
            label="Starts"
            hint="Empty: when it is launched."
            type="datetime-local"
            value={localTime(draft.start)}
            onChange={(event) => onChange({ ...draft, start: isoTime(event.target.value) })}
          />
          <TextField
            label="Ends"
            hint="Empty: when it is stopped."
            type="datetime-local"
            error={problems.end_date}
            value={localTime(draft.end)}
            onChange={(event) => onChange({ ...draft, end: isoTime(event.target.value) })}
          />
        </div>
        <TextField
          label="Enough answers"
          hint="It ends by itself at so many. Empty: never."
          type="number"
          min={1}
          error={problems.responses_limit}
          value={draft.responsesLimit ?? ''}
          onChange={(event) =>
            onChange({ ...draft, responsesLimit: event.target.value === '' ? null : Number(event.target.value) })
          }
        />
      </div>
    </Card>
  )
}
