/** Where a survey stands; pure. */
import type { Survey } from '../../api/surveys'

export type SurveyState = 'draft' | 'planned' | 'running' | 'ended' | 'archived'

type Dates = Pick<Survey, 'start_date' | 'end_date' | 'archived'>

export function stateOf({ start_date: start, end_date: end, archived }: Dates, now: Date): SurveyState {
  if (archived) return 'archived'
  if (start === null) return 'draft'
  if (end !== null && new Date(end) <= now) return 'ended'
  return new Date(start) > now ? 'planned' : 'running'
}

export const STATE_WORDS: Record<SurveyState, string> = {
  draft: 'Draft',
  planned: 'Planned',
  running: 'Running',
  ended: 'Ended',
  archived: 'Archived',
}

export const STATE_BADGES: Record<SurveyState, string> = {
  draft: 'badge',
  planned: 'badge badge-info',
  running: 'badge badge-good',
  ended: 'badge badge-warning',
  archived: 'badge',
}

export const TYPE_WORDS: Record<string, string> = {
  popover: 'Pops up',
  widget: 'Behind a button',
  api: 'Shown by your code',
  external_survey: 'On a page of its own',
  full_screen: 'Fills the screen',
}
