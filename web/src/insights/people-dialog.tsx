import { useAddress } from '../api/project'
import { Avatar } from '../components/avatar'
import { Button } from '../components/button'
import { csv } from '../components/csv'
import { Dialog } from '../components/dialog'
import { download } from '../components/download'
import { Link } from '../components/link'
import { Empty, Failure, Skeleton } from '../components/states'
import { valueText } from '../components/values'
import { useGroupTypes } from '../api/lists'
import { useActors, type Actor, type Point } from './ask'
import { shownNumber } from './numbers'

/** The people behind a point, each with a way to their page. */
export function PeopleDialog({ point, onClose }: { point: Point; onClose: () => void }) {
  const withCount = point.source.kind !== 'FunnelsActorsQuery' && point.source.status === undefined
  const actors = useActors(point.source, withCount)
  const rows = actors.data?.pages.flatMap(({ results }) => results) ?? []
  const people = rows.map(([actor, count]) => ({ actor: actor as Actor, count }))
  const save = () =>
    download(
      csv(
        ['name', 'id', 'distinct_ids', ...(withCount ? ['events'] : [])],
        people.map(({ actor, count }) => [
          actorName(actor),
          actor.id,
          actor.distinct_ids.join(' '),
          ...(withCount ? [count] : []),
        ]),
      ),
      'people.csv',
    )
  return (
    <Dialog title={point.title} onClose={onClose}>
      {actors.isPending && <Skeleton lines={5} />}
      {actors.error && <Failure error={actors.error} onRetry={() => void actors.refetch()} />}
      {actors.data && people.length === 0 && <Empty icon="people" title="Nobody is behind this point" />}
      {people.length > 0 && (
        <>
          <div className="row">
            <span className="soft number grow">
              {shownNumber(people.length)}
              {actors.hasNextPage && ' or more'} {people.length === 1 ? 'person' : 'people'}
            </span>
            <Button small icon="download" onClick={save}>
              CSV
            </Button>
          </div>
          <ul className="actors">
            {people.map(({ actor, count }) => (
              <li key={actor.id}>
                <ActorLink actor={actor} />
                {typeof count === 'number' && <span className="soft number">{shownNumber(count)}×</span>}
              </li>
            ))}
          </ul>
        </>
      )}
      {actors.hasNextPage && (
        <div>
          <Button small disabled={actors.isFetching} onClick={() => void actors.fetchNextPage()}>
            {actors.isFetching ? 'Loading …' : 'Show more'}
          </Button>
        </div>
      )}
    </Dialog>
  )
}

function ActorLink({ actor }: { actor: Actor }) {
  const at = useAddress()
  const types = useGroupTypes().data ?? []
  const type = types.find(({ group_type_index }) => group_type_index === actor.group_type_index)
  const name = actorName(actor)
  const to =
    actor.type === 'group'
      ? `groups/${type?.group_type_index ?? 0}/${encodeURIComponent(actor.id)}`
      : `people/${actor.id}`
  return (
    <Link to={at(to)} className="row link-plain grow">
      <Avatar name={name} />
      <span className="cut">{name}</span>
    </Link>
  )
}

const NAMES = ['email', 'name', 'username']

function actorName(actor: Actor): string {
  const named = NAMES.map((key) => actor.properties[key]).find((value) => value !== undefined && value !== '')
  return named === undefined ? (actor.distinct_ids[0] ?? actor.id) : valueText(named)
}
