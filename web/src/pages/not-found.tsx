import { Link } from '../components/link'
import { Empty } from '../components/states'

export function NotFound() {
  return (
    <div className="page">
      <Empty
        icon="search"
        title="There is no such page"
        action={
          <Link to="/" className="button button-primary">
            Go to the start
          </Link>
        }
      >
        The address may be mistyped, or what it showed was deleted.
      </Empty>
    </div>
  )
}
