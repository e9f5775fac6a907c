import { expect, it } from 'vitest'
import {
  behaviorOf,
  isAsking,
  newBehavior,
  NO_CRITERIA,
  readCriteria,
  wholeCriteria,
  withBehavior,
  withWindow,
} from './criteria'
import { idsOfText } from './pasted-ids'

const plan = { key: 'plan', type: 'person', operator: 'exact', value: ['pro'] }
const bought = newBehavior('bought')

it('reads what it writes', () => {
  const criteria = { type: 'OR' as const, values: [{ type: 'AND' as const, values: [plan, bought] }] }
  expect(readCriteria({ properties: criteria })).toEqual(criteria)
  expect(readCriteria({})).toEqual(NO_CRITERIA)
})

it('takes a plain list as one group, and leaves alone what it cannot show', () => {
  expect(readCriteria({ type: 'OR', values: [plan, bought] })).toEqual({
    type: 'OR',
    values: [{ type: 'OR', values: [plan, bought] }],
  })
  const deep = { type: 'AND', values: [{ type: 'OR', values: [{ type: 'AND', values: [plan] }] }] }
  expect(readCriteria({ properties: deep })).toBeNull()
  expect(readCriteria({ properties: { key: 'plan', type: 'person' } })).toBeNull()
})

it('keeps only what asks something', () => {
  const unfinished = { ...plan, value: [] }
  const criteria = { type: 'AND' as const, values: [{ type: 'AND' as const, values: [unfinished, bought] }, { type: 'OR' as const, values: [unfinished] }] }
  expect(wholeCriteria(criteria)).toEqual({ type: 'AND', values: [{ type: 'AND', values: [bought] }] })
  expect(isAsking(NO_CRITERIA)).toBe(false)
})

it('says how often only where that is asked, and not doing is a negation', () => {
  const often = withBehavior(bought, 'performed_event_multiple')
  expect(often).toMatchObject({ value: 'performed_event_multiple', operator: 'gte', operator_value: 2 })
  const never = withBehavior(often, 'not_performed')
  expect(never).toEqual({ ...bought, negation: true })
  expect(behaviorOf(never)).toBe('not_performed')
  expect(withBehavior(never, 'performed_event')).toEqual(bought)
})

it('asks for all time without a window', () => {
  expect(withWindow(bought, null, 'day')).toEqual({ type: 'behavioral', value: 'performed_event', key: 'bought', event_type: 'events' })
  expect(withWindow(bought, 2, 'week')).toMatchObject({ time_value: 2, time_interval: 'week' })
})

it('finds ids in lists and in CSV, each once', () => {
  expect(idsOfText('ada\n\n  bela \r\nada\n')).toEqual(['ada', 'bela'])
  expect(idsOfText('\uFEFFname,Distinct_ID\n"Ada, A.",ada\n"B ""b""",bela')).toEqual(['ada', 'bela'])
  expect(idsOfText('"a\nb",x\n"c""d",y')).toEqual(['a\nb', 'c"d'])
  expect(idsOfText('distinct_id\n')).toEqual([])
  expect(idsOfText('')).toEqual([])
})
