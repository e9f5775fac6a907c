import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { EventDefinition, PropertyDefinition } from '../../api/answers'
import { api } from '../../api/client'
import { useProjectId } from '../../api/project'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { Switch, TextField } from '../../components/fields'
import { Failure } from '../../components/states'

interface DescribeDialogProps {
  kind: 'event' | 'property'
  definition: EventDefinition | PropertyDefinition
  onClose: () => void
}

/** What people should know of an event or a property. */
export function DescribeDialog({ kind, definition, onClose }: DescribeDialogProps) {
  const [description, setDescription] = useState(definition.description)
  const [verified, setVerified] = useState(definition.verified)
  const [hidden, setHidden] = useState(definition.hidden)
  const project = useProjectId()
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: async () => {
      const options = {
        path: { project_id: project, definition: definition.id },
        body: { description, verified, hidden },
      }
      if (kind === 'event') {
        await api.patch('/api/projects/{project_id}/event_definitions/{definition}', options)
      } else {
        await api.patch('/api/projects/{project_id}/property_definitions/{definition}', options)
      }
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [`${kind}_definitions`, project] })
      onClose()
    },
  })
  return (
    <Dialog
      title={definition.name}
      onClose={onClose}
      actions={
        <Button kind="primary" disabled={save.isPending} onClick={() => save.mutate()}>
          Save
        </Button>
      }
    >
      <TextField
        label="Description"
        hint="When is it sent, and what does it mean?"
        value={description}
        onChange={(event) => setDescription(event.target.value)}
      />
      <Switch
        label="Verified"
        hint="Someone has checked that it is sent as described."
        checked={verified}
        onChange={setVerified}
      />
      <Switch
        label="Hidden"
        hint="Left out where people choose events; it is stored all the same."
        checked={hidden}
        onChange={setHidden}
      />
      {save.error && <Failure error={save.error} />}
    </Dialog>
  )
}
