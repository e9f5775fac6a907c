import { useId } from 'react'
import type { Appearance } from '../../api/surveys'
import { Select, Switch, TextField } from '../../components/fields'
import { Card } from '../../components/page'
import { COLOURS, hex } from './appearance'

interface AppearanceEditorProps {
  type: string
  appearance: Appearance
  onChange: (appearance: Appearance) => void
  onShowThanks: () => void
}

const POSITIONS = [
  ['right', 'Bottom right'],
  ['center', 'Bottom centre'],
  ['left', 'Bottom left'],
  ['middle_center', 'Middle of the page'],
  ['top_right', 'Top right'],
  ['top_left', 'Top left'],
] as const

export function AppearanceEditor({ type, appearance, onChange, onShowThanks }: AppearanceEditorProps) {
  const change = (fields: Appearance) => onChange({ ...appearance, ...fields })
  const thanks = appearance.displayThankYouMessage !== false
  if (type === 'api') return null
  return (
    <Card title="How it looks">
      <div className="stack">
        <div className="question-pair">
          <ColourField
            label="Background"
            value={hex(appearance.backgroundColor, COLOURS.background)}
            onChange={(backgroundColor) => change({ backgroundColor })}
          />
          <ColourField
            label="Button"
            value={hex(appearance.submitButtonColor, COLOURS.submit)}
            onChange={(submitButtonColor) => change({ submitButtonColor })}
          />
        </div>
        {type === 'widget' ? (
          <TextField
            label="Text of the button that opens it"
            placeholder="Feedback"
            value={appearance.widgetLabel ?? ''}
            onChange={(event) => change({ widgetType: appearance.widgetType ?? 'tab', widgetLabel: event.target.value })}
          />
        ) : (
          <Select
            label="Where"
            value={appearance.position ?? 'right'}
            options={POSITIONS}
            onChange={(position) => change({ position })}
          />
        )}
        <Switch
          label="Say thank you at the end"
          checked={thanks}
          onChange={(displayThankYouMessage) => change({ displayThankYouMessage })}
        />
        {thanks && (
          <div className="question-pair" onFocus={onShowThanks}>
            <TextField
              label="Thank you"
              placeholder="Thank you!"
              value={appearance.thankYouMessageHeader ?? ''}
              onChange={(event) => change({ thankYouMessageHeader: event.target.value })}
            />
            <TextField
              label="Below it"
              value={appearance.thankYouMessageDescription ?? ''}
              onChange={(event) => change({ thankYouMessageDescription: event.target.value })}
            />
          </div>
        )}
        <Switch
          label="Without “Survey by PostHog”"
          hint="The SDK writes it under each survey otherwise."
          checked={appearance.whiteLabel === true}
          onChange={(whiteLabel) => change({ whiteLabel })}
        />
      </div>
    </Card>
  )
}

interface ColourFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
}

function ColourField({ label, value, onChange }: ColourFieldProps) {
  const id = useId()
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <div className="row">
        <input id={id} type="color" className="colour" value={value} onChange={(event) => onChange(event.target.value)} />
        <code>{value}</code>
      </div>
    </div>
  )
}
