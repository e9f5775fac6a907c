import { useMemo } from 'react'
import { clockOf, type Moment } from './moments'
import { quietSpans, type RecordedWindow } from './recorded'

const MARKS_MAX = 300

interface SeekBarProps {
  recorded: RecordedWindow
  moments: Moment[]
  timeMs: number
  totalMs: number
  onSeek: (timeMs: number) => void
}

/** The whole recording as one line: what has been played, quiet times, and what happened when. */
export function SeekBar({ recorded, moments, timeMs, totalMs, onSeek }: SeekBarProps) {
  const quiet = useMemo(() => quietSpans(recorded), [recorded])
  const share = (ms: number) => `${totalMs > 0 ? (100 * ms) / totalMs : 0}%`
  return (
    <div className="seek">
      <div className="seek-line" aria-hidden>
        {quiet.map(({ startMs, endMs }) => (
          <span
            key={startMs}
            className="seek-quiet"
            style={{ left: share(startMs), width: share(endMs - startMs) }}
          />
        ))}
        <span className="seek-played" style={{ width: share(timeMs) }} />
      </div>
      <div className="seek-marks" aria-hidden>
        {moments.slice(0, MARKS_MAX).map(({ key, atMs, kind }) => (
          <span key={key} className={kind === 'error' ? 'seek-mark seek-mark-bad' : 'seek-mark'} style={{ left: share(atMs) }} />
        ))}
      </div>
      <input
        type="range"
        className="seek-input"
        aria-label="Place in the recording"
        aria-valuetext={`${clockOf(timeMs)} of ${clockOf(totalMs)}`}
        min={0}
        max={Math.max(1, totalMs)}
        step={1}
        value={timeMs}
        onChange={(event) => onSeek(Number(event.target.value))}
      />
    </div>
  )
}
