import { useState } from 'react'
import type { Project } from '../../api/answers'
import { useProject } from '../../api/project'
import { useMay } from '../../api/session'
import { Button } from '../../components/button'
import { Switch, TextField } from '../../components/fields'
import { Card, Page } from '../../components/page'
import { Answer, Failure } from '../../components/states'
import { useChangeProject } from './change-project'
import { Cookieless } from './cookieless'
import { SettingsTabs } from './settings-tabs'
import './settings.css'

const DAY_SECONDS = 86_400

/** What of a person is kept; each takes effect with the next event. */
const SWITCHES = [
  {
    name: 'anonymize_ips',
    label: 'Do not store IP addresses',
    hint: 'The address of every event is dropped before it is stored.',
  },
  {
    name: 'person_processing_opt_out',
    label: 'Keep no persons',
    hint: 'Events are counted, but no profile of who sent them is made.',
  },
  {
    name: 'heatmaps_opt_in',
    label: 'Heatmaps',
    hint: 'Keeps where people point and how far they scroll.',
  },
] as const

export default function PrivacyPage() {
  const project = useProject()
  return (
    <Page title="Settings">
      <SettingsTabs current="settings/privacy" />
      <div className="stack settings">
        <Answer query={project}>{(data) => <Switches project={data} />}</Answer>
      </div>
    </Page>
  )
}

function Switches({ project }: { project: Project }) {
  const change = useChangeProject()
  const may = useMay('admin')
  return (
    <div className="stack">
      <Card title="What is kept of a person">
        <div className="stack">
          {SWITCHES.map(({ name, label, hint }) => (
            <Switch
              key={name}
              label={label}
              hint={hint}
              checked={project[name] === true}
              disabled={!may || change.isPending}
              onChange={(checked) => change.mutate({ [name]: checked })}
            />
          ))}
          {change.error && <Failure error={change.error} />}
        </div>
      </Card>
      <Cookieless project={project} />
      <OldEvents key={String(project.drop_events_older_than_seconds)} project={project} />
    </div>
  )
}

function OldEvents({ project }: { project: Project }) {
  const kept = project.drop_events_older_than_seconds
  const [days, setDays] = useState(typeof kept === 'number' ? String(kept / DAY_SECONDS) : '')
  const change = useChangeProject()
  const may = useMay('admin')
  const seconds = days.trim() === '' ? null : Math.round(Number(days) * DAY_SECONDS)
  return (
    <Card title="Late events">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate({ drop_events_older_than_seconds: seconds })
        }}
      >
        <TextField
          label="Drop events that are older than this many days when they arrive"
          hint="Empty keeps all. What is dropped is counted under Data, Warnings."
          type="number"
          min="0.01"
          step="any"
          disabled={!may}
          value={days}
          onChange={(event) => setDays(event.target.value)}
        />
        {change.error && <Failure error={change.error} />}
        {may && (
          <div className="row">
            <Button type="submit" disabled={change.isPending}>
              Save
            </Button>
            {change.isSuccess && <span className="soft">Saved.</span>}
          </div>
        )}
      </form>
    </Card>
  )
}
