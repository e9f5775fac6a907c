import { describe, expect, it } from 'vitest'
import { csv } from '../../components/csv'
import { chartOf } from './results'

describe('CSV', () => {
  it('quotes what needs it', () => {
    expect(csv(['a', 'b'], [['x,y', 'say "hi"'], [1, null]])).toBe(
      'a,b\r\n"x,y","say ""hi"""\r\n1,\r\n',
    )
  })

  it('makes harmless what a spreadsheet would run, and leaves numbers alone', () => {
    const hostile = ['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\t=1', '-12.5', '+3e4']
    expect(csv(['v'], hostile.map((value) => [value])).split('\r\n').slice(1, -1)).toEqual([
      ...["'=1+1", "'+cmd", "'-2+3", "'@SUM(A1)", "'\t=1"],
      ...['-12.5', '+3e4'],
    ])
  })
})

describe('the simple chart', () => {
  it('draws numbers over time as lines, over names as bars', () => {
    const lines = chartOf(['day', 'count'], [['2026-03-01', 1], ['2026-03-02', 2]])
    expect(lines).toMatchObject({ series: [{ type: 'line', name: 'count', data: [1, 2] }] })
    expect(chartOf(['event', 'count'], [['a', 1], ['b', 2]])).toMatchObject({
      series: [{ type: 'bar' }],
    })
  })

  it('is not there where it would show nothing', () => {
    expect(chartOf(['count'], [[1], [2]])).toBeNull()
    expect(chartOf(['a', 'b'], [['x', 'y'], ['x', 'z']])).toBeNull()
    expect(chartOf(['a', 'b'], [['x', 1]])).toBeNull()
  })
})
