import { useState } from 'react'
import { useLocation } from 'wouter'
import { useAddress } from '../../api/project'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { TextField } from '../../components/fields'
import { Failure } from '../../components/states'
import { isSql, kindName, type Question } from '../../insights/question'
import { seriesText } from '../../insights/series'
import { useDashboards, useSaveInsight, type SavedInsight } from '../../insights/saved'

interface SaveDialogProps {
  saved: SavedInsight | null
  question: Question
  onClose: () => void
}

/** Asks the name, and on which dashboards it is shown. */
export function SaveDialog({ saved, question, onClose }: SaveDialogProps) {
  const at = useAddress()
  const [, goTo] = useLocation()
  const dashboards = useDashboards().data?.results ?? []
  const save = useSaveInsight()
  const [name, setName] = useState(saved?.name ?? suggestedName(question))
  const [chosen, setChosen] = useState<number[]>(saved?.dashboards ?? [])
  const start = () =>
    save.mutate(
      { id: saved?.short_id ?? null, name: name.trim(), query: question, dashboards: chosen },
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

function suggestedName(question: Question): string {
  const series = isSql(question) ? [] : (question.series ?? [])
  if (series.length === 0) return kindName(question)
  return `${kindName(question)}: ${series.slice(0, 3).map(seriesText).join(', ')}`
}
