import { useState } from 'react'
import { Button } from '../components/button'
import { Dialog } from '../components/dialog'
import { TextArea, TextField } from '../components/fields'
import { Failure } from '../components/states'
import { useDeleteAnnotation, useProjectZone, useSaveAnnotation, type Annotation } from './use-annotations'
import { momentOf, wallTime } from './wall-time'

const CONTENT_CHARS_MAX = 8192

interface AnnotationDialogProps {
  /** Null makes a new one. */
  annotation: Annotation | null
  /** When a new one is, by the project's clock. */
  day?: string
  onClose: () => void
}

/** What happened, and when. */
export function AnnotationDialog({ annotation, day, onClose }: AnnotationDialogProps) {
  const zone = useProjectZone()
  const first = annotation ? wallTime(new Date(annotation.date_marker), zone) : day
  const [wall, setWall] = useState(() => first ?? wallTime(new Date(), zone))
  const [content, setContent] = useState(annotation?.content ?? '')
  const save = useSaveAnnotation(annotation?.id ?? null)
  const remove = useDeleteAnnotation()
  const moment = momentOf(wall, zone)
  const error = save.error ?? remove.error
  return (
    <Dialog
      title={annotation ? 'Annotation' : 'New annotation'}
      onClose={onClose}
      actions={
        <>
          {annotation && (
            <Button
              kind="danger"
              disabled={remove.isPending}
              onClick={() => remove.mutate(annotation.id, { onSuccess: onClose })}
            >
              Delete
            </Button>
          )}
          <Button
            kind="primary"
            disabled={content.trim() === '' || moment === null || save.isPending}
            onClick={() =>
              moment && save.mutate({ content: content.trim(), date_marker: moment.toISOString() }, { onSuccess: onClose })
            }
          >
            Save
          </Button>
        </>
      }
    >
      <TextArea
        label="What happened"
        rows={3}
        maxLength={CONTENT_CHARS_MAX}
        value={content}
        onChange={(event) => setContent(event.target.value)}
        hint="Shown on every chart over time, and on dashboards."
      />
      <TextField
        label="When"
        type="datetime-local"
        value={wall}
        onChange={(event) => setWall(event.target.value)}
        hint={`By the clock of ${zone}.`}
      />
      {error && <Failure error={error} />}
    </Dialog>
  )
}
