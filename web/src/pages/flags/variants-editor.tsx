import { Button } from '../../components/button'
import { TextArea } from '../../components/fields'
import {
  answersOf,
  evenShares,
  ON,
  shareTotal,
  shownShare,
  withoutVariant,
  withVariantAdded,
  withVariantKey,
  type FlagDraft,
  type Problems,
} from './flag-draft'

interface VariantsEditorProps {
  draft: FlagDraft
  problems: Problems
  onChange: (draft: FlagDraft) => void
}

const PLACE = 'filters.multivariate.variants'

/** What people who get the flag are given, and how many of them each. */
export function VariantsEditor({ draft, problems, onChange }: VariantsEditorProps) {
  const { variants } = draft
  const total = shareTotal(variants)
  const problem = problems[PLACE]
  return (
    <div className="stack-small">
      <ShareBar draft={draft} />
      <table className="variants">
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col">Description</th>
            <th scope="col">Share</th>
            <th scope="col">
              <span className="visually-hidden">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {variants.map((variant, index) => (
            <tr key={index}>
              <td>
                <Cell
                  label={`Key of variant ${index + 1}`}
                  className="mono"
                  value={variant.key}
                  problem={problems[`${PLACE}.${index}.key`]}
                  onChange={(key) => onChange(withVariantKey(draft, index, key))}
                />
              </td>
              <td>
                <Cell
                  label={`Description of variant ${index + 1}`}
                  value={variant.name ?? ''}
                  onChange={(name) => onChange(withVariant(draft, index, { name }))}
                />
              </td>
              <td>
                <Cell
                  label={`Share of variant ${index + 1} in percent`}
                  type="number"
                  value={String(variant.rollout_percentage)}
                  problem={problems[`${PLACE}.${index}.rollout_percentage`]}
                  onChange={(text) => onChange(withVariant(draft, index, { rollout_percentage: Number(text) }))}
                />
              </td>
              <td>
                <Button
                  small
                  kind="quiet"
                  icon="close"
                  aria-label={`Remove variant ${variant.key}`}
                  disabled={variants.length === 1}
                  onClick={() => onChange(withoutVariant(draft, index))}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="row row-wrap">
        <Button small icon="plus" onClick={() => onChange(withVariantAdded(draft))}>
          Add a variant
        </Button>
        <Button small kind="quiet" onClick={() => onChange({ ...draft, variants: evenShares(variants) })}>
          Share evenly
        </Button>
        {problem ? (
          <span className="field-error" role="alert">
            {problem}
          </span>
        ) : (
          <span className="soft small">Together {shownShare(total)}%</span>
        )}
      </div>
    </div>
  )
}

function withVariant(draft: FlagDraft, index: number, fields: { name?: string; rollout_percentage?: number }): FlagDraft {
  return { ...draft, variants: draft.variants.map((item, at) => (at === index ? { ...item, ...fields } : item)) }
}

const COLOURS = 8

/** The shares beside each other, as wide as they are. */
function ShareBar({ draft }: { draft: FlagDraft }) {
  return (
    <div className="share-bar" aria-hidden="true">
      {draft.variants.map(({ rollout_percentage: share }, index) => (
        <span
          key={index}
          style={{ flexGrow: Math.max(0, share), background: `var(--series-${(index % COLOURS) + 1})` }}
        />
      ))}
    </div>
  )
}

interface CellProps {
  label: string
  value: string
  type?: 'text' | 'number'
  className?: string
  problem?: string | undefined
  onChange: (value: string) => void
}

function Cell({ label, value, type = 'text', className, problem, onChange }: CellProps) {
  return (
    <>
      <input
        type={type}
        className={`input ${className ?? ''}`}
        aria-label={label}
        aria-invalid={problem ? true : undefined}
        autoComplete="off"
        {...(type === 'number' ? { min: 0, max: 100, step: 'any' } : {})}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      {problem && (
        <span className="field-error" role="alert">
          {problem}
        </span>
      )}
    </>
  )
}

/** JSON that the SDK hands out together with the answer. */
export function PayloadsEditor({ draft, problems, onChange }: VariantsEditorProps) {
  return (
    <div className="stack">
      {answersOf(draft).map((key) => (
        <TextArea
          key={key}
          label={key === ON ? 'Payload when it is on' : `Payload of ${key}`}
          className="mono"
          rows={2}
          spellCheck={false}
          placeholder='{"colour": "#1d7347"}'
          error={problems[`filters.payloads.${key}`]}
          value={draft.payloads[key] ?? ''}
          onChange={(event) => onChange({ ...draft, payloads: { ...draft.payloads, [key]: event.target.value } })}
        />
      ))}
    </div>
  )
}
