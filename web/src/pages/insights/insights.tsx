import { useDeferredValue } from 'react'
import { useSearchParams } from 'wouter'
import { useAddress } from '../../api/project'
import { useMay } from '../../api/session'
import { Button } from '../../components/button'
import { Search } from '../../components/fields'
import { Link } from '../../components/link'
import { Page } from '../../components/page'
import { Answer, Empty } from '../../components/states'
import { Ago } from '../../components/time'
import { kindName, readQuestion } from '../../insights/question'
import { useSavedInsights, type SavedInsight } from '../../insights/saved'

export default function InsightsPage() {
  const at = useAddress()
  const mayMake = useMay('member')
  const [parameters, setParameters] = useSearchParams()
  const search = parameters.get('search') ?? ''
  const insights = useSavedInsights(useDeferredValue(search))
  const setSearch = (text: string) => setParameters(text === '' ? {} : { search: text }, { replace: true })
  const create = (
    <Link to={at('insights/new')} className="button button-primary">
      {mayMake ? 'New insight' : 'Ask a question'}
    </Link>
  )
  return (
    <Page title="Insights" intro="Questions about your events: asked again each time they are opened." actions={create}>
      <Search label="Search saved insights" value={search} onChange={setSearch} />
      <Answer query={insights}>
        {({ results }) =>
          results.length > 0 ? (
            <InsightTable insights={results} />
          ) : search === '' ? (
            <Empty icon="chart" title="No saved insights yet" action={create}>
              Count events over time, see where people are lost, who comes back, and which ways they go.
            </Empty>
          ) : (
            <Empty
              icon="search"
              title={`No insight matches “${search}”`}
              action={<Button onClick={() => setSearch('')}>Clear the search</Button>}
            />
          )
        }
      </Answer>
    </Page>
  )
}

function InsightTable({ insights }: { insights: SavedInsight[] }) {
  const at = useAddress()
  return (
    <div className="table-box">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" className="wide-only">Kind</th>
            <th scope="col" className="wide-only right">Dashboards</th>
            <th scope="col" className="right">Changed</th>
          </tr>
        </thead>
        <tbody>
          {insights.map((insight) => (
            <tr key={insight.id}>
              <td className="cut">
                <Link to={at(`insights/${insight.short_id}`)} className="link-plain">
                  {insight.name ?? 'Without a name'}
                </Link>
              </td>
              <td className="soft wide-only">{savedKind(insight)}</td>
              <td className="right soft wide-only">{insight.dashboards.length}</td>
              <td className="right soft">
                <Ago time={insight.updated_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function savedKind({ query }: SavedInsight): string {
  const question = readQuestion(query)
  return question ? kindName(question) : 'Other'
}
