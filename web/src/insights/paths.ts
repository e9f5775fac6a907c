/** The answer of paths as nodes and edges; pure. */
import type { InsightQuery } from './query'

export interface PathEdge {
  source: string
  target: string
  value: number
  average_conversion_time: number
}

export const pathEdges = (results: unknown): PathEdge[] =>
  Array.isArray(results) ? (results as PathEdge[]) : []

/** "2_https://shop.example/cart" is the step 2 at that page. */
export function nodeParts(key: string): { step: number; name: string } {
  const cut = key.indexOf('_')
  return { step: Number(key.slice(0, cut)), name: key.slice(cut + 1) }
}

/** A page's address without what all of them share. */
export function nodeText(key: string): string {
  const { name } = nodeParts(key)
  try {
    const { protocol, pathname, search } = new URL(name)
    return protocol.startsWith('http') ? pathname + search : name
  } catch {
    return name
  }
}

export interface PathNode {
  key: string
  step: number
  /** How many transitions come in, or at the first step go out. */
  count: number
}

export function pathNodes(edges: readonly PathEdge[]): PathNode[] {
  const into = new Map<string, number>()
  const out = new Map<string, number>()
  for (const { source, target, value } of edges) {
    out.set(source, (out.get(source) ?? 0) + value)
    into.set(target, (into.get(target) ?? 0) + value)
  }
  const keys = new Set([...out.keys(), ...into.keys()])
  return [...keys].map((key) => ({
    key,
    step: nodeParts(key).step,
    count: Math.max(into.get(key) ?? 0, out.get(key) ?? 0),
  }))
}

/** Who went along an edge, or through a node where `target` is left out. */
export function pathPoint(query: InsightQuery, source: string | null, target: string | null) {
  const names = [source, target].filter((key) => key !== null).map(nodeText)
  return {
    title: names.join(' → '),
    source: {
      kind: 'InsightActorsQuery',
      source: {
        ...query,
        pathsFilter: {
          ...query.pathsFilter,
          ...(source === null ? {} : { pathStartKey: source }),
          ...(target === null ? {} : { pathEndKey: target }),
        },
      },
    },
  }
}
