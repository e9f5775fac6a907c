import { useInfiniteQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { useParams } from 'wouter'
import type { Group } from '../../api/answers'
import { api } from '../../api/client'
import { cursorOf } from '../../api/lists'
import { useAddress, useProjectId } from '../../api/project'
import { Avatar } from '../../components/avatar'
import { Button } from '../../components/button'
import { Search } from '../../components/fields'
import { Link } from '../../components/link'
import { Page } from '../../components/page'
import { Empty, Failure, Skeleton } from '../../components/states'
import { Ago } from '../../components/time'
import { PeopleTabs } from '../people/people-tabs'
import '../people/people.css'

const GROUPS_A_PAGE = 50

export default function GroupsPage() {
  const { type } = useParams<{ type: string }>()
  return (
    <Page title="People">
      <PeopleTabs current={`groups/${type}`} />
      <GroupsOfType key={type} type={type} />
    </Page>
  )
}

function GroupsOfType({ type }: { type: string }) {
  const [search, setSearch] = useState('')
  const project = useProjectId()
  const asked = useDeferredValue(search)
  const groups = useInfiniteQuery({
    queryKey: ['groups', project, type, asked],
    queryFn: ({ signal, pageParam }) =>
      api.get('/api/projects/{project_id}/groups', {
        path: { project_id: project },
        query: {
          group_type_index: type,
          search: asked || undefined,
          cursor: pageParam,
          limit: GROUPS_A_PAGE,
        },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => cursorOf(last.next),
    placeholderData: (before) => before,
  })
  const found = groups.data?.pages.flatMap(({ results }) => results) ?? []
  return (
    <>
      <Search label="Search by key or name" value={search} onChange={setSearch} />
      {groups.error && <Failure error={groups.error} onRetry={() => void groups.refetch()} />}
      {groups.isPending && <Skeleton lines={6} />}
      {groups.data && found.length === 0 && (
        <Empty icon="group" title="No such group">
          Groups come with events: <code>{"groups: { company: 'acme' }"}</code> in an SDK.
        </Empty>
      )}
      {found.length > 0 && <GroupTable groups={found} />}
      {groups.hasNextPage && (
        <div>
          <Button disabled={groups.isFetching} onClick={() => void groups.fetchNextPage()}>
            {groups.isFetching ? 'Loading …' : 'Show more'}
          </Button>
        </div>
      )}
    </>
  )
}

/** A group's own name, else its key. */
export function groupName(group: Group): string {
  const name = group.group_properties.name
  return typeof name === 'string' && name !== '' ? name : group.group_key
}

function GroupTable({ groups }: { groups: Group[] }) {
  const at = useAddress()
  return (
    <div className="table-box">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Group</th>
            <th scope="col" className="wide-only">
              Key
            </th>
            <th scope="col" className="right">
              First seen
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.group_key}>
              <td>
                <Link
                  to={at(`groups/${group.group_type_index}/${encodeURIComponent(group.group_key)}`)}
                  className="row link-plain"
                >
                  <Avatar name={groupName(group)} />
                  <span className="cut">{groupName(group)}</span>
                </Link>
              </td>
              <td className="cut soft wide-only">{group.group_key}</td>
              <td className="right soft">
                <Ago time={group.created_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
