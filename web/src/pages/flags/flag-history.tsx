import { useFlagChanges, type Flag, type FlagChange } from '../../api/flags'
import { Card } from '../../components/page'
import { Answer } from '../../components/states'
import { Ago } from '../../components/time'
import { valueText } from '../../components/values'
import { changeWords } from './change-words'
import { useNames } from './use-names'

/** What was changed, version by version. */
export function FlagHistory({ flag }: { flag: Flag }) {
  const changes = useFlagChanges(flag.id)
  return (
    <Card title="What was changed">
      <Answer query={changes}>
        {({ results }) => (
          <ol className="history">
            {results.map((change) => (
              <Entry key={change.detail.version} change={change} />
            ))}
          </ol>
        )}
      </Answer>
    </Card>
  )
}

function Entry({ change: { activity, created_at, detail } }: { change: FlagChange }) {
  const names = useNames()
  return (
    <li className="history-entry">
      <div className="grow">
        {activity === 'created' && <p>It was made.</p>}
        {detail.changes.map((item) =>
          isPlain(item.before) && isPlain(item.after) ? (
            <p key={item.field}>{changeWords(item, names)}</p>
          ) : (
            <details key={item.field}>
              <summary>{changeWords(item, names)}</summary>
              <div className="history-values">
                <Value title="Before" value={item.before} />
                <Value title="After" value={item.after} />
              </div>
            </details>
          ),
        )}
      </div>
      <span className="soft small history-when">
        Version {detail.version} · <Ago time={created_at} />
      </span>
    </li>
  )
}

/** What the sentence has said whole. */
const isPlain = (value: unknown): boolean => typeof value === 'boolean'

function Value({ title, value }: { title: string; value: unknown }) {
  return (
    <div>
      <div className="soft small">{title}</div>
      {/* Scrolled with the keyboard, it needs to take the focus. */}
      <pre tabIndex={0} aria-label={title}>
        {valueText(value)}
      </pre>
    </div>
  )
}
