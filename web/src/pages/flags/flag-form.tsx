import { Choice } from '../../components/choice'
import { Select, Switch, TextField } from '../../components/fields'
import { Card } from '../../components/page'
import type { Runtime } from '../../api/flags'
import { ConditionsEditor } from './conditions-editor'
import { withKind, type FlagDraft, type Problems } from './flag-draft'
import { PayloadsEditor, VariantsEditor } from './variants-editor'

interface FlagFormProps {
  draft: FlagDraft
  problems: Problems
  /** Only to look at. */
  readOnly?: boolean
  onChange: (draft: FlagDraft) => void
}

const KINDS = [
  ['boolean', 'On or off', 'Those who get it see the change.'],
  ['variants', 'Several variants', 'Those who get it are split, as in an experiment.'],
] as const

const RUNTIMES = [
  ['all', 'Browsers, apps and servers'],
  ['client', 'Browsers and apps only'],
  ['server', 'Servers only'],
] as const

/** Everything of a flag that can be edited. */
export function FlagForm({ draft, problems, readOnly, onChange }: FlagFormProps) {
  const change = (fields: Partial<FlagDraft>) => onChange({ ...draft, ...fields })
  const rest = restOf(problems)
  return (
    <fieldset className="fields stack" disabled={readOnly}>
      <Card title="What it is">
        <div className="stack">
          <TextField
            label="Key"
            className="input mono"
            hint="Your code asks for the flag by it."
            autoComplete="off"
            spellCheck={false}
            error={problems.key}
            value={draft.key}
            onChange={(event) => change({ key: event.target.value })}
          />
          <TextField
            label="Description"
            hint="What changes for those who get it?"
            value={draft.name}
            onChange={(event) => change({ name: event.target.value })}
          />
          <Choice
            label="Kind"
            value={draft.isMultivariate ? 'variants' : 'boolean'}
            options={KINDS}
            onChange={(kind) => onChange(withKind(draft, kind === 'variants'))}
          />
          {draft.isMultivariate && <VariantsEditor draft={draft} problems={problems} onChange={onChange} />}
        </div>
      </Card>
      <Card title="Who gets it">
        <ConditionsEditor draft={draft} problems={problems} onChange={onChange} />
      </Card>
      <Card title="Payload">
        <PayloadsEditor draft={draft} problems={problems} onChange={onChange} />
      </Card>
      <Card title="How it is decided">
        <div className="stack">
          <Select
            label="Told to"
            value={draft.runtime}
            options={RUNTIMES}
            onChange={(runtime) => change({ runtime: runtime as Runtime })}
          />
          <Switch
            label="Keep the variant when somebody signs in"
            hint="What an anonymous visitor got goes with the person. Each first answer then asks the database."
            checked={draft.keepsVariant}
            onChange={(keepsVariant) => change({ keepsVariant })}
          />
        </div>
      </Card>
      {rest.map((text) => (
        <p key={text} className="field-error" role="alert">
          {text}
        </p>
      ))}
    </fieldset>
  )
}

const WITH_A_PLACE = /^(key$|filters\.(groups|payloads|multivariate)\b)/

/** What the server said of a place that this form does not show. */
const restOf = (problems: Problems): string[] =>
  Object.entries(problems).flatMap(([place, text]) => (WITH_A_PLACE.test(place) ? [] : [text]))
