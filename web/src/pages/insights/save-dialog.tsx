import { useState } from 'react'
import { useLocation } from 'wouter'
import { useAddress } from '../../api/project'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { shownEventName } from '../../components/event-name'
import { TextField } from '../../components/fields'
import { Failure } from '../../components/states'
import { KINDS, type InsightQuery } from '../../insights/query'
import { useDashboards, useSaveInsight, type SavedInsight } from '../../insights/saved'

interface SaveDialogProps {
  saved: SavedInsight | null
  query: InsightQuery
  onClose: () => void
}

/** Asks the name, and on which dashboards it is shown. */
export function SaveDialog({ saved, query, onClose }: SaveDialogProps) {
  const at = useAddress()
  const [, goTo] = useLocation()
  const dashboards = useDashboards().data?.results ?? []
  const save = useSaveInsight()
  const [name, setName] = useState(saved?.name ?? suggestedName(query))
  const [chosen, setChosen] = useState<number[]>(saved?.dashboards ?? [])
  const start = () =>
    save.mutate(
      { id: saved?.short_id ?? null, name: name.trim(), query, dashboards: chosen },
      {
        onSuccess: (made) => {
          onClose()
          if (!saved) goTo(at(`insights/${made.short_id}`), { replace: true })
        },
      },
    )
  return (
    <Dialog
      title={saved ? 'Name and dashboards' : 'Save this insight'}
      onClose={onClose}
      actions={
        <Button kind="primary" disabled={name.trim() === '' || save.isPending} onClick={start}>
          Save
        </Button>
      }
    >
      <TextField label="Name" value={name} maxLength={400} onChange={(event) => setName(event.target.value)} />
      {dashboards.length > 0 && (
        <fieldset className="ticks">
          <legend className="field-label">On dashboards</legend>
          {dashboards.map((dashboard) => (
            <label key={dashboard.id} className="row">
              <input
                type="checkbox"
                className="tick"
                checked={chosen.includes(dashboard.id)}
                onChange={() =>
                  setChosen(
                    chosen.includes(dashboard.id)
                      ? chosen.filter((id) => id !== dashboard.id)
                      : [...chosen, dashboard.id],
                  )
                }
              />
              {dashboard.name}
            </label>
          ))}
        </fieldset>
      )}
      {save.error && <Failure error={save.error} />}
    </Dialog>
  )
}

function suggestedName(query: InsightQuery): string {
  const kind = KINDS.find(([id]) => id === query.kind)?.[1] ?? 'Insight'
  const events = (query.series ?? []).map(({ custom_name, event }) => custom_name ?? shownEventName(event ?? 'All events'))
  return events.length === 0 ? kind : `${kind}: ${events.slice(0, 3).join(', ')}`
}
