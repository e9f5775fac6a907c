import { useEventDefinitions } from '../../api/lists'
import { useAddress } from '../../api/project'
import { Link } from '../../components/link'
import { Page } from '../../components/page'
import { Answer, Empty } from '../../components/states'
import { useDashboards } from '../../insights/saved'
import { defaultInsights } from './default-insights'
import { AnswersAge } from './answers-age'
import { TileCard } from './tile-card'
import { TileGrid } from './tile-grid'
import { sizeOf } from './tile-layout'
import './dashboards.css'

/** The pinned dashboard, or five questions that suit most projects. */
export default function HomePage() {
  const at = useAddress()
  const dashboards = useDashboards()
  const pinned = dashboards.data?.results.find((one) => one.pinned)
  return (
    <Page
      title={pinned?.name ?? 'Home'}
      actions={
        <>
          <AnswersAge />
          <Link to={at(pinned ? `dashboards/${pinned.short_id}` : 'dashboards')} className="button">
            {pinned ? 'Open the dashboard' : 'Choose a dashboard'}
          </Link>
        </>
      }
    >
      <Answer query={dashboards}>
        {() =>
          pinned ? (
            <TileGrid tiles={pinned.tiles} dates={pinned.filters} />
          ) : (
            <DefaultTiles />
          )
        }
      </Answer>
    </Page>
  )
}

function DefaultTiles() {
  const at = useAddress()
  const events = useEventDefinitions()
  return (
    <Answer query={events}>
      {({ results }) =>
        results.length === 0 ? (
          <Empty
            icon="home"
            title="No events yet"
            action={
              <Link to={at('start')} className="button button-primary">
                Send the first event
              </Link>
            }
          />
        ) : (
          <div className="tiles">
            {defaultInsights(results.map(({ name }) => name)).map(({ name, query, wide }) => (
              <TileCard key={name} name={name} question={query} size={sizeOf({ wide })} />
            ))}
          </div>
        )
      }
    </Answer>
  )
}
