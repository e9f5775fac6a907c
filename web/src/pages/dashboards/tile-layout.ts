/** Where a dashboard's tiles lie: in their order, each so wide and so high; pure. */
import type { Tile } from '../../insights/saved'

export const COLUMNS = 6
const WIDTHS = [2, 3, 4, 6]
const WIDTH_DEFAULT = 3
/** What is drawn on a tile of height 1, 2 and 3, in pixels. */
const DRAWING_PX = [220, 340, 480]

export interface TileSize {
  /** Columns of six. */
  width: number
  /** 1 to 3. */
  height: number
}

/** A layout of an older page says only whether the tile is wide; a foreign one says nothing here. */
export function sizeOf({ width, height, wide }: Tile['layouts']): TileSize {
  return {
    width: width !== undefined && WIDTHS.includes(width) ? width : wide === true ? COLUMNS : WIDTH_DEFAULT,
    height: height !== undefined && DRAWING_PX[height - 1] !== undefined ? height : 1,
  }
}

export const drawingHeight = ({ height }: TileSize): number => DRAWING_PX[height - 1] ?? 220

/** One step wider or narrower, higher or lower, as far as there are steps. */
export function stepped({ width, height }: TileSize, wider: number, higher: number): TileSize {
  const at = WIDTHS.indexOf(width) + wider
  return {
    width: WIDTHS[Math.min(WIDTHS.length - 1, Math.max(0, at))] ?? width,
    height: Math.min(DRAWING_PX.length, Math.max(1, height + higher)),
  }
}

/** The size nearest to what was drawn by hand. */
export function fitted(columns: number, drawingPx: number): TileSize {
  const nearest = (steps: readonly number[], wanted: number) =>
    steps.reduce((best, step, at) => (Math.abs(step - wanted) < Math.abs((steps[best] ?? 0) - wanted) ? at : best), 0)
  return { width: WIDTHS[nearest(WIDTHS, columns)] ?? WIDTH_DEFAULT, height: nearest(DRAWING_PX, drawingPx) + 1 }
}

/** The tile goes to another place, and those between move up. */
export function movedTo(tiles: readonly Tile[], from: number, to: number): Tile[] {
  const next = [...tiles]
  const [tile] = next.splice(from, 1)
  if (tile) next.splice(Math.min(next.length, Math.max(0, to)), 0, tile)
  return next
}

export const resized = (tiles: readonly Tile[], id: number, size: TileSize): Tile[] =>
  tiles.map((tile) => (tile.id === id ? { ...tile, layouts: { ...size } } : tile))
