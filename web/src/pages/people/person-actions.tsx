import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Person } from '../../api/answers'
import { api } from '../../api/client'
import { useAddress, useProjectId } from '../../api/project'
import { useMay } from '../../api/session'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { Select, Switch, TextField } from '../../components/fields'
import { Failure } from '../../components/states'

const WORD = 'delete'

/** What cannot be undone: it is asked for twice. */
export function PersonActions({ person }: { person: Person }) {
  const [open, setOpen] = useState<'split' | 'delete' | null>(null)
  if (!useMay('member')) return null
  const close = () => setOpen(null)
  return (
    <>
      {person.distinct_ids.length > 1 && <Button onClick={() => setOpen('split')}>Split</Button>}
      <Button kind="danger" icon="trash" onClick={() => setOpen('delete')}>
        Delete
      </Button>
      {open === 'split' && <SplitDialog person={person} onClose={close} />}
      {open === 'delete' && <DeleteDialog person={person} onClose={close} />}
    </>
  )
}

interface ActionDialogProps {
  person: Person
  onClose: () => void
}

const ABOUT_PERSONS = ['persons', 'person-ids', 'person-merges', 'person-events', 'person-summary', 'cohorts', 'recordings']

/** All that was asked about persons may be another answer now; pages that are left ask no more. */
function usePersonsChanged() {
  const client = useQueryClient()
  return (isLeft: boolean) => {
    for (const name of ABOUT_PERSONS) {
      void client.invalidateQueries({ queryKey: [name], refetchType: isLeft ? 'none' : 'active' })
    }
  }
}

function SplitDialog({ person, onClose }: ActionDialogProps) {
  const project = useProjectId()
  const changed = usePersonsChanged()
  const [, goTo] = useLocation()
  const at = useAddress()
  const [main, setMain] = useState(person.distinct_ids[0] ?? '')
  const split = useMutation({
    mutationFn: async () => {
      await api.post('/api/projects/{project_id}/persons/{person_id}/split', {
        path: { project_id: project, person_id: person.id },
        body: { main_distinct_id: main },
      })
      // A person's id comes of a distinct id, so the main one may be somebody new.
      const found = await api.get('/api/projects/{project_id}/persons', {
        path: { project_id: project },
        query: { distinct_id: main },
      })
      return found.results[0]?.id ?? person.id
    },
    onSuccess: (id) => {
      onClose()
      changed(id !== person.id)
      goTo(at(`people/${id}`))
    },
  })
  const others = person.distinct_ids.length - 1
  return (
    <Dialog
      title="Split this person?"
      onClose={onClose}
      actions={
        <Button kind="danger" disabled={split.isPending} onClick={() => split.mutate()}>
          {split.isPending ? 'Splitting …' : 'Split'}
        </Button>
      }
    >
      <p>
        Each distinct id becomes a person of its own, with the events that it sent.{' '}
        {others === 1 ? 'The other one begins' : `The other ${others} begin`} without properties. Splitting
        cannot be undone, though ids can be merged again by an SDK.
      </p>
      <Select
        label="Keeps the properties"
        value={main}
        options={person.distinct_ids.map((id) => [id, id] as const)}
        onChange={setMain}
      />
      {split.error && <Failure error={split.error} />}
    </Dialog>
  )
}

function DeleteDialog({ person, onClose }: ActionDialogProps) {
  const project = useProjectId()
  const changed = usePersonsChanged()
  const [, goTo] = useLocation()
  const at = useAddress()
  const [withEvents, setWithEvents] = useState(false)
  const [word, setWord] = useState('')
  const remove = useMutation({
    mutationFn: () =>
      api.delete('/api/projects/{project_id}/persons/{person_id}', {
        path: { project_id: project, person_id: person.id },
        query: { delete_events: withEvents },
      }),
    onSuccess: () => {
      changed(true)
      goTo(at('people'))
    },
  })
  const isMeant = word.trim().toLowerCase() === WORD
  return (
    <Dialog
      title={`Delete ${person.name}?`}
      onClose={onClose}
      actions={
        <Button kind="danger" disabled={!isMeant || remove.isPending} onClick={() => remove.mutate()}>
          {remove.isPending ? 'Deleting …' : withEvents ? 'Delete person and events' : 'Delete person'}
        </Button>
      }
    >
      <p>The properties and all {person.distinct_ids.length} distinct ids are deleted for good.</p>
      <Switch
        label="Delete the events too"
        hint={
          withEvents
            ? 'They leave the disk, and every chart.'
            : 'They stay and are counted, without a profile.'
        }
        checked={withEvents}
        onChange={setWithEvents}
      />
      <TextField
        label={`Type “${WORD}” to confirm`}
        value={word}
        autoComplete="off"
        onChange={(event) => setWord(event.target.value)}
      />
      {remove.error && <Failure error={remove.error} />}
    </Dialog>
  )
}
