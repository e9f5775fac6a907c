import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/client'
import { useProjectId } from '../../api/project'
import { Answer } from '../../components/states'
import { valueText } from '../../components/values'

const VALUES_SHOWN = 12

/** The most frequent values of a property. */
export function PropertyValues({ name, person }: { name: string; person: boolean }) {
  const project = useProjectId()
  const values = useQuery({
    queryKey: ['property-values', project, person, name],
    queryFn: ({ signal }) => {
      const options = { path: { project_id: project }, query: { key: name }, signal }
      return person
        ? api.get('/api/projects/{project_id}/persons/values', options)
        : api.get('/api/projects/{project_id}/events/values', options)
    },
  })
  return (
    <Answer query={values} skeletonLines={2}>
      {(found) => (
        <ul className="row row-wrap values">
          {found.slice(0, VALUES_SHOWN).map((item) => (
            <li key={valueText(item.name)} className="badge">
              <span className="cut">{valueText(item.name)}</span>
            </li>
          ))}
          {found.length === 0 && <li className="soft small">No values were found.</li>}
        </ul>
      )}
    </Answer>
  )
}
