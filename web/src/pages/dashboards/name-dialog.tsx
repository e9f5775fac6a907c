import { useId, useState } from 'react'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { TextField } from '../../components/fields'
import { Failure } from '../../components/states'
import type { Dashboard } from '../../insights/saved'
import { useChangeDashboard } from './use-dashboard'

const DESCRIPTION_CHARS_MAX = 10_000

export function NameDialog({ dashboard, onClose }: { dashboard: Dashboard; onClose: () => void }) {
  const id = useId()
  const change = useChangeDashboard()
  const [name, setName] = useState(dashboard.name)
  const [description, setDescription] = useState(dashboard.description)
  const save = () =>
    change.mutate({ id: dashboard.short_id, name: name.trim(), description: description.trim() }, { onSuccess: onClose })
  return (
    <Dialog
      title="Name and description"
      onClose={onClose}
      actions={
        <Button kind="primary" disabled={name.trim() === '' || change.isPending} onClick={save}>
          Save
        </Button>
      }
    >
      <TextField label="Name" value={name} maxLength={400} onChange={(event) => setName(event.target.value)} />
      <label className="field-label" htmlFor={id}>
        Description
      </label>
      <textarea
        id={id}
        className="input textarea"
        maxLength={DESCRIPTION_CHARS_MAX}
        value={description}
        onChange={(event) => setDescription(event.target.value)}
      />
      {change.error && <Failure error={change.error} />}
    </Dialog>
  )
}
