import { expect, it } from 'vitest'
import type { StoredEvent } from '../../api/answers'
import { harmless } from './harmless'
import { clockOf, currentMoment, momentsOf } from './moments'
import { consoleErrors, lengthOf, playableWindows, quietSpans, type RecordedEvent } from './recorded'

const START = 1_790_000_000_000
const item = (afterMs: number, type: number, data: unknown = {}, windowId = 'w'): RecordedEvent => ({
  type,
  timestamp: START + afterMs,
  windowId,
  data,
})
const full = (node: unknown) => item(0, 2, { node })
const element = (tagName: string, attributes: Record<string, unknown>) => ({ type: 2, tagName, attributes, childNodes: [], id: 1 })

function left(tagName: string, attributes: Record<string, unknown>, outside = false): Record<string, unknown> {
  const { data } = harmless(full(element(tagName, attributes)), outside)
  return (data as { node: { attributes: Record<string, unknown> } }).node.attributes
}

it('plays each window that has a whole page, in the order of time', () => {
  const windows = playableWindows([
    item(500, 3, {}, 'a'),
    item(0, 2, {}, 'a'),
    item(100, 3, {}, 'b'),
    item(200, 3, {}, 'b'),
    { ...item(0, 2), timestamp: Number.NaN },
  ])
  expect(windows.map(({ id }) => id)).toEqual(['a'])
  expect(windows[0]?.events.map(({ timestamp }) => timestamp - START)).toEqual([0, 500])
  expect(windows[0] && lengthOf(windows[0])).toBe(500)
})

it('calls quiet only what nobody touched for ten seconds', () => {
  const touched = (afterMs: number) => item(afterMs, 3, { source: 2 })
  const changed = (afterMs: number) => item(afterMs, 3, { source: 0 })
  const events = [item(0, 2), touched(9_000), changed(15_000), touched(30_000), item(45_000, 5)]
  expect(quietSpans({ id: 'w', events })).toEqual([
    { startMs: 9_000, endMs: 30_000 },
    { startMs: 30_000, endMs: 45_000 },
  ])
})

it('reads what the console said, whatever it was given', () => {
  const said = (level: string, payload: unknown) => item(1, 6, { plugin: 'rrweb/console@1', payload: { level, payload } })
  const events = [said('error', ['"broken"', '{"a":1}', 7]), said('log', ['"fine"']), said('error', 'no list'), item(2, 6, null)]
  expect(consoleErrors({ id: 'w', events }).map(({ text }) => text)).toEqual(['broken {"a":1} 7'])
})

it('puts events at their place, and those of outside at the ends', () => {
  const event = (uuid: string, afterMs: number): StoredEvent => ({
    uuid,
    event: uuid,
    distinct_id: 'ada',
    timestamp: new Date(START + afterMs).toISOString(),
    properties: {},
    person: null,
    elements_chain: '',
  })
  const moments = momentsOf([event('late', 9_000), event('early', -50), event('in', 700)], [{ timestamp: START + 300, text: 'oh' }], START, 1000)
  expect(moments.map(({ name, atMs }) => [name, atMs])).toEqual([
    ['early', 0],
    ['oh', 300],
    ['in', 700],
    ['late', 1000],
  ])
  expect(currentMoment(moments, 650)).toBe(1)
  expect(currentMoment([], 650)).toBe(-1)
})

it('writes places as clocks do', () => {
  expect([0, 65_400, 3_729_000, -5].map(clockOf)).toEqual(['0:00', '1:05', '1:02:09', '0:00'])
})

it('leaves nothing that could run script, with pictures or without', () => {
  for (const outside of [false, true]) {
    expect(left('img', { onerror: 'x', OnLoad: 'x', alt: 'a' }, outside)).toEqual({ alt: 'a' })
    expect(left('a', { href: ' java\nscript:alert(1)', class: 'b' }, outside)).toEqual({ class: 'b' })
    expect(left('iframe', { srcdoc: '<script>', src: 'https://shop.example/' }, outside)).toEqual({})
    expect(left('meta', { 'http-equiv': 'refresh' }, outside)).toEqual({})
    expect(left('base', { href: 'https://shop.example/' }, outside)).toEqual({})
  }
})

it('loads nothing from elsewhere unless that is wanted', () => {
  const picture = { src: 'https://shop.example/a.png', alt: 'a' }
  expect(left('img', picture)).toEqual({ alt: 'a' })
  expect(left('img', picture, true)).toEqual(picture)
  expect(left('img', { src: 'data:image/png;base64,AA' })).toEqual({ src: 'data:image/png;base64,AA' })
  expect(left('a', { href: 'https://shop.example/' })).toEqual({ href: 'https://shop.example/' })
  expect(left('link', { rel: 'stylesheet', href: 'https://shop.example/a.css' })).toEqual({ rel: 'stylesheet' })
  const css = '@import url(https://a.example/x.css); a { background: url("https://a.example/x") } b { background: url(data:,x) }'
  expect(left('style', { _cssText: css })).toEqual({ _cssText: ' a { background: none } b { background: url(data:,x) }' })
  expect(left('style', { _cssText: css }, true)).toEqual({ _cssText: css })
})

it('cleans what is added and changed later, and leaves moves as they are', () => {
  const added = item(1, 3, {
    source: 0,
    adds: [{ parentId: 1, node: element('img', { onerror: 'x', id: 'i' }) }],
    attributes: [{ id: 1, attributes: { onclick: 'x', style: { background: 'url(https://a.example/x)' } } }],
  })
  expect(harmless(added, false).data).toEqual({
    source: 0,
    adds: [{ parentId: 1, node: element('img', { id: 'i' }) }],
    attributes: [{ id: 1, attributes: { style: { background: 'none' } } }],
  })
  const moved = item(1, 3, { source: 1, positions: [] })
  expect(harmless(moved, false)).toBe(moved)
})
