/** A survey while it is edited: its parts, what is wrong with them, and what is sent; pure. */
import type {
  Appearance,
  Question,
  QuestionType,
  Survey,
  SurveyConditions,
  SurveyFields,
} from '../../api/surveys'

export interface SurveyDraft {
  name: string
  description: string
  type: string
  questions: Question[]
  appearance: Appearance
  conditions: SurveyConditions
  linkedFlagId: number | null
  /** Times as ISO text, null where there is none. */
  start: string | null
  end: string | null
  responsesLimit: number | null
}

/** What is wrong, by the place as the API names it. */
export type Problems = Record<string, string>

export const QUESTION_TYPES: readonly (readonly [QuestionType, string])[] = [
  ['rating', 'Rating'],
  ['open', 'Open text'],
  ['single_choice', 'One of several choices'],
  ['multiple_choice', 'Any of several choices'],
  ['link', 'A link to follow'],
]

export function newDraft(): SurveyDraft {
  return {
    name: '',
    description: '',
    type: 'popover',
    questions: [newQuestion('rating')],
    // Without it, the SDK says whose survey it is.
    appearance: { whiteLabel: true, displayThankYouMessage: true },
    conditions: {},
    linkedFlagId: null,
    start: null,
    end: null,
    responsesLimit: null,
  }
}

export const newQuestion = (type: QuestionType): Question => withType({ type, question: '' }, type)

/** The same question asked in another way: what it needs for that is there, the rest goes, and so does
 * where an answer leads, since the answers are others. */
export function withType(question: Question, type: QuestionType): Question {
  const { scale, display, lowerBoundLabel, upperBoundLabel, choices, hasOpenChoice, link, branching, ...rest } = question
  const common: Question = { ...rest, type }
  switch (type) {
    case 'rating':
      return {
        ...common,
        scale: scale ?? 10,
        display: display ?? 'number',
        lowerBoundLabel: lowerBoundLabel ?? 'Not likely',
        upperBoundLabel: upperBoundLabel ?? 'Very likely',
      }
    case 'single_choice':
    case 'multiple_choice':
      return { ...common, choices: choices ?? ['Yes', 'No'], ...(hasOpenChoice ? { hasOpenChoice } : {}) }
    case 'link':
      return { ...common, link: link ?? '' }
    case 'open':
      return common
  }
}

/** Scales that the SDKs can draw as faces. */
export const EMOJI_SCALES: readonly number[] = [2, 3, 5]

export const SCALES: readonly (readonly [string, string])[] = [
  ['2', 'Yes or no'],
  ['3', '1 to 3'],
  ['5', '1 to 5'],
  ['7', '1 to 7'],
  ['10', '0 to 10 (NPS)'],
]

export function withScale(question: Question, scale: number): Question {
  const display = EMOJI_SCALES.includes(scale) ? (scale === 2 ? 'emoji' : (question.display ?? 'number')) : 'number'
  return { ...question, scale, display }
}

export function draftOf(survey: Survey): SurveyDraft {
  return {
    name: survey.name,
    description: survey.description,
    type: survey.type,
    questions: survey.questions,
    appearance: survey.appearance ?? {},
    conditions: survey.conditions ?? {},
    linkedFlagId: survey.linked_flag_id,
    start: survey.start_date,
    end: survey.end_date,
    responsesLimit: survey.responses_limit,
  }
}

/** The fields as the API takes them. */
export function sentOf(draft: SurveyDraft): SurveyFields {
  return {
    name: draft.name.trim(),
    description: draft.description,
    type: draft.type,
    questions: draft.questions,
    appearance: orNull(draft.appearance),
    conditions: orNull(sentConditions(draft.conditions)),
    linked_flag_id: draft.linkedFlagId,
    start_date: draft.start,
    end_date: draft.end,
    responses_limit: draft.responsesLimit,
  }
}

const orNull = <T extends object>(value: T): T | null => (Object.keys(value).length === 0 ? null : value)

function sentConditions({ url, urlMatchType, ...rest }: SurveyConditions): SurveyConditions {
  return url?.trim() ? { ...rest, url: url.trim(), urlMatchType: urlMatchType ?? 'icontains' } : rest
}

export const isSame = (one: SurveyDraft, two: SurveyDraft): boolean =>
  JSON.stringify(sentOf(one)) === JSON.stringify(sentOf(two))

const LINK = /^(https?:\/\/|mailto:)./

export function problemsOf(draft: SurveyDraft): Problems {
  const found: Problems = {}
  if (draft.name.trim() === '') found.name = 'A survey needs a name.'
  if (draft.questions.length === 0) found.questions = 'Ask at least one question.'
  draft.questions.forEach((question, index) => Object.assign(found, questionProblems(question, `questions.${index}`)))
  if (draft.end !== null && (draft.start === null || new Date(draft.end) < new Date(draft.start))) {
    found.end_date = 'A survey ends after it has started.'
  }
  const days = draft.conditions.seenSurveyWaitPeriodInDays
  if (days !== undefined && !isWhole(days)) found.wait = 'A whole number of days.'
  if (draft.responsesLimit !== null && !isWhole(draft.responsesLimit)) found.responses_limit = 'A whole number, 1 or more.'
  return found
}

const isWhole = (value: number): boolean => Number.isInteger(value) && value >= 1

function questionProblems(question: Question, place: string): Problems {
  const found: Problems = {}
  if (question.question.trim() === '') found[`${place}.question`] = 'Write the question.'
  if (question.type === 'single_choice' || question.type === 'multiple_choice') {
    const choices = question.choices ?? []
    if (choices.length === 0) found[`${place}.choices`] = 'Add a choice.'
    else if (choices.some((choice) => choice.trim() === '')) found[`${place}.choices`] = 'A choice is empty.'
    else if (new Set(choices).size < choices.length) found[`${place}.choices`] = 'Two choices are the same.'
  }
  if (question.type === 'link' && question.link && !LINK.test(question.link)) {
    found[`${place}.link`] = 'A link starts with https://, http:// or mailto:.'
  }
  return found
}

/** A field of a form for times, in the browser's own zone; empty for none. */
export function localTime(iso: string | null): string {
  if (iso === null) return ''
  const time = new Date(iso)
  if (Number.isNaN(time.getTime())) return ''
  const shifted = new Date(time.getTime() - time.getTimezoneOffset() * 60_000)
  return shifted.toISOString().slice(0, 16)
}

export function isoTime(local: string): string | null {
  const time = new Date(local)
  return local === '' || Number.isNaN(time.getTime()) ? null : time.toISOString()
}
