/** A flag while it is edited: its parts, what is wrong with them, and what is sent; pure. */
import type { Condition, Flag, FlagFields, FlagFilters, FlagProperty, Runtime, Variant } from '../../api/flags'
import { isWhole } from '../../insights/filters'

export interface FlagDraft {
  key: string
  name: string
  isMultivariate: boolean
  variants: Variant[]
  /** Texts of JSON, by the key of a variant, or `true`; as they were typed. */
  payloads: Record<string, string>
  conditions: Condition[]
  /** Null evaluates by person. */
  groupType: number | null
  earlyExit: boolean
  keepsVariant: boolean
  runtime: Runtime
  /** Filters that this page does not edit; they stay as they are. */
  otherFilters: FlagFilters
}

/** What is wrong, by the place as the API names it. */
export type Problems = Record<string, string>

export const ON = 'true'

export function newDraft(): FlagDraft {
  return {
    key: '',
    name: '',
    isMultivariate: false,
    variants: [],
    payloads: {},
    conditions: [newCondition()],
    groupType: null,
    earlyExit: false,
    keepsVariant: false,
    runtime: 'all',
    otherFilters: {},
  }
}

/** A set that lets nobody in yet: a flag is switched on for people on purpose. */
export const newCondition = (): Condition => ({ properties: [], rollout_percentage: 0 })

export function draftOf(flag: Flag): FlagDraft {
  const { groups, multivariate, payloads, aggregation_group_type_index, early_exit, ...other } = flag.filters
  const variants = multivariate?.variants ?? []
  return {
    key: flag.key,
    name: flag.name,
    isMultivariate: variants.length > 0,
    variants,
    payloads: Object.fromEntries(Object.entries(payloads ?? {}).map(([key, value]) => [key, payloadText(value)])),
    conditions: groups ?? [],
    groupType: aggregation_group_type_index ?? null,
    earlyExit: early_exit === true,
    keepsVariant: flag.ensure_experience_continuity,
    runtime: flag.evaluation_runtime,
    otherFilters: other,
  }
}

const payloadText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** The fields as the API takes them. */
export function sentOf(draft: FlagDraft): FlagFields {
  return {
    key: draft.key,
    name: draft.name,
    filters: filtersOf(draft),
    ensure_experience_continuity: draft.keepsVariant,
    evaluation_runtime: draft.runtime,
  }
}

function filtersOf(draft: FlagDraft): FlagFilters {
  // A payload for people without the flag is not edited here, and not lost either.
  const keys = draft.isMultivariate ? answersOf(draft) : [ON, 'false']
  const payloads = keys.flatMap((key) => {
    const text = draft.payloads[key]?.trim() ?? ''
    return text === '' ? [] : [[key, text] as const]
  })
  return {
    ...draft.otherFilters,
    groups: draft.conditions.map((condition) => sentCondition(condition, draft)),
    ...(draft.isMultivariate ? { multivariate: { variants: draft.variants } } : {}),
    ...(payloads.length > 0 ? { payloads: Object.fromEntries(payloads) } : {}),
    ...(draft.groupType === null ? {} : { aggregation_group_type_index: draft.groupType }),
    ...(draft.earlyExit ? { early_exit: true } : {}),
  }
}

function sentCondition({ variant, ...condition }: Condition, draft: FlagDraft): Condition {
  return draft.isMultivariate && variant ? { ...condition, variant } : condition
}

/** What the flag may answer when it is on. */
export function answersOf(draft: FlagDraft): string[] {
  return draft.isMultivariate ? draft.variants.map(({ key }) => key).filter((key) => key !== '') : [ON]
}

export const isSame = (one: FlagDraft, two: FlagDraft): boolean =>
  JSON.stringify(sentOf(one)) === JSON.stringify(sentOf(two))

const KEY = /^[a-zA-Z0-9_-]+$/
const KEY_CHARS_MAX = 400
const SUM_TOLERANCE = 1e-6
const VARIANTS = 'filters.multivariate.variants'

export function problemsOf(draft: FlagDraft): Problems {
  return { ...keyProblem(draft.key), ...variantProblems(draft), ...payloadProblems(draft), ...conditionProblems(draft) }
}

function keyProblem(key: string): Problems {
  if (key === '') return { key: 'A flag needs a key.' }
  if (!KEY.test(key)) return { key: 'Only letters, digits, hyphens and underscores.' }
  return key.length > KEY_CHARS_MAX ? { key: `At most ${KEY_CHARS_MAX} characters.` } : {}
}

