/** What tiles are moved and resized by: a finger or a mouse, or the arrow keys. */
import { useRef, type KeyboardEvent, type PointerEvent } from 'react'
import { Icon } from '../../components/icon'
import { COLUMNS, drawingHeight, fitted, stepped, type TileSize } from './tile-layout'

interface MoveHandleProps {
  name: string
  /** Which of how many, from 1. */
  place: number
  count: number
  onStep: (step: -1 | 1) => void
  /** The pointer is over the tile with the id. */
  onOver: (tile: number) => void
  onStart: () => void
  onEnd: () => void
}

const STEPS: Record<string, -1 | 1> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }

export function MoveHandle({ name, place, count, onStep, onOver, onStart, onEnd }: MoveHandleProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key]
    if (step === undefined) return
    event.preventDefault()
    onStep(step)
  }
  const onPointerMove = (event: PointerEvent<HTMLButtonElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const tile = document
      .elementsFromPoint(event.clientX, event.clientY)
      .find((element) => element instanceof HTMLElement && element.dataset.tile !== undefined)
    if (tile instanceof HTMLElement) onOver(Number(tile.dataset.tile))
  }
  return (
    <button
      type="button"
      className="tile-handle tile-move"
      aria-label={`Move ${name}: place ${place} of ${count}. Arrow keys move it.`}
      title="Drag, or use the arrow keys"
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        onStart()
      }}
      onPointerMove={onPointerMove}
      onPointerUp={onEnd}
      onPointerCancel={onEnd}
    >
      <Icon name="grip" />
    </button>
  )
}

interface SizeHandleProps {
  name: string
  size: TileSize
  /** While it is drawn, and once it is let go. */
  onDraw: (size: TileSize) => void
  onChange: (size: TileSize) => void
}

const ARROWS: Record<string, readonly [wider: number, higher: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** Where a drag began: the pointer, the width of one column, and the size then. */
interface Drag {
  x: number
  y: number
  columnPx: number
  size: TileSize
}

export function SizeHandle({ name, size, onDraw, onChange }: SizeHandleProps) {
  const drag = useRef<Drag | null>(null)
  const onKeyDown = (event: KeyboardEvent) => {
    const arrow = ARROWS[event.key]
    if (!arrow) return
    event.preventDefault()
    onChange(stepped(size, ...arrow))
  }
  const onPointerDown = (event: PointerEvent<HTMLButtonElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId)
    const grid = event.currentTarget.closest('.tiles')
    drag.current = { x: event.clientX, y: event.clientY, columnPx: (grid?.clientWidth ?? 0) / COLUMNS, size }
  }
  const onPointerMove = (event: PointerEvent) => {
    if (!drag.current) return
    const { x, y, columnPx, size: first } = drag.current
    onDraw(fitted(first.width + (event.clientX - x) / columnPx, drawingHeight(first) + event.clientY - y))
  }
  const onEnd = () => {
    if (!drag.current) return
    const { size: first } = drag.current
    drag.current = null
    if (size.width !== first.width || size.height !== first.height) onChange(size)
  }
  return (
    <button
      type="button"
      className="tile-handle tile-size"
      aria-label={`Size of ${name}: ${size.width} of ${COLUMNS} columns, height ${size.height}. Arrow keys change it.`}
      title="Drag, or use the arrow keys"
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onEnd}
      onPointerCancel={onEnd}
    >
      <Icon name="corner" />
    </button>
  )
}
