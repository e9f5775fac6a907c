import { useEffect, useRef, useState } from 'react'
import { address } from '../../api/client'
import type { PageSize } from './use-replayer'

interface StageProps {
  outside: boolean
  page: PageSize | null
  skipping: boolean
  /** The empty document to play in, once it is there. */
  onFrame: (frame: Document | null) => void
  onClick: () => void
}

/** Where the recorded page is shown, as large as fits. No script runs in its frame. */
export function Stage({ outside, page, skipping, onFrame, onClick }: StageProps) {
  const [box, size] = useSize()
  const scale = page && size ? Math.min(size.width / page.width, size.height / page.height, 1) : 1
  const left = page && size ? (size.width - page.width * scale) / 2 : 0
  const top = page && size ? (size.height - page.height * scale) / 2 : 0
  return (
    <div ref={box} className="replay-stage" style={page ? { aspectRatio: page.width / page.height } : undefined}>
      <iframe
        key={String(outside)}
        title="The recorded page"
        className="replay-frame"
        sandbox="allow-same-origin"
        src={address('/replay-frame', { query: { outside: outside || undefined } })}
        tabIndex={-1}
        style={{
          width: page?.width ?? 0,
          height: page?.height ?? 0,
          transform: `translate(${left}px, ${top}px) scale(${scale})`,
        }}
        onLoad={(event) => onFrame(event.currentTarget.contentDocument)}
      />
      {/* The keyboard has the button below. */}
      <div className="replay-cover" onClick={onClick} aria-hidden />
      {skipping && (
        <span className="badge replay-skipping" role="status">
          Skipping a quiet time
        </span>
      )}
    </div>
  )
}

function useSize() {
  const box = useRef<HTMLDivElement>(null)
  const [size, setSize] = useState<PageSize | null>(null)
  useEffect(() => {
    const element = box.current
    if (!element) return undefined
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [box, size] as const
}
