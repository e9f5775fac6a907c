/** Numbers of an answer as they are shown: the API's, never worked out anew where it gives them. */

const SHOWN = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })
const EXACT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 15 })

/** Whole numbers whole, others to two decimals. */
export const shownNumber = (value: number): string => SHOWN.format(value)

/** All the digits that the API gave. */
export const exactNumber = (value: number): string => EXACT.format(value)

/** A share in percent with one decimal; none of nothing is no number. */
export function shownShare(part: number, whole: number): string {
  if (whole === 0) return '–'
  return `${((100 * part) / whole).toFixed(1)}%`
}

export function exactShare(part: number, whole: number): string {
  return whole === 0 ? `${part} of 0` : `${exactNumber(part)} of ${exactNumber(whole)}: ${exactNumber((100 * part) / whole)}%`
}

/** The change from `before` to `now` in percent; null where there is none to speak of. */
export function change(now: number, before: number): number | null {
  return before === 0 ? null : Math.round((100 * (now - before)) / before)
}

export function shownChange(percent: number | null): string {
  if (percent === null) return '–'
  return `${percent > 0 ? '+' : ''}${SHOWN.format(percent)}%`
}
