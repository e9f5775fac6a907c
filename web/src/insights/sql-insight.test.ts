import { describe, expect, it } from 'vitest'
import { firstQuery } from './query'
import { isSql, kindName, questionOfText, questionText, readQuestion } from './question'
import { FIRST_SQL_INSIGHT, readSqlInsight, sqlInsight, withSqlDates } from './sql-insight'

describe('a question in SQL', () => {
  it('comes back from the address as it went', () => {
    const question = sqlInsight("SELECT '</script>' AS a", 'ActionsLineGraph', { date_from: '-7d' })
    expect(questionOfText(questionText(question))).toEqual(question)
    expect(kindName(question)).toBe('SQL')
  })

  it('is read with and without the node that shows it', () => {
    const source = { kind: 'HogQLQuery', query: 'SELECT 1' }
    expect(readSqlInsight(source)).toEqual(sqlInsight('SELECT 1'))
    expect(readSqlInsight({ kind: 'DataTableNode', source })).toEqual(sqlInsight('SELECT 1'))
    expect(readSqlInsight({ kind: 'DataVisualizationNode', source, display: 'ActionsBar' })?.display).toBe('ActionsLineGraph')
  })

  it.each([{ kind: 'HogQLQuery' }, { kind: 'HogQLQuery', query: 3 }, { kind: 'DataTableNode', source: { kind: 'EventsQuery' } }, { kind: 'DataVisualizationNode' }])(
    'is none where there is no SQL: %j',
    (value) => expect(readQuestion(value)).toBeNull(),
  )

  it('is told from an insight', () => {
    const insight = readQuestion({ kind: 'InsightVizNode', source: firstQuery('FunnelsQuery') })
    expect(insight && isSql(insight)).toBe(false)
    expect(insight && kindName(insight)).toBe('Funnel')
  })

  it('takes the dates of a dashboard only where it has a place for them', () => {
    const dates = { date_from: '-90d', date_to: null }
    expect(withSqlDates(FIRST_SQL_INSIGHT, dates).source.filters).toEqual({ dateRange: dates })
    expect(withSqlDates(sqlInsight('SELECT 1'), dates)).toEqual(sqlInsight('SELECT 1'))
    expect(withSqlDates(FIRST_SQL_INSIGHT, {})).toEqual(FIRST_SQL_INSIGHT)
  })
})
