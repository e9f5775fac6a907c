import { useQuery } from '@tanstack/react-query'
import { useParams } from 'wouter'
import type { Group } from '../../api/answers'
import { api } from '../../api/client'
import { useAddress, useProjectId } from '../../api/project'
import { literal, useSql } from '../../api/sql'
import { Avatar } from '../../components/avatar'
import { Link } from '../../components/link'
import { Card, Page } from '../../components/page'
import { Answer } from '../../components/states'
import { Ago, Count } from '../../components/time'
import { PropertyTable } from '../../components/values'
import { groupName } from './groups'

const MEMBERS_MAX = 100

export default function GroupPage() {
  const { type, groupKey } = useParams<{ type: string; groupKey: string }>()
  const project = useProjectId()
  const at = useAddress()
  const key = decodeURIComponent(groupKey)
  const group = useQuery({
    queryKey: ['groups', project, type, 'one', key],
    queryFn: ({ signal }) =>
      api.get('/api/projects/{project_id}/groups/find', {
        path: { project_id: project },
        query: { group_type_index: type, group_key: key },
        signal,
      }),
  })
  return (
    <Page
      title={group.data ? groupName(group.data) : 'Group'}
      actions={
        <Link to={at(`groups/${type}`)} className="button">
          All groups
        </Link>
      }
    >
      <Answer query={group}>
        {(data) => (
          <div className="stack">
            <div className="row">
              <Avatar name={groupName(data)} large />
              <div>
                <code>{data.group_key}</code>
                <div className="soft">
                  First seen <Ago time={data.created_at} />
                </div>
              </div>
            </div>
            <Card title="Properties">
              <PropertyTable properties={data.group_properties} />
            </Card>
            <Members group={data} />
          </div>
        )}
      </Answer>
    </Page>
  )
}

/** Who sent events of this group, the most active first. */
function Members({ group }: { group: Group }) {
  const at = useAddress()
  const property = `properties.$group_${group.group_type_index}`
  const members = useSql(
    `SELECT person_id, any(distinct_id), count(), max(timestamp) FROM events WHERE ${property} = ${literal(group.group_key)} GROUP BY person_id ORDER BY count() DESC LIMIT ${MEMBERS_MAX}`,
  )
  return (
    <Card title="Members">
      <Answer query={members}>
        {({ results }) =>
          results.length === 0 ? (
            <p className="soft">No event names this group.</p>
          ) : (
            <div className="table-box">
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">Person</th>
                    <th scope="col" className="right">
                      Events
                    </th>
                    <th scope="col" className="right">
                      Last seen
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {results.map(([person, distinctId, count, last]) => (
                    <tr key={String(person)}>
                      <td className="cut">
                        <Link to={at(`people/${String(person)}`)} className="link-plain">
                          {String(distinctId)}
                        </Link>
                      </td>
                      <td className="right">
                        <Count value={Number(count)} />
                      </td>
                      <td className="right soft">
                        <Ago time={String(last)} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Answer>
    </Card>
  )
}
