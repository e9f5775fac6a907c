import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import type { Person } from '../../api/answers'
import type { Flag } from '../../api/flags'
import { useGroupTypes, usePeople } from '../../api/lists'
import { useProject } from '../../api/project'
import { TextField } from '../../components/fields'
import { Icon } from '../../components/icon'
import { Card } from '../../components/page'
import { Picker } from '../../components/picker'
import { Answer } from '../../components/states'
import { evaluated, reasonWords, type Evaluated } from './evaluated'

interface WhoGetsItProps {
  flag: Flag
  /** What is on the page is not what is saved. */
  isChanged: boolean
}

/** What one person gets, and why: asked as an SDK would. */
export function WhoGetsIt({ flag, isChanged }: WhoGetsItProps) {
  const [distinctId, setDistinctId] = useState('')
  const [groups, setGroups] = useState<Record<string, string>>({})
  const types = useGroupTypesOf(flag)
  const token = useProject().data?.api_token
  const asked = useDeferredValue(groups)
  const answer = useQuery({
    queryKey: ['evaluated', token, flag.id, flag.version, distinctId, asked],
    queryFn: () =>
      evaluated({ token: token ?? '', key: flag.key, distinctId, groups: asked, runtime: flag.evaluation_runtime }),
    enabled: token !== undefined && distinctId !== '',
    // A condition may be on a property that has just changed.
    staleTime: 0,
  })
  return (
    <Card title="What does this one get?">
      <div className="stack">
        <PersonPicker distinctId={distinctId} onChange={setDistinctId} />
        {types.map((type) => (
          <TextField
            key={type}
            label={`Key of the ${type}`}
            autoComplete="off"
            value={groups[type] ?? ''}
            onChange={(event) => setGroups({ ...groups, [type]: event.target.value })}
          />
        ))}
        {distinctId === '' ? (
          <p className="soft small">Choose a person, or type the distinct id that your code sends.</p>
        ) : (
          <Answer query={answer} skeletonLines={2}>
            {(result) => <Result result={result} />}
          </Answer>
        )}
        {isChanged && <p className="soft small">As it is saved, not as it is being edited.</p>}
      </div>
    </Card>
  )
}

/** The types of groups that decide this flag. */
function useGroupTypesOf({ filters }: Flag): string[] {
  const types = useGroupTypes().data ?? []
  const used = new Set<unknown>([
    filters.aggregation_group_type_index,
    ...(filters.groups ?? []).flatMap(({ aggregation_group_type_index: index, properties }) => [
      index,
      ...(properties ?? []).map(({ group_type_index }) => group_type_index),
    ]),
  ])
  return types.filter(({ group_type_index }) => used.has(group_type_index)).map(({ group_type }) => group_type)
}

function PersonPicker({ distinctId, onChange }: { distinctId: string; onChange: (id: string) => void }) {
  const [search, setSearch] = useState('')
  const text = distinctId === '' ? 'Choose a person …' : distinctId
  const people = usePeople(useDeferredValue(search)).data?.pages[0]?.results ?? []
  return (
    <Picker
      label={`Person: ${text}`}
      buttonClass="button event-button"
      button={
        <>
          <span className="cut">{text}</span>
          <Icon name="chevron" />
        </>
      }
      options={people.map((person) => ({ id: sentId(person), name: person.name }))}
      chosen={[distinctId]}
      free
      onSearch={setSearch}
      onChoose={onChange}
    />
  )
}

const ANONYMOUS = /^[0-9a-f]{8}-[0-9a-f]{4}-/i

/** The id that code sends once somebody is known. */
function sentId({ distinct_ids: ids, name }: Person): string {
  return ids.find((id) => !ANONYMOUS.test(id)) ?? ids[0] ?? name
}

function Result({ result }: { result: Evaluated | null }) {
  if (result === null) return <p>Nothing: the flag is not told to anybody.</p>
  const { enabled, variant, reason, metadata } = result
  return (
    <div className="stack-small" role="status">
      <div className="row row-wrap">
        <span className={enabled ? 'badge badge-good answer-badge' : 'badge answer-badge'}>
          {enabled ? (variant ?? 'On') : 'Off'}
        </span>
        <span>{reasonWords(reason)}</span>
      </div>
      {metadata.payload !== undefined && (
        <p className="small soft">
          With the payload <code className="wrap">{metadata.payload}</code>
        </p>
      )}
    </div>
  )
}
