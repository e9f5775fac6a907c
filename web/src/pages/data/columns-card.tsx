import { useMay } from '../../api/session'
import { Button } from '../../components/button'
import { coarse, wholeNumber } from '../../components/format'
import { Icon } from '../../components/icon'
import { Card } from '../../components/page'
import { Picker } from '../../components/picker'
import { Answer, Failure } from '../../components/states'
import { propertyId, propertyOfId, usePropertyOptions } from '../../insights/use-options'
import { useChangePromotion, usePromoted, useSuggestions, type Promoted, type Suggestion } from './use-promotion'

/** Columns of their own for properties: how far each is filled, and which would help. */
export function ColumnsCard() {
  const mayChange = useMay('member')
  const promoted = usePromoted()
  const suggestions = useSuggestions()
  const change = useChangePromotion()
  return (
    <Card title="Columns for properties">
      <div className="stack">
        <p className="soft">
          A property that is asked for often can have a column of its own: answers stay as they are and come sooner. Stored
          events are filled in behind.
        </p>
        {change.error && <Failure error={change.error} />}
        <Answer query={promoted} skeletonLines={2}>
          {({ results }) =>
            results.length === 0 ? (
              <p className="soft">No property has one yet.</p>
            ) : (
              <ul className="jobs">
                {results.map((item) => (
                  <Column
                    key={`${item.scope} ${item.name}`}
                    item={item}
                    {...(mayChange ? { onRemove: () => change.mutate({ do: 'demote', name: item.name, scope: item.scope }) } : {})}
                  />
                ))}
              </ul>
            )
          }
        </Answer>
        {mayChange && (
          <PropertyToPromote
            promoted={promoted.data?.results ?? []}
            onChoose={(name, scope) => change.mutate({ do: 'promote', name, scope })}
          />
        )}
        <Answer query={suggestions} skeletonLines={1}>
          {({ results }) =>
            results.length > 0 && (
              <>
                <h3>Asked for most since the start</h3>
                <ul className="jobs">
                  {results.map((item) => (
                    <Suggested
                      key={`${item.scope} ${item.name}`}
                      item={item}
                      busy={change.isPending}
                      {...(mayChange ? { onPromote: () => change.mutate({ do: 'promote', name: item.name, scope: item.scope }) } : {})}
                    />
                  ))}
                </ul>
              </>
            )
          }
        </Answer>
      </div>
    </Card>
  )
}

interface PropertyToPromoteProps {
  promoted: readonly Promoted[]
  onChoose: (name: string, scope: Promoted['scope']) => void
}

function PropertyToPromote({ promoted, onChoose }: PropertyToPromoteProps) {
  const has = new Set(promoted.map(({ scope, name }) => propertyId(scope, name)))
  const options = usePropertyOptions().filter(({ id }) => !has.has(id) && propertyOfId(id).type !== 'session')
  return (
    <div>
      <Picker
        label="Give a property a column"
        button={
          <>
            <Icon name="plus" /> Give a property a column
          </>
        }
        options={options}
        onChoose={(id) => {
          const { key, type } = propertyOfId(id)
          onChoose(key, type === 'person' ? 'person' : 'event')
        }}
      />
    </div>
  )
}

function Column({ item, onRemove }: { item: Promoted; onRemove?: () => void }) {
  const { name, scope, type, rows, rows_filled: filled, done, error } = item
  return (
    <li className="job">
      <div className="grow">
        <code className="wrap">{name}</code> <span className="soft small">of the {scope}, {type}</span>
        {error === null ? (
          <div className="row">
            <progress className="grow" max={Math.max(1, rows)} value={done ? Math.max(1, rows) : filled} aria-label={`${name}: filled`} />
            <span className="soft small number">
              {done ? 'filled' : `${wholeNumber(filled)} of ${wholeNumber(rows)} events`}
            </span>
          </div>
        ) : (
          <p className="field-error wrap">It stopped: {error}</p>
        )}
      </div>
      {onRemove && <Button small kind="quiet" icon="trash" aria-label={`Take the column of ${name} away`} onClick={onRemove} />}
    </li>
  )
}

function Suggested({ item, busy, onPromote }: { item: Suggestion; busy: boolean; onPromote?: () => void }) {
  return (
    <li className="job">
      <div className="grow">
        <code className="wrap">{item.name}</code>{' '}
        <span className="soft small">
          of the {item.scope}: {wholeNumber(item.queries)} {item.queries === 1 ? 'query' : 'queries'}, {tookText(item.elapsed_ms)}
        </span>
      </div>
      {onPromote && (
        <Button small disabled={busy} onClick={onPromote}>
          Give it a column
        </Button>
      )}
    </li>
  )
}

const tookText = (ms: number): string => (ms < 1000 ? `${ms.toFixed(0)} ms in all` : `${coarse(ms / 1000)} in all`)
