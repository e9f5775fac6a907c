import { useQuery } from '@tanstack/react-query'
import { askQuery } from './ask-query'
import type { QueryAnswer } from './answers'
import { useProjectId } from './project'

/** A text as SQL writes it. Values go into a query through this and nothing else. */
export const literal = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

/** The condition for events of one person, whichever of the ids sent them: as people stand now. */
export const ofPerson = (id: string): string =>
  `distinct_id IN (SELECT distinct_id FROM person_distinct_ids WHERE person_id = ${literal(id)})`

export function runSql(project: string, sql: string, signal?: AbortSignal): Promise<QueryAnswer> {
  return askQuery(project, { query: { kind: 'HogQLQuery', query: sql } }, signal)
}

/** The rows of one query, asked again when `sql` changes; the old ones stay meanwhile. */
export function useSql(sql: string) {
  const project = useProjectId()
  return useQuery({
    queryKey: ['sql', project, sql],
    queryFn: ({ signal }) => runSql(project, sql, signal),
    placeholderData: (before) => before,
  })
}
