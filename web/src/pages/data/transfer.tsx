import type { Status } from '../../api/answers'
import { useAddress } from '../../api/project'
import { useStatus } from '../../api/status'
import { coarse, shortSize, wholeNumber } from '../../components/format'
import { Link } from '../../components/link'
import { Card, Figure, Figures, Page } from '../../components/page'
import { Answer } from '../../components/states'
import { ColumnsCard } from './columns-card'
import { DataTabs } from './data-tabs'
import './data.css'

/** What is on its way into the store, what is being worked at, and how to get everything out. */
export default function TransferPage() {
  const status = useStatus()
  return (
    <Page title="Data" intro="What is on its way in, what is being worked at, and how to take everything with you.">
      <DataTabs current="data/transfer" />
      <Card title="Coming in">
        <Answer query={status} skeletonLines={3}>
          {(data) => <Incoming status={data} />}
        </Answer>
      </Card>
      <ColumnsCard />
      <Outgoing />
    </Page>
  )
}

function Incoming({ status: { ingest, outcomes } }: { status: Status }) {
  const at = useAddress()
  const trouble = ingest.alarm ?? ingest.last_error ?? (ingest.running ? null : 'Ingest is not running.')
  const waiting = ingest.lag_events > 0 || ingest.waiting_bytes > 0
  return (
    <div className="stack">
      <Figures>
        <Figure name="Waiting in the log">{shortSize(ingest.waiting_bytes)}</Figure>
        <Figure name="Of that, imports">{shortSize(ingest.historical_waiting_bytes)}</Figure>
        <Figure name="Behind by">{ingest.lag_seconds < 60 ? `${ingest.lag_seconds.toFixed(1)} s` : coarse(ingest.lag_seconds)}</Figure>
        <Figure name="Dead letters">
          <Link to={at('data/dead-letters')}>{wholeNumber(outcomes.dead_lettered)}</Link>
        </Figure>
      </Figures>
      {trouble !== null && <p className="field-error wrap">{trouble}</p>}
      <p className="soft">
        {waiting
          ? 'Events, merges, splits and deletes are worked off in the order in which they came.'
          : 'Nothing waits: every event, merge, split and delete that was accepted is done.'}{' '}
        The whole server is counted here, not only this project.
      </p>
    </div>
  )
}

function Outgoing() {
  const at = useAddress()
  return (
    <Card title="Going out">
      <ul className="stack">
        <li>
          <strong>Any rows:</strong> the <Link to={at('sql')} className="link-in-text">SQL page</Link> and every insight give CSV; the API gives CSV,
          Parquet and Arrow for the same query, by its <code>Accept</code> header.
        </li>
        <li>
          <strong>Everything again:</strong> the log is kept; <code>hedgerow replay</code> makes directory and store anew from it,
          in place or into another folder. It runs with the server stopped and shows its progress in the terminal.
        </li>
      </ul>
    </Card>
  )
}
