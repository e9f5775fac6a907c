/** Asks what somebody gets, in the way an SDK does: `POST /flags/`. */
import { ApiError } from '../../api/client'
import type { Runtime } from '../../api/flags'

export interface Evaluated {
  enabled: boolean
  variant: string | null
  reason: { code: string; condition_index: number | null; description: string }
  metadata: { payload?: string }
}

export interface Asked {
  token: string
  key: string
  distinctId: string
  groups: Record<string, string>
  runtime: Runtime
}

/** Null where the flag is not told at all, because it is deleted. */
export async function evaluated({ token, key, distinctId, groups, runtime }: Asked): Promise<Evaluated | null> {
  const response = await fetch('/flags/?v=2', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      token,
      distinct_id: distinctId,
      groups,
      flag_keys_to_evaluate: [key],
      ...(runtime === 'all' ? {} : { evaluation_runtime: runtime }),
    }),
  }).catch(() => null)
  if (!response) throw new ApiError(0, 'unreachable', 'The server cannot be reached.', null)
  const body = (await response.json().catch(() => ({}))) as {
    flags?: Record<string, Evaluated>
    detail?: string
  }
  if (!response.ok) throw new ApiError(response.status, 'error', body.detail ?? `The server answered ${response.status}.`, null)
  return body.flags?.[key] ?? null
}

const REASONS: Record<string, string> = {
  no_condition_match: 'No set of conditions matches.',
  out_of_rollout_bound: 'The conditions match, but the percentage leaves this one out.',
  no_group_type: 'It is decided for a group, and none of that type was given.',
  holdout_condition_value: 'Held out of the experiment.',
  super_condition_value: 'Decided by opting in or out.',
  flag_disabled: 'The flag is off for everyone.',
  missing_dependency: 'It depends on a flag that does not exist.',
}

export function reasonWords({ code, condition_index: index, description }: Evaluated['reason']): string {
  if (code === 'condition_match') return `Set ${(index ?? 0) + 1} matches.`
  return REASONS[code] ?? description
}
