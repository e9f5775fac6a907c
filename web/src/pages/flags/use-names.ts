/** What conditions can be on, and the names of what they refer to by number. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '../../api/client'
import { useFlags } from '../../api/flags'
import { useGroupTypes, usePropertyDefinitions } from '../../api/lists'
import { useProjectId } from '../../api/project'
import type { PickerOption } from '../../components/picker'
import { propertyId, useCohorts } from '../../insights/use-options'
import type { Names } from './rollout-words'

const DEFINITIONS_MAX = 1000

export function useNames(): Names {
  const cohorts = useCohorts().data?.results
  const types = useGroupTypes().data
  return useMemo(
    () => ({
      cohorts: new Map((cohorts ?? []).map(({ id, name }) => [String(id), name])),
      groupTypes: new Map((types ?? []).map(({ group_type_index, group_type }) => [group_type_index, group_type])),
    }),
    [cohorts, types],
  )
}

/** Properties of persons, or of the groups of one type; cohorts; other flags. */
export function useConditionOptions(groupType: number | null, ownKey: string): PickerOption[] {
  const persons = usePropertyDefinitions('person').data?.results ?? []
  const groups = useGroupProperties(groupType)
  const cohorts = useCohorts().data?.results ?? []
  const flags = useFlags().data?.results ?? []
  const others = flags
    .filter(({ key }) => key !== ownKey)
    .map(({ key }) => ({ id: propertyId('flag', key), name: key, group: 'Other flags' }))
  if (groupType !== null) {
    return [...groups.map((name) => ({ id: propertyId('group', name), name, group: 'Of the group' })), ...others]
  }
  const shown = persons.filter(({ hidden }) => !hidden).map(({ name }) => name)
  return [
    ...[...new Set([...shown, 'distinct_id'])].map((name) => ({
      id: propertyId('person', name),
      name,
      group: 'Of the person',
    })),
    // Who is in a fixed list is not known where flags are evaluated.
    ...cohorts
      .filter(({ is_static }) => !is_static)
      .map(({ id, name }) => ({ id: propertyId('cohort', String(id)), name, group: 'Cohorts' })),
    ...others,
  ]
}

function useGroupProperties(groupType: number | null): string[] {
  const project = useProjectId()
  const found = useQuery({
    queryKey: ['property_definitions', project, 'group', groupType],
    queryFn: ({ signal }) =>
      api.get('/api/projects/{project_id}/property_definitions', {
        path: { project_id: project },
        query: { limit: DEFINITIONS_MAX, type: 'group', group_type_index: groupType ?? 0 },
        signal,
      }),
    enabled: groupType !== null,
  })
  return (found.data?.results ?? []).map(({ name }) => name)
}
