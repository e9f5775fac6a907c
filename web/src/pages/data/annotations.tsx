import { useState } from 'react'
import { AnnotationDialog } from '../../annotations/annotation-dialog'
import { useAnnotations, useProjectZone, type Annotation } from '../../annotations/use-annotations'
import { wallTime } from '../../annotations/wall-time'
import { useMay } from '../../api/session'
import { Button } from '../../components/button'
import { Page } from '../../components/page'
import { Answer, Empty } from '../../components/states'
import { DataTabs } from './data-tabs'
import '../../annotations/annotations.css'

const SCOPES: Record<string, string> = {
  project: 'Every chart',
  organization: 'Every chart',
  dashboard: 'One dashboard',
  dashboard_item: 'One insight',
}

export default function AnnotationsPage() {
  const annotations = useAnnotations()
  const may = useMay('member')
  const [open, setOpen] = useState<Annotation | 'new' | null>(null)
  const create = may && (
    <Button kind="primary" icon="plus" onClick={() => setOpen('new')}>
      New annotation
    </Button>
  )
  return (
    <Page title="Data" intro="What happened when: releases, campaigns, outages. Charts over time show it." actions={create}>
      <DataTabs current="data/annotations" />
      <Answer query={annotations}>
        {(found) =>
          found.length > 0 ? (
            <AnnotationTable annotations={found} {...(may ? { onOpen: setOpen } : {})} />
          ) : (
            <Empty icon="flag" title="No annotations yet" action={create}>
              Write down what changed and when, so that a jump in a chart explains itself.
            </Empty>
          )
        }
      </Answer>
      {open !== null && (
        <AnnotationDialog annotation={open === 'new' ? null : open} onClose={() => setOpen(null)} />
      )}
    </Page>
  )
}

interface AnnotationTableProps {
  annotations: Annotation[]
  onOpen?: (annotation: Annotation) => void
}

function AnnotationTable({ annotations, onOpen }: AnnotationTableProps) {
  const zone = useProjectZone()
  const sorted = [...annotations].sort((one, two) => two.date_marker.localeCompare(one.date_marker))
  return (
    <div className="table-box">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">What happened</th>
            <th scope="col" className="wide-only">
              Shown on
            </th>
            {onOpen && (
              <th scope="col" className="right">
                <span className="visually-hidden">Change</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {sorted.map((annotation) => (
            <tr key={annotation.id}>
              <td className="soft number annotation-when">
                {wallTime(new Date(annotation.date_marker), zone).replace('T', ' ')}
              </td>
              <td className="wrap">{annotation.content}</td>
              <td className="soft wide-only">{SCOPES[annotation.scope] ?? annotation.scope}</td>
              {onOpen && (
                <td className="right">
                  <Button
                    small
                    kind="quiet"
                    icon="edit"
                    aria-label={`Change: ${annotation.content.slice(0, 60)}`}
                    onClick={() => onOpen(annotation)}
                  />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
