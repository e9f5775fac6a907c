/** Whole answers as a file; pure. */
import type { Question, SurveyResponse } from '../../api/surveys'
import { csv } from '../../components/csv'

export function responsesCsv(questions: readonly Question[], responses: readonly SurveyResponse[]): string {
  const columns = ['time', 'distinct_id', 'person_id', ...questions.map(({ question }) => question)]
  const rows = responses.map(({ timestamp, distinct_id, person_id, answers }) => [
    timestamp,
    distinct_id,
    person_id,
    ...questions.map(({ id }) => shownAnswer(answers[id ?? ''] ?? '')),
  ])
  return csv(columns, rows)
}

/** Several choices come as a list in JSON. */
export function shownAnswer(answer: string): string {
  if (!answer.startsWith('[')) return answer
  try {
    const choices: unknown = JSON.parse(answer)
    return Array.isArray(choices) ? choices.map(String).join('; ') : answer
  } catch {
    return answer
  }
}
