import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client'
import { useAddress, useProject, useProjectId } from '../../api/project'
import { CopyButton } from '../../components/button'
import { Code } from '../../components/code'
import { Link } from '../../components/link'
import { Card, Page } from '../../components/page'
import { Answer } from '../../components/states'
import { TabButtons } from '../../components/tabs'
import { DemoButton } from './demo-button'
import { FirstEvent } from './first-event'
import { prompt, snippets } from './snippets'
import './onboarding.css'

/** From nothing to the first event on one page. */
export default function OnboardingPage() {
  const project = useProject()
  return (
    <Page
      title="Get started"
      intro="Hedgerow understands every PostHog SDK. Point one at this address, and watch the first event arrive below."
    >
      <Answer query={project}>
        {({ api_token }) => <Steps host={window.location.origin} token={api_token} />}
      </Answer>
    </Page>
  )
}

function Steps({ host, token }: { host: string; token: string }) {
  const choices = snippets(host, token)
  const [current, setCurrent] = useState('curl')
  const snippet = choices.find(({ id }) => id === current)
  return (
    <div className="stack onboarding">
      <Card title="1. Send an event">
        <div className="stack">
          <TabButtons
            label="Language"
            tabs={choices.map(({ id, name }) => [id, name] as const)}
            current={current}
            onChange={setCurrent}
          />
          {snippet?.install != null && <Code text={snippet.install} />}
          {snippet && <Code text={snippet.code} />}
          <div className="row row-wrap soft">
            <span>Or let an assistant write it:</span>
            <CopyButton text={prompt(host, token)} label="Copy a prompt" />
          </div>
          <dl className="onboarding-facts">
            <div>
              <dt>Host</dt>
              <dd>
                <code>{host}</code> <CopyButton text={host} />
              </dd>
            </div>
            <div>
              <dt>Project key</dt>
              <dd>
                <code className="wrap">{token}</code> <CopyButton text={token} />
              </dd>
            </div>
          </dl>
        </div>
      </Card>
      <Card title="2. See it arrive">
        <FirstEvent host={host} token={token} />
      </Card>
      <Demo />
    </div>
  )
}

function Demo() {
  const project = useProjectId()
  const at = useAddress()
  const events = useQuery({
    queryKey: ['event_definitions', project, 'any'],
    queryFn: ({ signal }) =>
      api.get('/api/projects/{project_id}/event_definitions', {
        path: { project_id: project },
        query: { limit: 1 },
        signal,
      }),
    staleTime: 0,
  })
  const hasEvents = (events.data?.results.length ?? 0) > 0
  return (
    <Card title="Only looking?">
      <div className="row row-wrap">
        <p className="soft grow">
          A month of a small shop&rsquo;s events gives every page something to show. Better into a
          project of its own, since it stays.
        </p>
        {hasEvents ? (
          <Link to={at('settings/project')} className="button">
            Add a project first
          </Link>
        ) : (
          <DemoButton />
        )}
        {hasEvents && <DemoButton quiet />}
      </div>
    </Card>
  )
}

