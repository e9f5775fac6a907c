/** Rows of a query as a simple chart; pure. */
import type { EChartsCoreOption } from 'echarts/core'
import { cellText } from '../../components/csv'

const TIME = /^\d{4}-\d{2}-\d{2}/

/** A chart of the first column against the columns of numbers; null where that shows nothing. */
export function chartOf(
  columns: readonly string[],
  rows: readonly unknown[][],
): EChartsCoreOption | null {
  if (rows.length < 2 || columns.length < 2) return null
  const numbers = columns
    .map((name, index) => ({ name, index }))
    .slice(1)
    .filter(({ index }) => rows.every((row) => typeof row[index] === 'number'))
  if (numbers.length === 0) return null
  const labels = rows.map((row) => cellText(row[0]))
  const overTime = labels.every((label) => TIME.test(label))
  return {
    tooltip: { trigger: 'axis' },
    legend: { show: numbers.length > 1, bottom: 0, icon: 'circle' },
    grid: { left: 8, right: 16, top: 16, bottom: numbers.length > 1 ? 32 : 8, containLabel: true },
    xAxis: { type: 'category', data: labels },
    yAxis: { type: 'value' },
    series: numbers.map(({ name, index }) => ({
      name,
      type: overTime ? 'line' : 'bar',
      symbol: 'none',
      barMaxWidth: 40,
      data: rows.map((row) => row[index]),
    })),
  }
}
