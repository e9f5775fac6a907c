/** Annotations at their place in a chart; pure. */

export interface PlacedAt {
  /** By the project's clock, `2026-03-02T10:30`. */
  day: string
}

const DAY_MS = 86_400_000
const asTime = (bucket: string): string => bucket.replace(' ', 'T')

/** Those within the buckets, which are named by when they start; each with its bucket's index. */
export function within<T extends PlacedAt>(remarks: readonly T[], buckets: readonly (string | number)[]): { at: number; remark: T }[] {
  const starts = buckets.filter((bucket) => typeof bucket === 'string').map(asTime)
  const last = starts.at(-1)
  if (last === undefined) return []
  const before = starts.at(-2)
  const lengthMs = before === undefined ? DAY_MS : timeMs(last) - timeMs(before)
  const end = timeMs(last) + lengthMs
  return remarks.flatMap((remark) => {
    const at = starts.findLastIndex((start) => start <= remark.day)
    return at < 0 || timeMs(remark.day) >= end ? [] : [{ at, remark }]
  })
}

/** Differences are all that counts, so that any one zone will do. */
function timeMs(text: string): number {
  return Date.parse(text.length === 10 ? `${text}T00:00Z` : `${text}Z`)
}
