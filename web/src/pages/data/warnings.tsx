import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { IngestionWarning } from '../../api/answers'
import { api } from '../../api/client'
import { useProjectId } from '../../api/project'
import { Button } from '../../components/button'
import { sentenceCase } from '../../components/format'
import { Page } from '../../components/page'
import { Answer, Empty } from '../../components/states'
import { Ago, Count } from '../../components/time'
import { PropertyTable } from '../../components/values'
import { Advice } from '../activity/advice'
import { DataTabs } from './data-tabs'

const REFRESH_MS = 10_000
const SAMPLES_SHOWN = 20

export default function WarningsPage() {
  const project = useProjectId()
  const warnings = useQuery({
    queryKey: ['ingestion_warnings', project],
    queryFn: ({ signal }) =>
      api.get('/api/projects/{project_id}/ingestion_warnings', {
        path: { project_id: project },
        signal,
      }),
    refetchInterval: REFRESH_MS,
  })
  return (
    <Page
      title="Data"
      intro="What was dropped or changed on its way in, counted completely, with the last samples of each reason."
    >
      <DataTabs current="data/warnings" />
      <Answer query={warnings}>
        {({ results }) =>
          results.length > 0 ? (
            <div className="stack">
              {results.map((warning) => (
                <Warning key={warning.type} warning={warning} />
              ))}
            </div>
          ) : (
            <Empty icon="check" title="Nothing to warn of">
              Every event so far was stored as it was sent.
            </Empty>
          )
        }
      </Answer>
    </Page>
  )
}

const SEVERITY = {
  error: ['badge badge-danger', 'Dropped'],
  warning: ['badge badge-warning', 'Changed'],
  info: ['badge badge-info', 'For information'],
} as const

function Warning({ warning }: { warning: IngestionWarning }) {
  const [open, setOpen] = useState(false)
  const known = warning.severity in SEVERITY ? (warning.severity as keyof typeof SEVERITY) : 'info'
  const [className, text] = SEVERITY[known]
  return (
    <section className="card card-padded stack">
      <div className="row row-wrap">
        <span className={className}>{text}</span>
        <h2 className="grow">{sentenceCase(warning.type)}</h2>
        <span className="soft">
          <Count value={warning.count} /> {warning.count === 1 ? 'event' : 'events'}, last{' '}
          <Ago time={warning.last_seen} />
        </span>
      </div>
      <Advice reason={warning.type} />
      <div>
        <Button small aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Hide' : 'Show'} the last samples
        </Button>
      </div>
      {open &&
        warning.warnings.slice(0, SAMPLES_SHOWN).map((sample, index) => (
          <div key={`${sample.timestamp} ${index}`} className="code card-padded">
            <p className="soft small">
              <Ago time={sample.timestamp} />
            </p>
            <PropertyTable properties={sample.details} />
          </div>
        ))}
    </section>
  )
}
