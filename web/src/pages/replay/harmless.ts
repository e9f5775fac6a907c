/**
 * Takes out of a recording what could run script, or tell its site that it is watched. Pure.
 *
 * The frame that shows it forbids both already (its policy and its sandbox); here the same is done
 * before a browser sees anything, so that each holds without the other.
 */
import { FULL_SNAPSHOT, INCREMENTAL, isObject, type RecordedEvent } from './recorded'

/** Mutation, style rule, style declaration, adopted style sheet. */
const SOURCES_WITH_MARKUP = new Set<unknown>([0, 8, 13, 15])
const FRAMES = new Set(['iframe', 'frame', 'object', 'embed', 'portal', 'fencedframe'])
const LOADING_NAMES = new Set(['src', 'srcset', 'poster', 'background', 'data', 'imagesrcset', 'xlink:href'])
const LOADING_BY_HREF = new Set(['link', 'image', 'use', 'feimage', 'script'])
const DROPPED_NAMES = new Set(['srcdoc', 'http-equiv', 'ping', 'formaction', 'manifest', 'nonce', 'autofocus'])
const CSS_NAMES = new Set(['_cssText', 'style', 'rule', 'replace', 'replaceSync', 'value'])

/** `outside` lets pictures, styles and fonts come from where the recorded site has them. */
export function harmless(event: RecordedEvent, outside: boolean): RecordedEvent {
  const { type, data } = event
  const hasMarkup =
    type === FULL_SNAPSHOT || (type === INCREMENTAL && isObject(data) && SOURCES_WITH_MARKUP.has(data.source))
  return hasMarkup ? { ...event, data: cleaned(data, outside) } : event
}

function cleaned(value: unknown, outside: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => cleaned(item, outside))
  if (!isObject(value)) return value
  const tag = typeof value.tagName === 'string' ? value.tagName.toLowerCase() : null
  const result: Record<string, unknown> = {}
  for (const [name, part] of Object.entries(value)) {
    if (name === 'attributes' && isObject(part)) result[name] = cleanAttributes(part, tag, outside)
    else if (name === 'textContent' && value.isStyle === true) result[name] = css(part, outside)
    else if (CSS_NAMES.has(name)) result[name] = css(part, outside)
    else result[name] = cleaned(part, outside)
  }
  return result
}

function cleanAttributes(
  attributes: Record<string, unknown>,
  tag: string | null,
  outside: boolean,
): Record<string, unknown> {
  if (tag === 'base') return {}
  const result: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(attributes)) {
    if (!isDropped(name.toLowerCase(), value, tag, outside)) {
      result[name] = CSS_NAMES.has(name) ? css(value, outside) : value
    }
  }
  return result
}

function isDropped(name: string, value: unknown, tag: string | null, outside: boolean): boolean {
  if (name.startsWith('on') || DROPPED_NAMES.has(name)) return true
  if (typeof value === 'string' && runsScript(value)) return true
  // What is not loaded cannot be played.
  if (!outside && name.startsWith('rr_media')) return true
  const loads = LOADING_NAMES.has(name) || (name === 'href' && LOADING_BY_HREF.has(tag ?? ''))
  if (!loads) return false
  if (FRAMES.has(tag ?? '')) return true
  return !outside && typeof value === 'string' && !isInside(value)
}

/** Browsers skip spaces and control characters before and within a scheme. */
function runsScript(value: string): boolean {
   
  const scheme = value.slice(0, 200).replace(/[\u0000-\u0020]/g, '').toLowerCase()
  return /^(javascript|vbscript|data:text\/html|data:application\/xhtml)/.test(scheme)
}

const isInside = (address: string): boolean => /^\s*(data:|blob:|#|$)/i.test(address)

const CSS_IMPORT = /@import\s[^;]*;?/gi
const CSS_ADDRESS = /url\(\s*(?!["']?(?:data:|#))[^)]*\)/gi

/** Style as one text, or by property: without addresses of elsewhere. */
function css(value: unknown, outside: boolean): unknown {
  if (outside) return value
  if (typeof value === 'string') return value.replace(CSS_IMPORT, '').replace(CSS_ADDRESS, 'none')
  if (Array.isArray(value)) return value.map((part) => css(part, outside))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, css(part, outside)]))
}
