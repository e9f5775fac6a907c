import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client'
import { useProjectId } from '../../api/project'
import { Button } from '../../components/button'
import { Code } from '../../components/code'
import { Dialog } from '../../components/dialog'
import { Select, TextField } from '../../components/fields'
import { Page } from '../../components/page'
import { Answer, Empty, Failure } from '../../components/states'
import { Ago } from '../../components/time'
import { SettingsTabs } from './settings-tabs'

const KEY = ['personal_keys']

export default function KeysPage() {
  const keys = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => api.get('/api/personal_keys', { signal }),
  })
  const [adding, setAdding] = useState(false)
  return (
    <Page
      title="Settings"
      actions={
        <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
          Make a key
        </Button>
      }
    >
      <SettingsTabs current="settings/keys" />
      <p className="soft">
        Personal keys (<code>phx_…</code>) are secrets by which programs read through the API.
      </p>
      <Answer query={keys}>
        {({ results }) =>
          results.length > 0 ? (
            <div className="table-box">
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col">Ends with</th>
                    <th scope="col">May</th>
                    <th scope="col" className="right">
                      Made
                    </th>
                    <th scope="col">
                      <span className="visually-hidden">Delete</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {results.map((key) => (
                    <tr key={key.id}>
                      <td className="cut">{key.label}</td>
                      <td>
                        <code>{key.last_four}</code>
                      </td>
                      <td className="soft">{key.scopes?.join(', ') ?? 'do everything'}</td>
                      <td className="right soft">
                        <Ago time={key.created_at} />
                      </td>
                      <td className="right">
                        <DeleteKey id={key.id} label={key.label} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          ) : (
            <Empty icon="settings" title="No personal keys">
              Scripts, Grafana and the like need one to read.
            </Empty>
          )
        }
      </Answer>
      {adding && <NewKeyDialog onClose={() => setAdding(false)} />}
    </Page>
  )
}

function DeleteKey({ id, label }: { id: number; label: string }) {
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const remove = useMutation({
    mutationFn: () => api.delete('/api/personal_keys/{key_id}', { path: { key_id: id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  })
  return (
    <>
      <Button small kind="danger" onClick={() => setAsking(true)}>
        Delete
      </Button>
      {asking && (
        <Dialog
          title={`Delete the key “${label}”?`}
          onClose={() => setAsking(false)}
          actions={
            <Button kind="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
              Delete it
            </Button>
          }
        >
          <p>Programs that use it stop working at once.</p>
          {remove.error && <Failure error={remove.error} />}
        </Dialog>
      )}
    </>
  )
}

const SCOPES = [
  ['all', 'Do everything that you may'],
  ['read', 'Only read'],
  ['query', 'Only run queries'],
] as const

const READ_SCOPES = [
  ...['query', 'person', 'group', 'event_definition', 'property_definition', 'insight'],
  ...['dashboard', 'cohort', 'annotation', 'action', 'survey', 'feature_flag', 'project'],
].map((name) => `${name}:read`)

function scopesOf(choice: string): string[] | null {
  if (choice === 'read') return READ_SCOPES
  return choice === 'query' ? ['query:read'] : null
}

function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const project = useProjectId()
  const client = useQueryClient()
  const [label, setLabel] = useState('')
  const [choice, setChoice] = useState('all')
  const make = useMutation({
    mutationFn: () =>
      api.post('/api/personal_keys', {
        body: { label, project_id: Number(project), scopes: scopesOf(choice) },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  })
  if (make.data?.secret != null) {
    return (
      <Dialog title="Your new key" onClose={onClose}>
        <p>Copy it now: only a hash of it is kept, so it cannot be shown again.</p>
        <Code text={make.data.secret} />
      </Dialog>
    )
  }
  return (
    <Dialog
      title="Make a personal key"
      onClose={onClose}
      actions={
        <Button
          kind="primary"
          disabled={make.isPending || label.trim() === ''}
          onClick={() => make.mutate()}
        >
          Make the key
        </Button>
      }
    >
      <TextField
        label="Name"
        hint="What uses it, so that you know which to delete later."
        value={label}
        onChange={(event) => setLabel(event.target.value)}
      />
      <Select label="It may" value={choice} options={SCOPES} onChange={setChoice} />
      {make.error && <Failure error={make.error} />}
    </Dialog>
  )
}