function variantProblems({ isMultivariate, variants }: FlagDraft): Problems {
  if (!isMultivariate) return {}
  if (variants.length === 0) return { [VARIANTS]: 'Add a variant.' }
  const found: Problems = {}
  variants.forEach(({ key, rollout_percentage: share }, index) => {
    if (key.trim() === '') found[`${VARIANTS}.${index}.key`] = 'A variant needs a key.'
    else if (variants.findIndex((other) => other.key === key) < index) {
      found[`${VARIANTS}.${index}.key`] = 'Another variant has this key.'
    }
    if (!isShare(share)) found[`${VARIANTS}.${index}.rollout_percentage`] = 'Between 0 and 100.'
  })
  const total = shareTotal(variants)
  if (Math.abs(total - 100) > SUM_TOLERANCE) found[VARIANTS] = `The shares add up to ${shownShare(total)}%, not to 100%.`
  return found
}

function payloadProblems(draft: FlagDraft): Problems {
  const wrong = answersOf(draft).filter((key) => !isJson(draft.payloads[key] ?? ''))
  return Object.fromEntries(wrong.map((key) => [`filters.payloads.${key}`, 'This is not JSON. A text needs quotes: "blue".']))
}

function isJson(text: string): boolean {
  if (text.trim() === '') return true
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function conditionProblems({ conditions }: FlagDraft): Problems {
  const found: Problems = {}
  conditions.forEach(({ properties, rollout_percentage: share }, index) => {
    const place = `filters.groups.${index}`
    if (share !== null && share !== undefined && !isShare(share)) {
      found[`${place}.rollout_percentage`] = 'Between 0 and 100.'
    }
    for (const [at, property] of (properties ?? []).entries()) {
      if (!isWhole(property)) found[`${place}.properties.${at}.value`] = 'Choose a value.'
    }
  })
  return found
}

const isShare = (share: number): boolean => share >= 0 && share <= 100

export const shareTotal = (variants: readonly Variant[]): number =>
  variants.reduce((sum, { rollout_percentage: share }) => sum + share, 0)

export const shownShare = (share: number): string => String(Number(share.toFixed(4)))

/** Whole shares that add up to 100; what does not divide goes to the first ones. */
export function evenShares(variants: readonly Variant[]): Variant[] {
  const share = Math.floor(100 / variants.length)
  const rest = 100 - share * variants.length
  return variants.map((variant, index) => ({ ...variant, rollout_percentage: share + (index < rest ? 1 : 0) }))
}

export function withKind(draft: FlagDraft, isMultivariate: boolean): FlagDraft {
  const first = evenShares([
    { key: 'control', rollout_percentage: 0 },
    { key: 'test', rollout_percentage: 0 },
  ])
  const variants = draft.variants.length > 0 ? draft.variants : first
  return { ...draft, isMultivariate, variants }
}

export function withVariantAdded(draft: FlagDraft): FlagDraft {
  const taken = new Set(draft.variants.map(({ key }) => key))
  let number = draft.variants.length
  while (taken.has(`variant-${number}`)) number += 1
  const added = { key: `variant-${number}`, rollout_percentage: 0 }
  return { ...draft, variants: evenShares([...draft.variants, added]) }
}

export function withoutVariant(draft: FlagDraft, index: number): FlagDraft {
  const gone = draft.variants[index]?.key
  const left = draft.variants.filter((_, at) => at !== index)
  return {
    ...draft,
    variants: left.length > 0 ? evenShares(left) : left,
    conditions: draft.conditions.map((item) => (item.variant === gone ? { ...item, variant: null } : item)),
  }
}

/** Another key; its payload, and the sets that force it, go along. */
export function withVariantKey(draft: FlagDraft, index: number, key: string): FlagDraft {
  const before = draft.variants[index]?.key ?? ''
  const { [before]: payload, ...others } = draft.payloads
  return {
    ...draft,
    variants: draft.variants.map((item, at) => (at === index ? { ...item, key } : item)),
    payloads: payload === undefined ? others : { ...others, [key]: payload },
    conditions: draft.conditions.map((item) => (item.variant === before ? { ...item, variant: key } : item)),
  }
}

/** Evaluated by another type of group: conditions on what no longer is there go. */
export function withGroupType(draft: FlagDraft, groupType: number | null): FlagDraft {
  const stays = ({ type, group_type_index: index }: FlagProperty) =>
    type === 'flag' || (groupType === null ? type !== 'group' : type === 'group' && index === groupType)
  return {
    ...draft,
    groupType,
    conditions: draft.conditions.map((condition) => ({
      ...condition,
      properties: (condition.properties ?? []).filter(stays),
    })),
  }
}
