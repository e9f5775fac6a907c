import { useMemo, useState, type ComponentProps } from 'react'
import { useMay } from '../api/session'
import { Button } from '../components/button'
import { linesOf } from '../insights/lines'
import { LinesResult } from '../insights/lines-result'
import { AnnotationDialog } from './annotation-dialog'
import { within } from './remarks'
import { useRemarks, type Annotation } from './use-annotations'
import './annotations.css'

type AnnotatedLinesProps = ComponentProps<typeof LinesResult>

/** A chart over days with what happened meanwhile. */
export function AnnotatedLines(props: AnnotatedLinesProps) {
  const remarks = useRemarks()
  const isOverDays = props.query.kind === 'TrendsQuery'
  if (!isOverDays) return <LinesResult {...props} />
  return (
    <>
      <LinesResult {...props} remarks={remarks} />
      {!props.compact && <RemarkList {...props} />}
    </>
  )
}

/** The remarks of this chart, each to be read whole and changed; and a way to a new one. */
function RemarkList({ results, query }: AnnotatedLinesProps) {
  const remarks = useRemarks()
  const [open, setOpen] = useState<Annotation | 'new' | null>(null)
  const days = useMemo(() => linesOf(results, query).find(({ isPrevious }) => !isPrevious)?.days ?? [], [results, query])
  const found = within(remarks, days)
  const may = useMay('member')
  const isOverTime = days.some((day) => typeof day === 'string')
  if (!isOverTime || (found.length === 0 && !may)) return null
  return (
    <div className="row row-wrap remarks">
      {found.map(({ remark }) => (
        <button
          key={remark.annotation.id}
          type="button"
          className="remark"
          title={remark.text}
          disabled={!may}
          onClick={() => setOpen(remark.annotation)}
        >
          <span className="soft number">{remark.day.slice(0, 10)}</span>
          <span className="cut">{remark.text}</span>
        </button>
      ))}
      {may && (
        <Button small kind="quiet" icon="plus" onClick={() => setOpen('new')}>
          Annotation
        </Button>
      )}
      {open !== null && (
        <AnnotationDialog annotation={open === 'new' ? null : open} onClose={() => setOpen(null)} />
      )}
    </div>
  )
}
