import { useState, type ReactNode } from 'react'
import { useLocation, useParams } from 'wouter'
import { useAddress } from '../../api/project'
import { useMay } from '../../api/session'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { Icon } from '../../components/icon'
import { Menu } from '../../components/menu'
import { Page } from '../../components/page'
import { Answer, Empty, Failure } from '../../components/states'
import { DatePicker } from '../../insights/date-picker'
import { readQuery } from '../../insights/query'
import type { Dashboard, Tile } from '../../insights/saved'
import { AddInsight, TextDialog } from './tile-dialogs'
import { TileCard } from './tile-card'
import { movedTile, sentTile, useChangeDashboard, useDashboard, useDeleteDashboard, withDates } from './use-dashboard'
import '../../insights/insights.css'
import './dashboards.css'

export default function DashboardPage() {
  const { shortId } = useParams<{ shortId: string }>()
  const dashboard = useDashboard(shortId)
  if (dashboard.data) return <Shown dashboard={dashboard.data} />
  return (
    <Page title="Dashboard">
      <Answer query={dashboard}>{() => null}</Answer>
    </Page>
  )
}

type Open = 'insight' | 'text' | 'delete' | null

function Shown({ dashboard }: { dashboard: Dashboard }) {
  const mayChange = useMay('member')
  const change = useChangeDashboard()
  const [open, setOpen] = useState<Open>(null)
  const id = dashboard.short_id
  const put = (tiles: Tile[]) => change.mutate({ id, tiles: tiles.map(sentTile) })
  const { tiles } = dashboard
  return (
    <Page
      title={dashboard.name}
      actions={
        <>
          <DatePicker
            range={dashboard.filters.date_from ? dashboard.filters : { date_from: '-30d' }}
            onChange={(filters) => change.mutate({ id, filters })}
          />
          {mayChange && <Actions dashboard={dashboard} onOpen={setOpen} />}
        </>
      }
    >
      {change.error && <Failure error={change.error} />}
      {tiles.length === 0 && (
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
      )}
      <div className={change.isPending ? 'tiles refreshing' : 'tiles'}>
        {tiles.map((tile, index) => (
          <DashboardTile
            key={tile.id}
            tile={tile}
            dashboard={dashboard}
            actions={
              mayChange && (
                <TileMenu
                  tile={tile}
                  onMove={(step) => put(movedTile(tiles, index, step))}
                  onWiden={() => put(tiles.map((one) => (one.id === tile.id ? { ...one, layouts: { wide: !one.layouts.wide } } : one)))}
                  onRemove={() => put(tiles.filter((one) => one.id !== tile.id))}
                />
              )
            }
          />
        ))}
      </div>
      {open === 'insight' && (
        <AddInsight
          shown={tiles.flatMap(({ insight }) => (insight ? [insight.id] : []))}
          onAdd={(insight) => {
            change.mutate({ id, tiles: [...tiles.map(sentTile), { id: 0, insight }] })
            setOpen(null)
          }}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'text' && (
        <TextDialog
          onAdd={(body) => {
            change.mutate({ id, tiles: [...tiles.map(sentTile), { id: 0, text: { body } }] })
            setOpen(null)
          }}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'delete' && <DeleteDialog dashboard={dashboard} onClose={() => setOpen(null)} />}
    </Page>
  )
}

function Actions({ dashboard, onOpen }: { dashboard: Dashboard; onOpen: (open: Open) => void }) {
  const change = useChangeDashboard()
  return (
    <>
      <Button
        aria-pressed={dashboard.pinned}
        icon={dashboard.pinned ? 'check' : 'home'}
        onClick={() => change.mutate({ id: dashboard.short_id, pinned: !dashboard.pinned })}
      >
        {dashboard.pinned ? 'On home' : 'Show on home'}
      </Button>
      <Button icon="trash" aria-label="Delete this dashboard" onClick={() => onOpen('delete')} />
      <Button onClick={() => onOpen('text')}>Add text</Button>
      <Button kind="primary" icon="plus" onClick={() => onOpen('insight')}>
        Add an insight
      </Button>
    </>
  )
}

interface DashboardTileProps {
  tile: Tile
  dashboard: Dashboard
  actions: ReactNode
}

/** A tile of the dashboard, over the dashboard's dates. */
export function DashboardTile({ tile, dashboard, actions }: DashboardTileProps) {
  const wide = tile.layouts.wide === true
  if (!tile.insight) {
    return (
      <section className={wide ? 'card tile tile-wide' : 'card tile'} aria-label="Text">
        <div className="card-head">
          <span />
          {actions}
        </div>
        <p className="card-body tile-text">{tile.text?.body}</p>
      </section>
    )
  }
  const { insight } = tile
  const query = readQuery(insight.query)
  const name = insight.name ?? 'Without a name'
  if (!query) {
    return (
      <section className="card tile" aria-label={name}>
        <div className="card-head">
          <h2 className="cut">{name}</h2>
          {actions}
        </div>
        <p className="card-body soft">This kind of insight has no drawing here.</p>
      </section>
    )
  }
  return (
    <TileCard
      name={name}
      query={withDates(query, dashboard.filters)}
      shortId={insight.short_id}
      wide={wide}
      actions={actions}
    />
  )
}

interface TileMenuProps {
  tile: Tile
  onMove: (step: -1 | 1) => void
  onWiden: () => void
  onRemove: () => void
}

function TileMenu({ tile, onMove, onWiden, onRemove }: TileMenuProps) {
  const items = [
    ['Move forward', () => onMove(-1)],
    ['Move back', () => onMove(1)],
    [tile.layouts.wide ? 'Half the width' : 'The whole width', onWiden],
    ['Remove from the dashboard', onRemove],
  ] as const
  return (
    <Menu
      label={`Tile: ${tile.insight?.name ?? 'text'}`}
      right
      buttonClass="button button-quiet button-small"
      button={<Icon name="chevron" />}
    >
      {(close) =>
        items.map(([text, run]) => (
          <button
            key={text}
            type="button"
            className="menu-item"
            onClick={() => {
              run()
              close()
            }}
          >
            {text}
          </button>
        ))
      }
    </Menu>
  )
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
