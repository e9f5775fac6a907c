import { useEffect, useMemo, useRef, useState } from 'react'
import { Button, CopyButton } from '../../components/button'
import { Select, Switch } from '../../components/fields'
import { Failure } from '../../components/states'
import { useLocalFlag } from './local-flag'
import { MomentList } from './moment-list'
import { clockOf, type Moment } from './moments'
import type { RecordedWindow } from './recorded'
import { SeekBar } from './seek-bar'
import { Stage } from './stage'
import { useReplayer } from './use-replayer'

const SPEEDS = ['0.5', '1', '2', '4', '8'].map((speed) => [speed, `${speed}×`] as const)
const STEP_MS = 5000

interface PlayerProps {
  recorded: RecordedWindow
  moments: Moment[]
  startMs: number
}

/** A recorded page as it was seen, and what happened beside it. */
export function Player({ recorded, moments, startMs }: PlayerProps) {
  const [frame, setFrame] = useState<Document | null>(null)
  const [speed, setSpeed] = useState('1')
  const [skipQuiet, setSkipQuiet] = useLocalFlag('replay-skip-quiet', true)
  const [outside, setOutside] = useState(false)
  const { playback, seek, toggle } = useReplayer(frame, recorded, {
    speed: Number(speed),
    skipQuiet,
    outside,
    startMs,
  })
  const { timeMs, totalMs, playing, skipping } = playback
  usePlayerKeys({ toggle, back: () => seek(timeMs - STEP_MS), forth: () => seek(timeMs + STEP_MS) })
  return (
    <div className="replay">
      <section className="card replay-player" aria-label="Player">
        {playback.error !== null && <Failure error={playback.error} />}
        <Stage outside={outside} page={playback.page} skipping={skipping} onFrame={setFrame} onClick={toggle} />
        <div className="replay-controls">
          <div className="row">
            <Button
              kind="primary"
              icon={playing ? 'pause' : 'play'}
              aria-label={playing ? 'Pause' : 'Play'}
              title="Space"
              onClick={toggle}
            />
            <SeekBar recorded={recorded} moments={moments} timeMs={timeMs} totalMs={totalMs} onSeek={seek} />
            <span className="number soft replay-clock">
              {clockOf(timeMs)} / {clockOf(totalMs)}
            </span>
          </div>
          <div className="row row-wrap replay-choices">
            <Select label="Speed" hideLabel value={speed} options={SPEEDS} onChange={setSpeed} />
            <Switch label="Skip quiet times" checked={skipQuiet} onChange={setSkipQuiet} />
            <Switch label="Load pictures from the site" checked={outside} onChange={setOutside} />
            <CopyLink timeMs={timeMs} />
          </div>
        </div>
      </section>
      <MomentList moments={moments} timeMs={timeMs} onSeek={seek} />
    </div>
  )
}

function CopyLink({ timeMs }: { timeMs: number }) {
  const address = useMemo(() => {
    const url = new URL(window.location.href)
    url.searchParams.set('t', String(Math.floor(timeMs / 1000)))
    return url.href
  }, [timeMs])
  return <CopyButton text={address} label="Copy link" />
}

interface PlayerKeys {
  toggle: () => void
  back: () => void
  forth: () => void
}

const TAKES_ARROWS = 'input:not([type=range]):not([type=checkbox]), select, textarea, [role=tab], dialog *'
const TAKES_SPACE = `${TAKES_ARROWS}, button, a, [type=checkbox]`

/** Space plays and pauses, the arrows go back and forth, wherever the keys are not needed. */
function usePlayerKeys(keys: PlayerKeys): void {
  const current = useRef(keys)
  useEffect(() => {
    current.current = keys
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      const isIn = (selector: string) => event.target instanceof Element && event.target.matches(selector)
      const { toggle, back, forth } = current.current
      const action = { ' ': toggle, ArrowLeft: back, ArrowRight: forth }[event.key]
      if (!action || isIn(event.key === ' ' ? TAKES_SPACE : TAKES_ARROWS)) return
      event.preventDefault()
      action()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
