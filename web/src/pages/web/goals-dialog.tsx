import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client'
import { useProjectId } from '../../api/project'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { TextField } from '../../components/fields'
import { Answer, Failure } from '../../components/states'
import { EventPicker } from '../../insights/series-editor'

interface Action {
  id: number
  name: string
}

const ACTIONS_MAX = 100

/** Goals are actions: a name for an event, perhaps on certain pages. */
export function GoalsDialog({ onClose }: { onClose: () => void }) {
  const { actions, add, remove } = useActions()
  const error = add.error ?? remove.error
  return (
    <Dialog title="Goals" onClose={onClose}>
      <Answer query={actions} skeletonLines={2}>
        {({ results }) => (
          <ul className="actors">
            {results.map(({ id, name }) => (
              <li key={id}>
                <span className="cut grow">{name}</span>
                <Button small kind="quiet" icon="trash" aria-label={`Remove the goal ${name}`} onClick={() => remove.mutate(id)} />
              </li>
            ))}
          </ul>
        )}
      </Answer>
      <GoalForm busy={add.isPending} onAdd={(goal) => add.mutate(goal)} />
      {error && <Failure error={error} />}
    </Dialog>
  )
}

interface NewGoal {
  name: string
  event: string
  /** A part of the page's address; empty for any. */
  url: string
}

function useActions() {
  const project = useProjectId()
  const client = useQueryClient()
  const path = { project_id: project }
  const onSuccess = async () => {
    await Promise.all([client.invalidateQueries({ queryKey: ['actions'] }), client.invalidateQueries({ queryKey: ['web'] })])
  }
  const actions = useQuery({
    queryKey: ['actions', project],
    queryFn: async ({ signal }) => {
      const page = await api.get('/api/projects/{project_id}/actions', { path, query: { limit: ACTIONS_MAX }, signal })
      return page as unknown as { results: Action[] }
    },
  })
  const add = useMutation({
    mutationFn: ({ name, event, url }: NewGoal) =>
      api.post('/api/projects/{project_id}/actions', {
        path,
        body: { name, steps: [{ event, ...(url === '' ? {} : { url, url_matching: 'contains' }) }] },
      }),
    onSuccess,
  })
  const remove = useMutation({
    mutationFn: (id: number) =>
      api.delete('/api/projects/{project_id}/actions/{resource_id}', { path: { ...path, resource_id: String(id) } }),
    onSuccess,
  })
  return { actions, add, remove }
}

function GoalForm({ busy, onAdd }: { busy: boolean; onAdd: (goal: NewGoal) => void }) {
  const [event, setEvent] = useState<string | null>(null)
  const [name, setName] = useState('')
  const [url, setUrl] = useState('')
  const given = name.trim() === '' ? (event ?? '') : name.trim()
  return (
    <form
      className="stack"
      onSubmit={(submitted) => {
        submitted.preventDefault()
        if (event === null) return
        onAdd({ name: given, event, url: url.trim() })
        setName('')
        setUrl('')
        setEvent(null)
      }}
    >
      <div className="field">
        <span className="field-label">Reached by</span>
        <EventPicker label="Event of the goal" event={event} shownName={event === null ? 'Choose an event …' : undefined} onChange={setEvent} />
      </div>
      <TextField label="On pages whose address contains" placeholder="any page" value={url} maxLength={400} onChange={(change) => setUrl(change.target.value)} />
      <TextField label="Name" placeholder={event ?? ''} value={name} maxLength={400} onChange={(change) => setName(change.target.value)} />
      <div>
        <Button type="submit" kind="primary" disabled={event === null || busy}>
          Add the goal
        </Button>
      </div>
    </form>
  )
}
