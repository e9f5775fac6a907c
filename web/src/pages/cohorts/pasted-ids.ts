/** Distinct ids out of a pasted list or a CSV file; pure. */

const HEADINGS = new Set(['distinct_id', 'distinct_ids', 'distinct-id', 'distinctid', 'id'])

/** The column with a heading such as `distinct_id`, else the first; each id once, in its order. */
export function idsOfText(text: string): string[] {
  const rows = csvRows(text.replace(/^\uFEFF/, '')).filter((row) => row.some((cell) => cell !== ''))
  const heading = (rows[0] ?? []).map((cell) => cell.toLowerCase())
  const place = heading.findIndex((cell) => HEADINGS.has(cell))
  const body = place < 0 ? rows : rows.slice(1)
  const ids = body.map((row) => row[Math.max(place, 0)] ?? '').filter((id) => id !== '')
  return [...new Set(ids)]
}

/** Cells in quotes may hold commas, line ends, and quotes written twice. */
function csvRows(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  const cell = /(?:"((?:[^"]|"")*)"|([^,;\t\r\n]*))([,;\t]|\r\n|\n|\r|$)/gy
  for (let found = cell.exec(text); found; found = cell.exec(text)) {
    const [, quoted, plain = '', end = ''] = found
    row.push((quoted === undefined ? plain : quoted.replaceAll('""', '"')).trim())
    if (!/[,;\t]/.test(end) || end === '') {
      rows.push(row)
      row = []
    }
    if (cell.lastIndex >= text.length) break
  }
  if (row.length > 0) rows.push(row)
  return rows
}
