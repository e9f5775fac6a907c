import { describe, expect, it } from 'vitest'
import type { Flag, FlagFilters } from '../../api/flags'
import { changeWords } from './change-words'
import { reasonWords } from './evaluated'
import {
  draftOf,
  evenShares,
  isSame,
  newDraft,
  problemsOf,
  sentOf,
  withGroupType,
  withKind,
  withoutVariant,
  withVariantAdded,
  withVariantKey,
} from './flag-draft'
import { flagSnippets } from './flag-snippets'
import { kindWords, rolloutWords } from './rollout-words'

const flag = (filters: FlagFilters): Flag => ({
  id: 1,
  key: 'new-checkout',
  name: '',
  active: true,
  deleted: false,
  filters,
  tags: [],
  ensure_experience_continuity: false,
  evaluation_runtime: 'all',
  version: 1,
  created_at: '',
  updated_at: '',
})

const SPLIT: FlagFilters = {
  groups: [{ properties: [], rollout_percentage: 20, variant: 'test', 'x-newer': 1 }],
  multivariate: {
    variants: [
      { key: 'control', name: 'Three steps', rollout_percentage: 50 },
      { key: 'test', rollout_percentage: 50 },
    ],
  },
  payloads: { test: '{"steps":1}' },
  holdout: { id: 3, exclusion_percentage: 5 },
}

describe('a flag that is edited', () => {
  it('is sent back as it came when nothing was changed, fields of newer clients included', () => {
    expect(sentOf(draftOf(flag(SPLIT))).filters).toEqual(SPLIT)
    expect(isSame(draftOf(flag(SPLIT)), draftOf(flag(SPLIT)))).toBe(true)
  })

  it('needs a key of letters, digits, hyphens and underscores', () => {
    expect(problemsOf({ ...newDraft(), key: '' }).key).toBeDefined()
    expect(problemsOf({ ...newDraft(), key: 'new checkout' }).key).toContain('letters')
    expect(problemsOf({ ...newDraft(), key: 'new-checkout_2' })).toEqual({})
  })

  it('lets nobody in before somebody says so', () => {
    expect(sentOf(newDraft()).filters?.groups).toEqual([{ properties: [], rollout_percentage: 0 }])
  })

  it('has shares that add up to 100', () => {
    const draft = withKind({ ...newDraft(), key: 'a' }, true)
    expect(draft.variants.map(({ rollout_percentage }) => rollout_percentage)).toEqual([50, 50])
    const uneven = { ...draft, variants: draft.variants.map((item) => ({ ...item, rollout_percentage: 45 })) }
    expect(problemsOf(uneven)['filters.multivariate.variants']).toContain('90%')
    expect(evenShares([...draft.variants, ...draft.variants.slice(1)]).map((item) => item.rollout_percentage)).toEqual([34, 33, 33])
    expect(problemsOf(withVariantAdded(draft))).toEqual({})
  })

  it('refuses two variants with one key, and shares beyond 100', () => {
    const draft = withKind({ ...newDraft(), key: 'a' }, true)
    const twice = withVariantKey(draft, 1, 'control')
    expect(problemsOf(twice)['filters.multivariate.variants.1.key']).toBeDefined()
    const wide = { ...draft, conditions: [{ rollout_percentage: 101 }] }
    expect(problemsOf(wide)['filters.groups.0.rollout_percentage']).toBeDefined()
  })

  it('takes payload and forced sets along when a variant gets another key, and lets them go with it', () => {
    const renamed = withVariantKey(draftOf(flag(SPLIT)), 1, 'one-page')
    expect(renamed.payloads).toEqual({ 'one-page': '{"steps":1}' })
    expect(renamed.conditions[0]?.variant).toBe('one-page')
    const without = sentOf(withoutVariant(renamed, 1)).filters
    expect(without?.payloads).toBeUndefined()
    expect(without?.groups?.[0]).not.toHaveProperty('variant')
  })

  it('has payloads that are JSON', () => {
    const draft = { ...newDraft(), key: 'a', payloads: { true: 'blue' } }
    expect(problemsOf(draft)['filters.payloads.true']).toContain('quotes')
    expect(problemsOf({ ...draft, payloads: { true: '"blue"' } })).toEqual({})
  })

  it('waits for the value of each condition', () => {
    const condition = { properties: [{ key: 'plan', type: 'person', operator: 'exact', value: [] }], rollout_percentage: 100 }
    const draft = { ...newDraft(), key: 'a', conditions: [condition] }
    expect(problemsOf(draft)['filters.groups.0.properties.0.value']).toBeDefined()
  })

  it('drops conditions on persons when it is decided for groups', () => {
    const condition = {
      properties: [
        { key: 'plan', type: 'person', value: ['pro'] },
        { key: 'other', type: 'flag', value: true },
      ],
    }
    const draft = withGroupType({ ...newDraft(), conditions: [condition] }, 0)
    expect(draft.conditions[0]?.properties?.map(({ key }) => key)).toEqual(['other'])
    expect(sentOf(draft).filters?.aggregation_group_type_index).toBe(0)
  })

  it('goes back to on or off without variants', () => {
    const sent = sentOf(withKind(draftOf(flag(SPLIT)), false)).filters
    expect(sent).not.toHaveProperty('multivariate')
    expect(sent).not.toHaveProperty('payloads')
  })
})

