/** What the pickers offer, from what this project has. */
import { useQueries, useQuery } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import { api } from '../api/client'
import { useEventDefinitions, useGroupTypes, usePropertyDefinitions } from '../api/lists'
import { useProjectId } from '../api/project'
import { shownEventName } from '../components/event-name'
import type { PickerOption } from '../components/picker'

/** The id that stands for every event. */
export const ANY_EVENT = ''

export function useEventOptions(): PickerOption[] {
  const events = useEventDefinitions().data?.results ?? []
  const option = (name: string, group: string) => ({ id: name, name: shownEventName(name), group })
  const shown = events.filter(({ hidden }) => !hidden)
  return [
    { id: ANY_EVENT, name: 'All events', group: 'Any' },
    ...shown.filter(({ name }) => !name.startsWith('$')).map(({ name }) => option(name, 'Your events')),
    ...shown.filter(({ name }) => name.startsWith('$')).map(({ name }) => option(name, 'Of the SDKs')),
  ]
}

/** A property by its type and name, as one id; one of groups also by their type's number. */
export const propertyId = (type: string, key: string, groupType?: number): string =>
  `${type}${groupType === undefined ? '' : `#${groupType}`}:${key}`

export function propertyOfId(id: string): { type: string; key: string; groupType?: number } {
  const cut = id.indexOf(':')
  const [type = '', number] = id.slice(0, cut).split('#')
  return { type, key: id.slice(cut + 1), ...(number === undefined ? {} : { groupType: Number(number) }) }
}

const ownFirst = (one: { name: string }, two: { name: string }) =>
  Number(one.name.startsWith('$')) - Number(two.name.startsWith('$'))

/** What every session has, of its first and last events (docs/sql.md). */
const SESSION_PROPERTIES = [
  ...['$channel_type', '$entry_pathname', '$end_pathname', '$entry_referring_domain'],
  ...['$entry_utm_source', '$entry_utm_medium', '$entry_utm_campaign'],
  ...['$session_duration', '$pageview_count', '$is_bounce'],
]

/** Properties of events, persons and sessions; their own before those of SDKs. */
export function usePropertyOptions(): PickerOption[] {
  const events = usePropertyDefinitions('event').data?.results ?? []
  const persons = usePropertyDefinitions('person').data?.results ?? []
  const options = (type: string, list: typeof events, group: string) =>
    [...list]
      .filter(({ hidden }) => !hidden)
      .sort(ownFirst)
      .map(({ name, property_type }) => ({
        id: propertyId(type, name),
        name,
        group,
        ...(property_type ? { hint: property_type.toLowerCase() } : {}),
      }))
  return [
    ...options('event', events, 'Of the event'),
    ...options('person', persons, 'Of the person'),
    ...SESSION_PROPERTIES.map((name) => ({ id: propertyId('session', name), name, group: 'Of the session' })),
  ]
}

/** Properties of groups, each type's apart. */
export function useGroupPropertyOptions(): PickerOption[] {
  const project = useProjectId()
  const types = useGroupTypes().data ?? []
  const lists = useQueries({
    queries: types.map(({ group_type_index: number }) => ({
      queryKey: ['property_definitions', project, 'group', number],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        api.get('/api/projects/{project_id}/property_definitions', {
          path: { project_id: project },
          query: { limit: 1000, type: 'group', group_type_index: number },
          signal,
        }),
    })),
  })
  return types.flatMap(({ group_type, group_type_index: number }, at) =>
    (lists[at]?.data?.results ?? []).map(({ name }) => ({
      id: propertyId('group', name, number),
      name,
      group: `Of the ${group_type}`,
    })),
  )
}

export function useNumericOptions(): PickerOption[] {
  const project = useProjectId()
  const found = useQuery({
    queryKey: ['property_definitions', project, 'numerical'],
    queryFn: ({ signal }) =>
      api.get('/api/projects/{project_id}/property_definitions', {
        path: { project_id: project },
        query: { limit: 1000, type: 'event', is_numerical: true },
        signal,
      }),
  })
  return [...(found.data?.results ?? [])].sort(ownFirst).map(({ name }) => ({ id: name, name }))
}

export interface Cohort {
  id: number
  name: string
  description: string
  is_static: boolean
  filters: Record<string, unknown>
  created_at: string
}

export function useCohorts() {
  const project = useProjectId()
  return useQuery({
    queryKey: ['cohorts', project],
    queryFn: async ({ signal }) => {
      const page = await api.get('/api/projects/{project_id}/cohorts', {
        path: { project_id: project },
        query: { limit: 500 },
        signal,
      })
      return page as unknown as { results: Cohort[] }
    },
  })
}

export function useCohortOptions(): PickerOption[] {
  const cohorts = useCohorts().data?.results ?? []
  return cohorts.map(({ id, name }) => ({ id: propertyId('cohort', String(id)), name, group: 'Cohorts' }))
}

/** What the property has been, the most frequent first. */
export function useValues(type: string, key: string, part: string): string[] {
  const project = useProjectId()
  const wanted = useDeferredValue(part)
  const found = useQuery({
    queryKey: ['values', project, type, key, wanted],
    queryFn: async ({ signal }) => {
      const options = {
        path: { project_id: project },
        query: { key, value: wanted || undefined },
        signal,
      }
      const values =
        type === 'person'
          ? await api.get('/api/projects/{project_id}/persons/values', options)
          : await api.get('/api/projects/{project_id}/events/values', options)
      return (values as { name: string }[]).map(({ name }) => name)
    },
    placeholderData: (before) => before,
    staleTime: 60_000,
    enabled: type === 'event' || type === 'person',
  })
  return found.data ?? []
}

