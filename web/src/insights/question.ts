/** What can be asked, kept and put on a dashboard: an insight, or SQL. */
import { KINDS, readQuery, type InsightQuery, type Kind } from './query'
import { readSqlInsight, SQL_KIND, type SqlInsight } from './sql-insight'

export type Question = InsightQuery | SqlInsight

export const QUESTION_KINDS: readonly (readonly [Kind | typeof SQL_KIND, string])[] = [...KINDS, [SQL_KIND, 'SQL']]

export const isSql = (question: Question): question is SqlInsight => question.kind === 'DataVisualizationNode'

export const kindOf = (question: Question): Kind | typeof SQL_KIND => (isSql(question) ? SQL_KIND : question.kind)

export const kindName = (question: Question): string =>
  QUESTION_KINDS.find(([id]) => id === kindOf(question))?.[1] ?? 'Insight'

/** Out of what was stored or sent by link; null if it is neither. */
export const readQuestion = (value: unknown): Question | null => readSqlInsight(value) ?? readQuery(value)

/** The question in an address, and back. A broken one is as good as none. */
export const questionText = (question: Question): string => JSON.stringify(question)

export function questionOfText(text: string | null): Question | null {
  if (text === null) return null
  try {
    return readQuestion(JSON.parse(text))
  } catch {
    return null
  }
}
