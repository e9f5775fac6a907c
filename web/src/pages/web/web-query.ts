import { useQuery } from '@tanstack/react-query'
import { askQuery } from '../../api/ask-query'
import { useProjectId } from '../../api/project'
import type { Refreshable } from '../../insights/refresh'
import type { DateRange, PropertyFilter } from '../../insights/query'

/** What all questions of the page share. */
export interface WebCommon {
  dateRange: DateRange
  properties: PropertyFilter[]
}

export interface WebAnswer<Result> extends Refreshable {
  results: Result[]
  hasMore?: boolean
}

/** The answer of one question about web traffic; the old one stays while filters change. */
export function useWebQuery<Result>(query: Record<string, unknown>) {
  const project = useProjectId()
  return useQuery({
    queryKey: ['web', project, query],
    queryFn: ({ signal }) => askQuery(project, { query, refresh: 'blocking' }, signal) as unknown as Promise<WebAnswer<Result>>,
    placeholderData: (before) => before,
    staleTime: 60_000,
  })
}
