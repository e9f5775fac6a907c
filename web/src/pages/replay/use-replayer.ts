import { useCallback, useEffect, useRef, useState } from 'react'
import type { Replayer } from '@rrweb/replay'
import { harmless } from './harmless'
import type { RecordedWindow } from './recorded'

export interface PageSize {
  width: number
  height: number
}

export interface Playback {
  timeMs: number
  totalMs: number
  playing: boolean
  /** Going fast over a quiet time. */
  skipping: boolean
  page: PageSize | null
  error: unknown
}

interface Wishes {
  speed: number
  skipQuiet: boolean
  outside: boolean
  /** Where to begin, in milliseconds. */
  startMs: number
}

const NOTHING: Playback = { timeMs: 0, totalMs: 0, playing: false, skipping: false, page: null, error: null }

/** Plays a window of a recording within `frame`, the document of a page that runs no script. */
export function useReplayer(frame: Document | null, recorded: RecordedWindow, wishes: Wishes) {
  const { speed, skipQuiet, outside } = wishes
  const [playback, setPlayback] = useState(NOTHING)
  const replayer = useRef<Replayer | null>(null)
  const config = useRef({ speed, skipInactive: skipQuiet })
  const at = useRef(wishes.startMs)
  const change = useCallback((part: Partial<Playback>) => setPlayback((before) => ({ ...before, ...part })), [])

  useEffect(() => {
    if (!frame) return undefined
    let stopped = false
    const begin = async () => {
      const made = await makeReplayer(frame, recorded, outside, config.current)
      if (stopped) { made.destroy(); return; }
      replayer.current = made
      const { totalTime } = made.getMetaData()
      made.on('resize', (size) => change({ page: pageSize(size) }))
      made.on('finish', () => change({ playing: false, skipping: false, timeMs: totalTime }))
      made.on('skip-start', () => change({ skipping: true }))
      made.on('skip-end', () => change({ skipping: false }))
      const start = Math.min(at.current, totalTime)
      change({ totalMs: totalTime, timeMs: start, error: null })
      made.pause(start)
    }
    begin().catch((error: unknown) => change({ error }))
    return () => {
      stopped = true
      at.current = replayer.current?.getCurrentTime() ?? at.current
      replayer.current?.destroy()
      replayer.current = null
      setPlayback(NOTHING)
    }
  }, [frame, recorded, outside, change])

  useEffect(() => {
    config.current = { speed, skipInactive: skipQuiet }
    replayer.current?.setConfig(config.current)
  }, [speed, skipQuiet])

  const { playing, totalMs } = playback
  useEffect(() => {
    if (!playing) return undefined
    let next = requestAnimationFrame(function show() {
      change({ timeMs: Math.min(replayer.current?.getCurrentTime() ?? 0, totalMs) })
      next = requestAnimationFrame(show)
    })
    return () => cancelAnimationFrame(next)
  }, [playing, totalMs, change])

  const seek = useCallback(
    (timeMs: number) => {
      const to = Math.min(Math.max(timeMs, 0), totalMs)
      if (playing) replayer.current?.play(to)
      else replayer.current?.pause(to)
      change({ timeMs: to, skipping: false })
    },
    [playing, totalMs, change],
  )
  const toggle = useCallback(() => {
    const now = replayer.current
    if (!now) return
    if (playing) now.pause()
    else now.play(now.getCurrentTime() >= totalMs ? 0 : now.getCurrentTime())
    change({ playing: !playing, skipping: false })
  }, [playing, totalMs, change])
  return { playback, seek, toggle }
}

async function makeReplayer(
  frame: Document,
  recorded: RecordedWindow,
  outside: boolean,
  config: { speed: number; skipInactive: boolean },
): Promise<Replayer> {
  const { Replayer: Player } = await import('@rrweb/replay')
  const events = recorded.events.map((event) => harmless(event, outside))
  frame.body.replaceChildren()
  return new Player(events, {
    ...config,
    root: frame.body,
    // It would make nodes in the app's own document first.
    useVirtualDom: false,
    mouseTail: false,
    triggerFocus: false,
    showWarning: false,
  })
}

function pageSize(size: unknown): PageSize | null {
  const { width, height } = size as Partial<PageSize>
  return width && height ? { width, height } : null
}
