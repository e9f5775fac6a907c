/** The most travelled way to a step of a path, as a funnel; pure. */
import { nodeParts, nodeText, type PathEdge } from './paths'
import { firstQuery, type InsightQuery, type Series } from './query'

/** The steps from the first one to this, back along the widest transitions. */
export function wayTo(edges: readonly PathEdge[], node: string): string[] {
  const way = [node]
  for (let at = node; nodeParts(at).step > 1; ) {
    const before = edges
      .filter(({ target }) => target === at)
      .reduce<PathEdge | null>((widest, edge) => (widest === null || edge.value > widest.value ? edge : widest), null)
    if (before === null) break
    at = before.source
    way.unshift(at)
  }
  return way
}

const ADDRESS = /^https?:\/\//

/** Paths read addresses without their last slash, so a page is either. */
function stepOf(name: string, types: readonly string[]): Series {
  if (ADDRESS.test(name)) {
    const value = [name, name.endsWith('/') ? name.slice(0, -1) : `${name}/`]
    return { kind: 'EventsNode', event: '$pageview', properties: [{ key: '$current_url', type: 'event', operator: 'exact', value }] }
  }
  if (types.includes('custom_event')) return { kind: 'EventsNode', event: name }
  return { kind: 'EventsNode', event: '$screen', properties: [{ key: '$screen_name', type: 'event', operator: 'exact', value: [name] }] }
}

export function pathFunnel(query: InsightQuery, edges: readonly PathEdge[], node: string): InsightQuery {
  const types = query.pathsFilter?.includeEventTypes ?? []
  const series = wayTo(edges, node).map((step) => {
    const { name } = nodeParts(step)
    return { ...stepOf(name, types), custom_name: nodeText(step) }
  })
  return {
    ...firstQuery('FunnelsQuery'),
    series,
    ...(query.dateRange ? { dateRange: query.dateRange } : {}),
    ...(query.properties ? { properties: query.properties } : {}),
  }
}
