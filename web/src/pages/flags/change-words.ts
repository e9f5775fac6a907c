/** One change of a flag in a sentence; pure. */
import type { FlagFilters } from '../../api/flags'
import { kindWords, rolloutWords, type Names } from './rollout-words'

interface FieldChange {
  field: string
  before: unknown
  after: unknown
}

const SENTENCES: Record<string, string> = {
  name: 'The description was changed.',
  tags: 'The tags were changed.',
  evaluation_runtime: 'Who is told was changed.',
  evaluation_contexts: 'The contexts were changed.',
}

export function changeWords({ field, before, after }: FieldChange, names: Names): string {
  if (field === 'active') return after === true ? 'It was switched on.' : 'It was switched off.'
  if (field === 'deleted') return after === true ? 'It was deleted.' : 'It was brought back.'
  if (field === 'key') return `Its key was ${String(before)}, and is ${String(after)}.`
  if (field === 'ensure_experience_continuity') {
    return after === true ? 'Variants are kept when people sign in.' : 'Variants are not kept any more when people sign in.'
  }
  if (field === 'filters') return filterWords(asFilters(before), asFilters(after), names)
  return SENTENCES[field] ?? `${field} was changed.`
}

const asFilters = (value: unknown): FlagFilters => (typeof value === 'object' && value !== null ? (value as FlagFilters) : {})

function filterWords(before: FlagFilters, after: FlagFilters, names: Names): string {
  const [was, is] = [rolloutWords(before, names), rolloutWords(after, names)]
  if (was !== is) return `Released to: ${is} (before: ${was}).`
  if (kindWords(before) !== kindWords(after)) return `Its kind: ${kindWords(after)} (before: ${kindWords(before)}).`
  if (JSON.stringify(before.multivariate) !== JSON.stringify(after.multivariate)) return 'The variants were changed.'
  if (JSON.stringify(before.payloads) !== JSON.stringify(after.payloads)) return 'The payload was changed.'
  return 'The conditions were changed.'
}
