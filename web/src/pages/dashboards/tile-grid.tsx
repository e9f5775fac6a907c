import { useState } from 'react'
import { Icon } from '../../components/icon'
import { Menu } from '../../components/menu'
import { readQuestion } from '../../insights/question'
import type { DateRange } from '../../insights/query'
import type { Tile } from '../../insights/saved'
import { TileBox, TileCard, type TileTools } from './tile-card'
import { MoveHandle, SizeHandle } from './tile-handles'
import { movedTo, resized, sizeOf, type TileSize } from './tile-layout'
import { withDates } from './use-dashboard'
import './dashboards.css'

interface TileGridProps {
  tiles: Tile[]
  /** Over those of every insight; none leaves each its own. */
  dates: DateRange
  /** A change is on its way to the server. */
  isSaving?: boolean
  /** Absent where tiles may only be looked at. */
  onChange?: (tiles: Tile[]) => void
  onEditText?: (tile: Tile) => void
}

/** The tiles of a dashboard: moved and resized by hand or by key. */
export function TileGrid({ tiles: kept, dates, isSaving, onChange, onEditText }: TileGridProps) {
  // While something is dragged, the tiles lie as they would.
  const [drawn, setDrawn] = useState<Tile[] | null>(null)
  const [moving, setMoving] = useState<number | null>(null)
  const [said, setSaid] = useState('')
  const tiles = drawn ?? kept
  const put = (next: Tile[]) => {
    setDrawn(null)
    onChange?.(next)
  }
  const tools = (tile: Tile, index: number): TileTools | undefined => {
    if (!onChange) return undefined
    const name = tileName(tile)
    const size = sizeOf(tile.layouts)
    const step = (by: -1 | 1) => {
      const place = Math.min(tiles.length, Math.max(1, index + 1 + by))
      setSaid(`${name} is at place ${place} of ${tiles.length}`)
      put(movedTo(tiles, index, index + by))
    }
    const resize = (next: TileSize) => {
      setSaid(`${name} has ${next.width} of 6 columns, height ${next.height}`)
      put(resized(tiles, tile.id, next))
    }
    return {
      id: tile.id,
      isMoving: moving === tile.id,
      move: (
        <MoveHandle
          name={name}
          place={index + 1}
          count={tiles.length}
          onStep={step}
          onStart={() => setMoving(tile.id)}
          onOver={(other) => {
            const to = tiles.findIndex(({ id }) => id === other)
            if (moving !== null && to >= 0 && to !== index) setDrawn(movedTo(tiles, index, to))
          }}
          onEnd={() => {
            setMoving(null)
            if (drawn) put(drawn)
          }}
        />
      ),
      menu: (
        <TileMenu
          tile={tile}
          {...(tile.text && onEditText ? { onEdit: () => onEditText(tile) } : {})}
          onStep={step}
          onRemove={() => put(tiles.filter(({ id }) => id !== tile.id))}
        />
      ),
      size: <SizeHandle name={name} size={size} onDraw={(next) => setDrawn(resized(tiles, tile.id, next))} onChange={resize} />,
    }
  }
  return (
    <div className="tiles" aria-busy={isSaving ?? false}>
      {tiles.map((tile, index) => (
        <DashboardTile key={tile.id} tile={tile} dates={dates} tools={tools(tile, index)} />
      ))}
      <span className="visually-hidden" role="status">
        {said}
      </span>
    </div>
  )
}

const tileName = ({ insight }: Tile): string => (insight ? (insight.name ?? 'Without a name') : 'Text')

interface DashboardTileProps {
  tile: Tile
  dates: DateRange
  tools: TileTools | undefined
}

function DashboardTile({ tile, dates, tools }: DashboardTileProps) {
  const size = sizeOf(tile.layouts)
  const name = tileName(tile)
  if (!tile.insight) {
    return (
      <TileBox name={name} size={size} tools={tools}>
        <p className="tile-text">{tile.text?.body}</p>
      </TileBox>
    )
  }
  const question = readQuestion(tile.insight.query)
  if (!question) {
    return (
      <TileBox name={name} title={name} size={size} tools={tools}>
        <p className="soft">This kind of insight has no drawing here.</p>
      </TileBox>
    )
  }
  return <TileCard name={name} question={withDates(question, dates)} shortId={tile.insight.short_id} size={size} tools={tools} />
}

interface TileMenuProps {
  tile: Tile
  onEdit?: () => void
  onStep: (step: -1 | 1) => void
  onRemove: () => void
}

function TileMenu({ tile, onEdit, onStep, onRemove }: TileMenuProps) {
  const items: readonly (readonly [text: string, run: () => void])[] = [
    ...(onEdit ? [['Edit the text', onEdit] as const] : []),
    ['Move forward', () => onStep(-1)],
    ['Move back', () => onStep(1)],
    ['Remove from the dashboard', onRemove],
  ]
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
