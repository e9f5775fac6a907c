import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Project } from '../../api/answers'
import { api, ApiError } from '../../api/client'
import { projectAddress, useProject } from '../../api/project'
import { useMay } from '../../api/session'
import { Button } from '../../components/button'
import { Code } from '../../components/code'
import { Select, TextField } from '../../components/fields'
import { Card, Page } from '../../components/page'
import { Answer, Failure } from '../../components/states'
import { useChangeProject } from './change-project'
import { SettingsTabs } from './settings-tabs'
import './settings.css'

export default function ProjectSettingsPage() {
  const project = useProject()
  return (
    <Page title="Settings">
      <SettingsTabs current="settings/project" />
      <div className="stack settings">
        <Answer query={project}>
          {(data) => (
            <div className="stack">
              <Card title="Project key">
                <div className="stack">
                  <p className="soft">
                    It may be public: it can only send events. SDKs need it together with this
                    address.
                  </p>
                  <Code text={data.api_token} />
                  <Code text={window.location.origin} />
                </div>
              </Card>
              <ProjectForm key={data.id} project={data} />
            </div>
          )}
        </Answer>
        <NewProject />
      </div>
    </Page>
  )
}

const WEEK_STARTS = [
  ['0', 'Sunday'],
  ['1', 'Monday'],
] as const

function ProjectForm({ project }: { project: Project }) {
  const [name, setName] = useState(project.name)
  const [zone, setZone] = useState(project.timezone)
  const [weekStart, setWeekStart] = useState(project.week_start_day === 1 ? '1' : '0')
  const change = useChangeProject()
  const may = useMay('admin')
  const refusal = change.error instanceof ApiError ? change.error : null
  const zones = [...new Set([zone, 'UTC', ...Intl.supportedValuesOf('timeZone')])]
  return (
    <Card title="Name and time">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate({ name, timezone: zone, week_start_day: Number(weekStart) })
        }}
      >
        <TextField
          label="Name"
          value={name}
          disabled={!may}
          error={refusal?.attribute === 'name' ? refusal.detail : null}
          onChange={(event) => setName(event.target.value)}
        />
        <Select
          label="Time zone, which decides the days of every chart"
          value={zone}
          options={zones.map((item) => [item, item] as const)}
          onChange={setZone}
        />
        <Select
          label="A week begins on"
          value={weekStart}
          options={WEEK_STARTS}
          onChange={setWeekStart}
        />
        {change.error && refusal?.attribute !== 'name' && <Failure error={change.error} />}
        {may && (
          <div className="row">
            <Button type="submit" kind="primary" disabled={change.isPending}>
              Save
            </Button>
            {change.isSuccess && <span className="soft">Saved.</span>}
          </div>
        )}
      </form>
    </Card>
  )
}

function NewProject() {
  const [name, setName] = useState('')
  const client = useQueryClient()
  const [, go] = useLocation()
  const may = useMay('admin')
  const add = useMutation({
    mutationFn: () => api.post('/api/projects', { body: { name } }),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ['projects'] })
      go(projectAddress(made.id, 'start'))
    },
  })
  if (!may) return null
  return (
    <Card title="Add a project">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          add.mutate()
        }}
      >
        <TextField
          label="Name of the new project"
          hint="It has events, people and a key of its own."
          required
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        {add.error && <Failure error={add.error} />}
        <div>
          <Button type="submit" icon="plus" disabled={add.isPending}>
            Add the project
          </Button>
        </div>
      </form>
    </Card>
  )
}
