/** Countries by their two letters, as events name them. */

const NAMES = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' })
const CODE = /^[A-Z]{2}$/

/** `DE` becomes Germany; what is no code stays as it is. */
export const countryName = (code: string): string => (CODE.test(code) ? (NAMES.of(code) ?? code) : code)
