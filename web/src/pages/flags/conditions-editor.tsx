import type { Condition } from '../../api/flags'
import { useGroupTypes } from '../../api/lists'
import { Button } from '../../components/button'
import { Select, Switch } from '../../components/fields'
import { ConditionFilters } from './condition-filters'
import { newCondition, withGroupType, type FlagDraft, type Problems } from './flag-draft'
import { conditionWords } from './rollout-words'
import { ShareField } from './share-field'
import { useNames } from './use-names'

interface ConditionsEditorProps {
  draft: FlagDraft
  problems: Problems
  onChange: (draft: FlagDraft) => void
}

const BY_PERSON = 'person'

/** Who gets the flag: sets of conditions, of which the first that matches decides. */
export function ConditionsEditor({ draft, problems, onChange }: ConditionsEditorProps) {
  const { conditions } = draft
  const put = (next: Condition[]) => onChange({ ...draft, conditions: next })
  return (
    <div className="stack">
      <GroupTypeSelect draft={draft} onChange={onChange} />
      <ol className="stack conditions">
        {conditions.map((condition, index) => (
          // A set has no name of its own: it is known by its place.
          <li key={index}>
            {index > 0 && <p className="condition-joint soft small">otherwise</p>}
            <ConditionSet
              draft={draft}
              index={index}
              condition={condition}
              problems={problems}
              onChange={(changed) => put(conditions.map((item, at) => (at === index ? changed : item)))}
              onMove={(step) => put(moved(conditions, index, step))}
              onCopy={() => put(conditions.toSpliced(index + 1, 0, condition))}
              onRemove={() => put(conditions.toSpliced(index, 1))}
            />
          </li>
        ))}
      </ol>
      <div className="row row-wrap">
        <Button small icon="plus" onClick={() => put([...conditions, newCondition()])}>
          {conditions.length === 0 ? 'Release it to somebody' : 'Add a set'}
        </Button>
      </div>
      {conditions.length > 1 && (
        <Switch
          label="Stop at the first set whose conditions match"
          hint="Whom its percentage leaves out gets nothing, even if a later set would let them in."
          checked={draft.earlyExit}
          onChange={(earlyExit) => onChange({ ...draft, earlyExit })}
        />
      )}
    </div>
  )
}

function moved(conditions: readonly Condition[], index: number, step: -1 | 1): Condition[] {
  const next = [...conditions]
  const [item] = next.splice(index, 1)
  if (item) next.splice(index + step, 0, item)
  return next
}

/** Only projects with groups have something to choose here. */
function GroupTypeSelect({ draft, onChange }: Omit<ConditionsEditorProps, 'problems'>) {
  const types = useGroupTypes().data ?? []
  if (types.length === 0 && draft.groupType === null) return null
  const known = types.map(({ group_type, group_type_index }) => [String(group_type_index), `Each ${group_type}`] as const)
  const chosen = draft.groupType === null ? BY_PERSON : String(draft.groupType)
  const isKnown = chosen === BY_PERSON || known.some(([id]) => id === chosen)
  return (
    <Select
      label="Decided for"
      value={chosen}
      options={[
        [BY_PERSON, 'Each person'],
        ...known,
        ...(isKnown ? [] : [[chosen, `Each group of type ${chosen}`] as const]),
      ]}
      onChange={(id) => onChange(withGroupType(draft, id === BY_PERSON ? null : Number(id)))}
    />
  )
}

interface ConditionSetProps {
  draft: FlagDraft
  index: number
  condition: Condition
  problems: Problems
  onChange: (condition: Condition) => void
  onMove: (step: -1 | 1) => void
  onCopy: () => void
  onRemove: () => void
}

function ConditionSet({ draft, index, condition, problems, onChange, onMove, onCopy, onRemove }: ConditionSetProps) {
  const names = useNames()
  const name = `Set ${index + 1}`
  const place = `filters.groups.${index}`
  const isLast = index === draft.conditions.length - 1
  return (
    <section className="condition" aria-label={name}>
      <div className="row">
        <h3>{name}</h3>
        <p className="soft small cut grow">{condition.rollout_percentage === 0 ? 'nobody yet' : conditionWords(condition, draft.groupType, names)}</p>
        {index > 0 && (
          <Button small kind="quiet" icon="up" aria-label={`Move ${name} up`} onClick={() => onMove(-1)} />
        )}
        {!isLast && (
          <Button small kind="quiet" icon="chevron" aria-label={`Move ${name} down`} onClick={() => onMove(1)} />
        )}
        <Button small kind="quiet" icon="copy" aria-label={`Copy ${name}`} onClick={onCopy} />
        <Button small kind="quiet" icon="trash" aria-label={`Remove ${name}`} onClick={onRemove} />
      </div>
      <ConditionFilters
        label={name}
        place={place}
        properties={condition.properties ?? []}
        groupType={draft.groupType}
        ownKey={draft.key}
        problems={problems}
        onChange={(properties) => onChange({ ...condition, properties })}
      />
      <ShareField
        label={`Rollout of ${name}`}
        text={(condition.properties ?? []).length > 0 ? 'of those who match' : 'of everyone'}
        share={condition.rollout_percentage ?? 100}
        error={problems[`${place}.rollout_percentage`]}
        onChange={(share) => onChange({ ...condition, rollout_percentage: share })}
      />
      {draft.isMultivariate && (
        <Select
          label="They get"
          value={condition.variant ?? ''}
          options={[
            ['', 'A variant by the shares'],
            ...draft.variants.map(({ key }) => [key, `Always ${key}`] as const),
          ]}
          onChange={(variant) => onChange({ ...condition, variant: variant === '' ? null : variant })}
        />
      )}
    </section>
  )
}
