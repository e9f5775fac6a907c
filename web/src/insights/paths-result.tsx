import { useMemo, useState } from 'react'
import { Button } from '../components/button'
import { Chart } from '../components/chart'
import { coarse } from '../components/format'
import { Dialog } from '../components/dialog'
import { exactNumber, shownNumber } from './numbers'
import type { Point } from './ask'
import { pathFunnel } from './path-funnel'
import { nodeParts, nodeText, pathEdges, pathNodes, pathPoint, type PathEdge } from './paths'
import type { InsightQuery } from './query'

interface PathsResultProps {
  results: unknown
  query: InsightQuery
  onPoint: (point: Point) => void
  /** Absent where the question cannot be changed. */
  onChange?: (query: InsightQuery) => void
  compact?: boolean
  /** Of the drawing, in pixels. */
  height?: number
}

export function PathsResult({ results, query, onPoint, onChange, compact, height }: PathsResultProps) {
  const edges = useMemo(() => pathEdges(results), [results])
  const option = useMemo(() => sankeyOption(edges), [edges])
  const [node, setNode] = useState<string | null>(null)
  const drawnHeight = height ?? (compact ? 240 : heightOf(edges))
  return (
    <div className="stack">
      <div className="paths-box" tabIndex={0} role="region" aria-label="Paths as a drawing">
        <div className="paths-chart">
          <Chart
            label={`Paths: ${edges.length} transitions`}
            option={option}
            height={drawnHeight}
            onPick={({ data }) => {
              const { source, target, name } = (data ?? {}) as Picked
              if (source !== undefined && target !== undefined) onPoint(pathPoint(query, source, target))
              else if (name !== undefined) setNode(name)
            }}
          />
        </div>
      </div>
      {!compact && (
        <>
          <p className="soft small">
            Transitions between neighbouring steps inside sessions of 30 minutes. A funnel counts people who did
            the steps at all, so the two differ.
          </p>
          <EdgeTable edges={edges} query={query} onPoint={onPoint} onNode={setNode} />
        </>
      )}
      {node !== null && (
        <NodeDialog
          node={node}
          query={query}
          edges={edges}
          onPoint={onPoint}
          onClose={() => setNode(null)}
          {...(onChange ? { onChange } : {})}
        />
      )}
    </div>
  )
}

/** Enough for the names of the fullest step. */
function heightOf(edges: readonly PathEdge[]): number {
  const counts = new Map<number, number>()
  for (const { step } of pathNodes(edges)) counts.set(step, (counts.get(step) ?? 0) + 1)
  return Math.min(720, Math.max(320, Math.max(0, ...counts.values()) * 36))
}

/** An edge has two ends, a node a name. */
interface Picked {
  source?: string
  target?: string
  name?: string
}

function sankeyOption(edges: readonly PathEdge[]) {
  return {
    tooltip: {
      trigger: 'item',
      confine: true,
      formatter: (item: unknown) => {
        const { data, dataType, value } = item as { data: PathEdge & { name: string }; dataType: string; value: number }
        return dataType === 'edge'
          ? `${nodeText(data.source)} → ${nodeText(data.target)}\n${exactNumber(value)}, after ${coarse(data.average_conversion_time / 1000)} on average`
          : `${nodeText(data.name)}\n${exactNumber(value)}`
      },
    },
    series: [
      {
        type: 'sankey',
        left: 4,
        right: 118,
        top: 12,
        bottom: 12,
        nodeWidth: 10,
        nodeGap: 12,
        draggable: false,
        emphasis: { focus: 'adjacency' },
        data: pathNodes(edges).map(({ key, step }) => ({
          name: key,
          depth: step - 1,
          itemStyle: { color: `var(--series-${((step - 1) % 8) + 1})` },
        })),
        links: edges,
        lineStyle: { color: 'source', opacity: 0.25, curveness: 0.5 },
        label: {
          color: 'var(--text)',
          width: 108,
          overflow: 'truncate',
          formatter: ({ name, value }: { name: string; value: number }) => `${nodeText(name)}  ${shownNumber(value)}`,
        },
      },
    ],
  }
}

const ROWS_MAX = 50

interface EdgeTableProps extends Pick<PathsResultProps, 'query' | 'onPoint'> {
  edges: PathEdge[]
  onNode: (node: string) => void
}

function NodeCell({ node, onNode }: { node: string; onNode: (node: string) => void }) {
  const text = `${nodeParts(node).step}. ${nodeText(node)}`
  return (
    <td className="cut">
      <button type="button" className="number-button cut" title={nodeParts(node).name} onClick={() => onNode(node)}>
        {text}
      </button>
    </td>
  )
}

function EdgeTable({ edges, query, onPoint, onNode }: EdgeTableProps) {
  return (
    <div className="table-box paths-table" tabIndex={0} role="region" aria-label="Transitions">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col" className="right">Times</th>
            <th scope="col" className="right">After, on average</th>
          </tr>
        </thead>
        <tbody>
          {edges.slice(0, ROWS_MAX).map((edge) => (
            <tr key={`${edge.source} ${edge.target}`}>
              <NodeCell node={edge.source} onNode={onNode} />
              <NodeCell node={edge.target} onNode={onNode} />
              <td className="right">
                <button
                  type="button"
                  className="number-button"
                  aria-label={`${edge.value} times from ${nodeText(edge.source)} to ${nodeText(edge.target)}. Who?`}
                  onClick={() => onPoint(pathPoint(query, edge.source, edge.target))}
                >
                  {exactNumber(edge.value)}
                </button>
              </td>
              <td className="right" title={`${exactNumber(edge.average_conversion_time)} ms`}>
                {coarse(edge.average_conversion_time / 1000)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface NodeDialogProps extends Pick<PathsResultProps, 'query' | 'onPoint' | 'onChange'> {
  node: string
  edges: PathEdge[]
  onClose: () => void
}

/** What can be done with a step. */
function NodeDialog({ node, edges, query, onPoint, onChange, onClose }: NodeDialogProps) {
  const { step, name } = nodeParts(node)
  const excluded = query.pathsFilter?.excludeEvents ?? []
  const change = (filter: InsightQuery['pathsFilter']) => {
    onChange?.({ ...query, pathsFilter: { ...query.pathsFilter, ...filter } })
    onClose()
  }
  const people = () => {
    onClose()
    onPoint(step === 1 ? pathPoint(query, node, null) : pathPoint(query, null, node))
  }
  return (
    <Dialog title={`Step ${step}: ${nodeText(node)}`} onClose={onClose}>
      <p className="soft wrap">{name}</p>
      <div className="row row-wrap">
        <Button icon="people" onClick={people}>
          View people
        </Button>
        {onChange && (
          <>
            {step > 1 && (
              <Button
                icon="filter"
                onClick={() => {
                  onClose()
                  onChange(pathFunnel(query, edges, node))
                }}
              >
                View as a funnel
              </Button>
            )}
            <Button onClick={() => change({ startPoint: name })}>Set as start</Button>
            <Button onClick={() => change({ endPoint: name })}>Set as end</Button>
            <Button onClick={() => change({ excludeEvents: [...excluded, name] })}>Exclude</Button>
          </>
        )}
      </div>
    </Dialog>
  )
}