describe('in words', () => {
  const words = (...groups: NonNullable<FlagFilters['groups']>) => rolloutWords({ groups })
  const pro = { key: 'plan', type: 'person', operator: 'exact', value: ['pro', 'team'] }

  it('says who gets a flag', () => {
    expect(words()).toBe('Nobody')
    expect(words({ rollout_percentage: 0 })).toBe('Nobody')
    expect(words({ rollout_percentage: null })).toBe('Everyone')
    expect(words({ rollout_percentage: 33.3 })).toBe('33.3% of everyone')
    expect(words({ properties: [pro] }, { rollout_percentage: 5 })).toBe(
      'People where plan is pro or team; or 5% of everyone',
    )
    expect(words({}, {}, {}, {})).toBe('Everyone; or everyone; and 2 more')
    expect(words({ variant: 'test' })).toBe('Everyone, as test')
  })

  it('names cohorts, groups and other flags', () => {
    const names = { cohorts: new Map([['7', 'Beta testers']]), groupTypes: new Map([[0, 'company']]) }
    const cohort = { key: 'id', type: 'cohort', operator: 'in', value: 7 }
    const other = { key: 'beta', type: 'flag', operator: 'flag_evaluates_to', value: true }
    expect(rolloutWords({ groups: [{ properties: [cohort, other] }] }, names)).toBe(
      'People where in cohort Beta testers and beta is on',
    )
    expect(rolloutWords({ groups: [{ rollout_percentage: 10 }], aggregation_group_type_index: 0 }, names)).toBe(
      '10% of every company',
    )
  })

  it('says what was changed, and why somebody gets it', () => {
    expect(changeWords({ field: 'active', before: true, after: false }, {})).toBe('It was switched off.')
    expect(
      changeWords({ field: 'filters', before: { groups: [] }, after: { groups: [{ rollout_percentage: 10 }] } }, {}),
    ).toBe('Released to: 10% of everyone (before: Nobody).')
    expect(reasonWords({ code: 'condition_match', condition_index: 1, description: '' })).toBe('Set 2 matches.')
    expect(reasonWords({ code: 'new_reason', condition_index: null, description: 'As it is' })).toBe('As it is')
    expect(kindWords(SPLIT)).toBe('2 variants')
  })

  it('writes code that asks for the variant and for the payload', () => {
    const code = flagSnippets(draftOf(flag(SPLIT)), 'http://localhost:8000').map((item) => item.code)
    expect(code[0]).toContain(`posthog.getFeatureFlag("new-checkout") === "test"`)
    expect(code.slice(0, 3).every((text) => text.includes('ayload'))).toBe(true)
    expect(code[3]).toContain('http://localhost:8000/flags/?v=2')
  })
})
