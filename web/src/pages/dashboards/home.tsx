import { useEventDefinitions } from '../../api/lists'
import { useAddress } from '../../api/project'
import { Link } from '../../components/link'
import { Page } from '../../components/page'
import { Answer, Empty } from '../../components/states'
import { useDashboards } from '../../insights/saved'
import { DashboardTile } from './dashboard'
import { defaultInsights } from './default-insights'
import { TileCard } from './tile-card'
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
        pinned ? (
          <Link to={at(`dashboards/${pinned.short_id}`)} className="button">
            Open the dashboard
          </Link>
        ) : (
          <Link to={at('dashboards')} className="button">
            Choose a dashboard
          </Link>
        )
      }
    >
      <Answer query={dashboards}>
        {() =>
          pinned ? (
            <div className="tiles">
              {pinned.tiles.map((tile) => (
                <DashboardTile key={tile.id} tile={tile} dashboard={pinned} actions={null} />
              ))}
            </div>
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
              <TileCard key={name} name={name} query={query} wide={wide} />
            ))}
          </div>
        )
      }
    </Answer>
  )
}
