import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '../../api/client'
import { usePropertyDefinitions } from '../../api/lists'

/** Column names by table, with the properties that events and persons have. */
export function useSchema(project: string): Record<string, string[]> {
  const tables = useQuery({
    queryKey: ['sql_schema', project],
    queryFn: ({ signal }) =>
      api.get('/api/projects/{project_id}/sql_schema', { path: { project_id: project }, signal }),
    staleTime: Infinity,
  }).data
  const events = usePropertyDefinitions('event').data
  const persons = usePropertyDefinitions('person').data
  return useMemo(() => {
    const schema = Object.fromEntries((tables?.tables ?? []).map((t) => [t.name, [...t.columns]]))
    for (const { name } of events?.results ?? []) schema.events?.push(propertyColumn(name))
    for (const { name } of persons?.results ?? []) {
      schema.events?.push(`person.${propertyColumn(name)}`)
      schema.persons?.push(propertyColumn(name))
    }
    return schema
  }, [tables, events, persons])
}

/** As SQL reads a property: names that are no words need quotes. */
function propertyColumn(name: string): string {
  return /^[$\w]+$/.test(name) ? `properties.${name}` : `properties['${name.replaceAll("'", "\\'")}']`
}
