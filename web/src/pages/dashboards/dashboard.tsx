import { useState } from 'react'
import { useLocation, useParams, useSearchParams } from 'wouter'
import { useAddress } from '../../api/project'
import { useMay } from '../../api/session'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { Page } from '../../components/page'
import { Answer, Empty, Failure } from '../../components/states'
import { DatePicker } from '../../insights/date-picker'
import type { DateRange } from '../../insights/query'
import type { Dashboard, Tile } from '../../insights/saved'
import { AnswersAge } from './answers-age'
import { DashboardMenu, type DashboardAction } from './dashboard-menu'
import { NameDialog } from './name-dialog'
import { AddInsight, TextDialog } from './tile-dialogs'
import { TileGrid } from './tile-grid'
import { copyOf, sentTile, useChangeDashboard, useDashboard, useDeleteDashboard } from './use-dashboard'

export default function DashboardPage() {
  const { shortId } = useParams<{ shortId: string }>()
  const dashboard = useDashboard(shortId)
  if (dashboard.data) return <Shown key={shortId} dashboard={dashboard.data} />
  return (
    <Page title="Dashboard">
      <Answer query={dashboard}>{() => null}</Answer>
    </Page>
  )
}

type Open = 'insight' | 'text' | 'rename' | 'delete' | Tile | null

function Shown({ dashboard }: { dashboard: Dashboard }) {
  const mayChange = useMay('member')
  const change = useChangeDashboard()
  const [open, setOpen] = useState<Open>(null)
  const { dates, setDates, isOwn } = useDates(dashboard)
  const act = useActions(dashboard, setOpen)
  // What was changed here lies as it will until the server has answered.
  const [draft, setDraft] = useState<Tile[] | null>(null)
  const tiles = draft ?? dashboard.tiles
  const id = dashboard.short_id
  const put = (next: Tile[]) => {
    setDraft(next)
    change.mutate({ id, tiles: next.map(sentTile) }, { onSettled: () => setDraft(null) })
    setOpen(null)
  }
  const add = (tile: { insight: number } | { text: { body: string } }) => {
    change.mutate({ id, tiles: [...tiles.map(sentTile), { id: 0, ...tile }] })
    setOpen(null)
  }
  return (
    <Page
      title={dashboard.name}
      {...(dashboard.description ? { intro: dashboard.description } : {})}
      actions={
        <>
          <DatePicker range={dates.date_from ? dates : undefined} unset="Each its own dates" onChange={setDates} />
          {isOwn && mayChange && (
            <Button onClick={() => change.mutate({ id, filters: dates }, { onSuccess: () => setDates(null) })}>
              Keep these dates
            </Button>
          )}
          <AnswersAge />
          {mayChange && (
            <Button kind="primary" icon="plus" onClick={() => setOpen('insight')}>
              Add an insight
            </Button>
          )}
          <DashboardMenu dashboard={dashboard} mayChange={mayChange} onChoose={act.run} />
        </>
      }
    >
      {(change.error ?? act.error) && <Failure error={change.error ?? act.error} />}
      {tiles.length === 0 ? (
        <Empty
          icon="dashboard"
          title="Nothing on it yet"
          action={
            mayChange && (
              <Button kind="primary" onClick={() => setOpen('insight')}>
                Add an insight
              </Button>
            )
          }
        />
      ) : (
        <TileGrid
          tiles={tiles}
          dates={dates}
          isSaving={change.isPending}
          {...(mayChange ? { onChange: put, onEditText: setOpen } : {})}
        />
      )}
      {open === 'insight' && (
        <AddInsight
          shown={tiles.flatMap(({ insight }) => (insight ? [insight.id] : []))}
          onAdd={(insight) => add({ insight })}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'text' && <TextDialog body="" onDone={(body) => add({ text: { body } })} onClose={() => setOpen(null)} />}
      {typeof open === 'object' && open?.text && (
        <TextDialog
          body={open.text.body}
          onDone={(body) => put(tiles.map((tile) => (tile.id === open.id ? { ...tile, text: { body } } : tile)))}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'rename' && <NameDialog dashboard={dashboard} onClose={() => setOpen(null)} />}
      {open === 'delete' && <DeleteDialog dashboard={dashboard} onClose={() => setOpen(null)} />}
    </Page>
  )
}

/** The dates in the address go over those that are kept, so that a link shows the same. */
function useDates({ filters }: Dashboard) {
  const [parameters, setParameters] = useSearchParams()
  const from = parameters.get('from')
  const dates: DateRange = from === null ? filters : { date_from: from, date_to: parameters.get('to') }
  const setDates = (next: DateRange | null) =>
    setParameters(
      next?.date_from ? { from: next.date_from, ...(next.date_to ? { to: next.date_to } : {}) } : {},
      { replace: true },
    )
  const isOwn = from !== null && (from !== filters.date_from || (dates.date_to ?? null) !== (filters.date_to ?? null))
  return { dates, setDates, isOwn }
}

/** What the menu of a dashboard does. */
function useActions(dashboard: Dashboard, onOpen: (open: Open) => void) {
  const at = useAddress()
  const [, goTo] = useLocation()
  const change = useChangeDashboard()
  const run = (action: DashboardAction) => {
    switch (action) {
      case 'pin':
        change.mutate({ id: dashboard.short_id, pinned: !dashboard.pinned })
        break
      case 'duplicate':
        change.mutate({ id: null, ...copyOf(dashboard) }, { onSuccess: (made) => goTo(at(`dashboards/${made.short_id}`)) })
        break
      case 'full-screen':
        void document.getElementById('content')?.requestFullscreen()
        break
      case 'print':
        window.print()
        break
      default:
        onOpen(action)
    }
  }
  return { run, error: change.error }
}

function DeleteDialog({ dashboard, onClose }: { dashboard: Dashboard; onClose: () => void }) {
  const at = useAddress()
  const [, goTo] = useLocation()
  const remove = useDeleteDashboard()
  return (
    <Dialog
      title="Delete this dashboard?"
      onClose={onClose}
      actions={
        <Button
          kind="danger"
          disabled={remove.isPending}
          onClick={() => remove.mutate(dashboard.short_id, { onSuccess: () => goTo(at('dashboards')) })}
        >
          Delete
        </Button>
      }
    >
      <p>“{dashboard.name}” and its texts go. Its insights stay in the list of insights.</p>
      {remove.error && <Failure error={remove.error} />}
    </Dialog>
  )
}
