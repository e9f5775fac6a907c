import { useQueryClient } from '@tanstack/react-query'
import { useState, useSyncExternalStore } from 'react'
import { useProjectId } from '../../api/project'
import { Button } from '../../components/button'
import { Ago } from '../../components/time'
import { ANSWER_KEYS, refreshAnswers, type Refreshable } from '../../insights/refresh'

/** How old the oldest answer on the page is, and a button that asks all of them anew. */
export function AnswersAge() {
  const client = useQueryClient()
  const project = useProjectId()
  const [busy, setBusy] = useState(false)
  const cache = client.getQueryCache()
  const oldest = useSyncExternalStore(
    (changed) => cache.subscribe(changed),
    () =>
      ANSWER_KEYS.flatMap((key) => cache.findAll({ queryKey: [key, project], type: 'active' }))
        .map(({ state }) => (state.data as Refreshable | undefined)?.last_refresh)
        .reduce<string | undefined>((first, time) => (time !== undefined && (first === undefined || time < first) ? time : first), undefined),
  )
  const refresh = async () => {
    setBusy(true)
    await refreshAnswers(client, project).finally(() => setBusy(false))
  }
  if (oldest === undefined) return null
  return (
    <Button icon="refresh" disabled={busy} title="Work out all of it anew" onClick={() => void refresh()}>
      <span className="number">
        <span className="visually-hidden">Refresh all, computed </span>
        <Ago time={oldest} />
      </span>
    </Button>
  )
}
