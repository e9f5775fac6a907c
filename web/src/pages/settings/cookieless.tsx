import type { Project } from '../../api/answers'
import { useMay } from '../../api/session'
import { Code } from '../../components/code'
import { Card } from '../../components/page'
import { Select } from '../../components/fields'
import { Failure } from '../../components/states'
import { useChangeProject } from './change-project'

const MODES = [
  ['0', 'Do not count them'],
  ['1', 'Count them, by the day'],
  ['2', 'Count them, with sessions and sign-in'],
] as const

/** What each choice means for who is counted; docs/operating.md has the rest. */
const MEANINGS: Record<string, string> = {
  '0': 'Their events are dropped and counted under Health as cookieless_team_disabled.',
  '1': 'A visitor is somebody new each calendar day, with one session. Nobody can be identified.',
  '2': 'A session ends after 30 minutes of nothing. Signing in joins the visitor to a person; after a day, or a sign-out, an unknown visitor is somebody new.',
}

const SNIPPET = "posthog.init('phc_…', { cookieless_mode: 'always' })"

/** Visitors whose browsers keep nothing: no cookie, and so no banner for one. */
export function Cookieless({ project }: { project: Project }) {
  const change = useChangeProject()
  const may = useMay('admin')
  const mode = String(Number(project.cookieless_server_hash_mode ?? 0))
  return (
    <Card title="Visitors without cookies">
      <div className="stack">
        <Select
          label="Events of SDKs in cookieless mode"
          value={mode}
          options={MODES}
          disabled={!may || change.isPending}
          onChange={(next) => change.mutate({ cookieless_server_hash_mode: Number(next) })}
        />
        <p className="soft">{MEANINGS[mode]}</p>
        {mode !== '0' && (
          <>
            <Code text={SNIPPET} />
            <p className="soft">
              With <code>on_reject</code> in place of <code>always</code> only those who decline cookies are
              counted this way. A visitor is told apart by a keyed hash of address, site and browser; its key
              is thrown away a few days later, and neither the address nor the browser is stored. It needs the
              visitor&apos;s own address: behind a proxy, see to it that the proxy is trusted. Whether you may do
              without consent is for your law to say.
            </p>
          </>
        )}
        {change.error && <Failure error={change.error} />}
      </div>
    </Card>
  )
}
