/** Moments as a clock on a wall shows them, in any time zone; pure. */

function formatter(zone: string): Intl.DateTimeFormat {
  const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const
  return new Intl.DateTimeFormat('en-CA', { ...parts, hourCycle: 'h23', timeZone: zone })
}

/** `2026-03-02T10:30`, as `<input type="datetime-local">` writes it. */
export function wallTime(moment: Date, zone: string): string {
  const parts = new Map(formatter(zone).formatToParts(moment).map(({ type, value }) => [type, value]))
  const part = (name: string) => parts.get(name as Intl.DateTimeFormatPartTypes) ?? ''
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`
}

/** The moment at which the wall shows `wall`; null for what is no time. */
export function momentOf(wall: string, zone: string): Date | null {
  const asUtc = Date.parse(`${wall}Z`)
  if (Number.isNaN(asUtc)) return null
  const ahead = (moment: number) => Date.parse(`${wallTime(new Date(moment), zone)}Z`) - moment
  // The second look is for where clocks change in between.
  const guess = asUtc - ahead(asUtc)
  return new Date(asUtc - ahead(guess))
}
