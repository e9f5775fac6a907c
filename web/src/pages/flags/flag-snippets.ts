/** How each SDK asks for a flag; pure. */
import { answersOf, type FlagDraft } from './flag-draft'

export interface FlagSnippet {
  id: string
  name: string
  code: string
}

/** Written as a literal of any of these languages. */
const quoted = (text: string): string => JSON.stringify(text)

export function flagSnippets(draft: FlagDraft, host: string): FlagSnippet[] {
  const key = quoted(draft.key === '' ? 'my-flag' : draft.key)
  const variant = draft.isMultivariate ? quoted(draft.variants.at(-1)?.key ?? 'test') : null
  const hasPayload = answersOf(draft).some((answer) => (draft.payloads[answer] ?? '').trim() !== '')
  const payload = (line: string): string => (hasPayload ? `\n${line}` : '')
  return [
    {
      id: 'web',
      name: 'JavaScript',
      code: `posthog.onFeatureFlags(() => {
  if (${variant === null ? `posthog.isFeatureEnabled(${key})` : `posthog.getFeatureFlag(${key}) === ${variant}`}) {${payload(`    const payload = posthog.getFeatureFlagPayload(${key})`)}
    // the change
  }
})`,
    },
    {
      id: 'python',
      name: 'Python',
      code: `value = posthog.get_feature_flag(${key}, "user-1")
if value${variant === null ? '' : ` == ${variant}`}:${payload(`    payload = posthog.get_feature_flag_payload(${key}, "user-1")`)}
    ...  # the change`,
    },
    {
      id: 'node',
      name: 'Node.js',
      code: `const value = await posthog.getFeatureFlag(${key}, 'user-1')
if (value${variant === null ? '' : ` === ${variant}`}) {${payload(`  const payload = await posthog.getFeatureFlagPayload(${key}, 'user-1')`)}
  // the change
}`,
    },
    {
      id: 'curl',
      name: 'curl',
      code: `curl '${host}/flags/?v=2' -H 'Content-Type: application/json' \\
  -d '${JSON.stringify({ token: 'PROJECT_KEY', distinct_id: 'user-1', flag_keys_to_evaluate: [draft.key || 'my-flag'] })}'`,
    },
  ]
}

