/** How the SDK draws a survey where nothing else was chosen, and which text is readable on what; pure. */
import type { Appearance } from '../../api/surveys'

export interface Drawn {
  background: string
  text: string
  border: string
  submit: string
  submitText: string
  rating: string
  ratingText: string
}

// Those of posthog-js.
const BACKGROUND = '#eeeded'
const BORDER = '#c9c6c6'
const SUBMIT = '#000000'
const RATING = '#ffffff'
const DARK = '#020617'
const LIGHT = '#ffffff'

export const COLOURS = { background: BACKGROUND, submit: SUBMIT }

export function drawn(appearance: Appearance): Drawn {
  const background = hex(appearance.backgroundColor, BACKGROUND)
  const submit = hex(appearance.submitButtonColor, SUBMIT)
  return {
    background,
    text: readableOn(background),
    border: hex(appearance.borderColor, BORDER),
    submit,
    submitText: readableOn(submit),
    rating: hex(appearance.ratingButtonColor, RATING),
    ratingText: readableOn(hex(appearance.ratingButtonColor, RATING)),
  }
}

const HEX = /^#[0-9a-f]{6}$/i
const SHORT_HEX = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i
const NAMED: Record<string, string> = { black: '#000000', white: '#ffffff' }

/** The colour as six digits; another where it is written in a way that is not read here. */
export function hex(colour: unknown, otherwise: string): string {
  if (typeof colour !== 'string') return otherwise
  const short = SHORT_HEX.exec(colour)
  if (short) return `#${short.slice(1).map((digit) => digit + digit).join('')}`
  return HEX.test(colour) ? colour : (NAMED[colour.toLowerCase()] ?? otherwise)
}

/** Black or white, whichever is further away (WCAG's luminance). */
export function readableOn(colour: string): string {
  const lightness = luminance(colour)
  return contrast(lightness, luminance(DARK)) >= contrast(lightness, 1) ? DARK : LIGHT
}

const contrast = (one: number, two: number): number => (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05)

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => linear(parseInt(colour.slice(at, at + 2), 16) / 255))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

const linear = (share: number): number => (share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4)
