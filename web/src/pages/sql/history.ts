/** The last queries, kept in this browser for each project. */

const KEPT_MAX = 30
const key = (project: string) => `hedgerow-sql-${project}`

export function readHistory(project: string): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key(project)) ?? '[]')
    return Array.isArray(kept) ? kept.filter((item) => typeof item === 'string') : []
  } catch {
    return []
  }
}

/** The query goes to the top, and each is there once. */
export function addToHistory(project: string, sql: string): string[] {
  const kept = [sql, ...readHistory(project).filter((item) => item !== sql)].slice(0, KEPT_MAX)
  localStorage.setItem(key(project), JSON.stringify(kept))
  return kept
}
