import type { Status } from '../../api/answers'
import { useStatus } from '../../api/status'
import { coarse, sentenceCase, shortSize, wholeNumber } from '../../components/format'
import { Card, Figure, Figures, Page } from '../../components/page'
import { Answer } from '../../components/states'
import { balance } from './balance'
import { SettingsTabs } from './settings-tabs'

/** Is it well, and what became of every event. */
export default function HealthPage() {
  const status = useStatus()
  return (
    <Page title="Settings">
      <SettingsTabs current="settings/health" />
      <Answer query={status}>
        {(data) => (
          <div className="stack">
            <Verdict status={data} />
            <Figures>
              <Figure name="Lag">{data.ingest.lag_seconds.toFixed(1)} s</Figure>
              <Figure name="Waiting">{shortSize(data.ingest.waiting_bytes)}</Figure>
              <Figure name="Newest event" text>
                {data.newest_event_age_seconds === null
                  ? 'none yet'
                  : `${coarse(data.newest_event_age_seconds)} ago`}
              </Figure>
              <Figure name="Version" text>
                {data.version}
              </Figure>
            </Figures>
            <Balance status={data} />
            <Disk sizes={data.disk_bytes} />
          </div>
        )}
      </Answer>
    </Page>
  )
}

function Verdict({ status }: { status: Status }) {
  const { alarm, last_error, running } = status.ingest
  const trouble = alarm ?? last_error ?? (running ? null : 'Ingest is not running.')
  if (trouble === null) {
    return (
      <div className="notice notice-good" role="status">
        <strong>All is well.</strong> Events are stored as they arrive.
      </div>
    )
  }
  return (
    <div className="notice notice-danger" role="alert">
      <div>
        <strong>Events are accepted and kept, but not ingested just now.</strong>
        <p className="wrap">{trouble}</p>
        <p className="soft">
          The server&rsquo;s log says more; <code>hedgerow status</code> shows when it goes on.
        </p>
      </div>
    </div>
  )
}

/** Nothing vanishes silently: the sum is shown, not claimed. */
function Balance({ status }: { status: Status }) {
  const { rows, received, sum } = balance(status.outcomes)
  return (
    <Card title="What became of every event">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Outcome</th>
            <th scope="col" className="right">
              Events
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, count]) => (
            <tr key={name}>
              <td>{sentenceCase(name)}</td>
              <td className="right">{wholeNumber(count)}</td>
            </tr>
          ))}
          <tr>
            <td>
              <strong>Received</strong>{' '}
              {received === sum ? (
                <span className="badge badge-good">The sum agrees</span>
              ) : (
                <span className="badge badge-danger">The sum is {wholeNumber(sum)}</span>
              )}
            </td>
            <td className="right">
              <strong>{wholeNumber(received)}</strong>
            </td>
          </tr>
        </tbody>
      </table>
    </Card>
  )
}

function Disk({ sizes }: { sizes: Record<string, number> }) {
  return (
    <Card title="Disk">
      <table className="table">
        <tbody>
          {Object.entries(sizes).map(([part, bytes]) => (
            <tr key={part}>
              <th scope="row">{sentenceCase(part)}</th>
              <td className="right">{shortSize(bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}
