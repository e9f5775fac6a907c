import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/client'
import { useProjectId } from '../../api/project'
import { Code } from '../../components/code'
import { Page } from '../../components/page'
import { Answer, Empty } from '../../components/states'
import { Ago } from '../../components/time'
import { DataTabs } from './data-tabs'

export default function DeadLettersPage() {
  const project = useProjectId()
  const letters = useQuery({
    queryKey: ['dead_letters', project],
    queryFn: ({ signal }) =>
      api.get('/api/projects/{project_id}/dead_letters', {
        path: { project_id: project },
        signal,
      }),
  })
  return (
    <Page
      title="Data"
      intro="Events that Hedgerow itself failed to process. Their bytes are kept; each is a defect worth reporting."
    >
      <DataTabs current="data/dead-letters" />
      <Answer query={letters}>
        {({ results }) =>
          results.length > 0 ? (
            <div className="stack">
              {results.map((letter) => (
                <section key={`${letter.position} ${letter.index}`} className="card card-padded stack">
                  <div className="row row-wrap">
                    <h2 className="grow">Failed at the step {letter.step}</h2>
                    <span className="soft">
                      <Ago time={letter.timestamp} />
                    </span>
                  </div>
                  <p className="wrap">{letter.reason}</p>
                  <Code text={letter.payload} />
                </section>
              ))}
            </div>
          ) : (
            <Empty icon="check" title="No dead letters">
              Every event that was accepted could be processed.
            </Empty>
          )
        }
      </Answer>
    </Page>
  )
}
