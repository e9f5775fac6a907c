import { useAddress } from '../../api/project'
import { Link } from '../../components/link'
import { Answer, Empty } from '../../components/states'
import { exactNumber, shownChange } from '../../insights/numbers'
import { metricOf, shownMetric } from './metrics'
import { useWebQuery, type WebCommon } from './web-query'

interface Figure {
  key: string
  kind: string
  value: number | null
  previous: number | null
  changeFromPreviousPct: number | null
  isIncreaseBad?: boolean
}

interface OverviewProps {
  common: WebCommon
  metric: string
  onMetric: (key: string) => void
}

/** The tiles; the chosen one is drawn below. */
export function Overview({ common, metric, onMetric }: OverviewProps) {
  const at = useAddress()
  const overview = useWebQuery<Figure>({ kind: 'WebOverviewQuery', ...common, compareFilter: { compare: true } })
  return (
    <Answer query={overview} skeletonLines={3}>
      {({ results: figures }) =>
        figures.every(({ value }) => !value) ? (
          <Empty
            icon="globe"
            title="No visits in these days"
            action={
              <Link to={at('start')} className="button">
                Add Hedgerow to a site
              </Link>
            }
          >
            Visits are counted from sessions with a pageview, as the web SDK sends them.
          </Empty>
        ) : (
          <div className="web-tiles">
            {figures.map((figure) => (
              <WebTile key={figure.key} figure={figure} current={figure.key === metric} onChoose={() => onMetric(figure.key)} />
            ))}
          </div>
        )
      }
    </Answer>
  )
}

function WebTile({ figure, current, onChoose }: { figure: Figure; current: boolean; onChoose: () => void }) {
  const { key, kind, value, previous, changeFromPreviousPct: percent } = figure
  const isGood = percent !== null && percent !== 0 && percent > 0 !== (figure.isIncreaseBad === true)
  const tone = percent === null || percent === 0 ? 'soft' : isGood ? 'web-good' : 'web-bad'
  return (
    <button type="button" className="web-tile" aria-pressed={current} onClick={onChoose}>
      <span className="soft">{metricOf(key).title}</span>
      <strong className="web-value" title={value === null ? '' : exactNumber(value)}>
        {shownMetric(kind, value)}
      </strong>
      <span className={`small number ${tone}`} title={previous === null ? '' : `Before: ${exactNumber(previous)}`}>
        {shownChange(percent)} <span className="soft">from {shownMetric(kind, previous)}</span>
      </span>
    </button>
  )
}
