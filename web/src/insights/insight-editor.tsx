import { DraftField } from '../components/draft-field'
import { Select } from '../components/fields'
import { choosesBreakdown, displayOf } from './display'
import { BreakdownPicker } from './breakdown-picker'
import { Part } from './editor-part'
import { FilterEditor } from './filter-editor'
import { FunnelOptions, PathsOptions, RetentionOptions } from './kind-options'
import { hasBreakdown, letter, type Breakdown, type InsightQuery } from './query'
import { SeriesEditor } from './series-editor'

interface InsightEditorProps {
  query: InsightQuery
  onChange: (query: InsightQuery) => void
}

/** All that a question is made of, but its dates and its drawing. */
export function InsightEditor({ query, onChange }: InsightEditorProps) {
  const { kind, series } = query
  const isFunnel = kind === 'FunnelsQuery'
  return (
    <div className="insight-editor card">
      {series && (
        <Part title={isFunnel ? 'Steps' : 'Series'}>
          <SeriesEditor
            series={series}
            steps={isFunnel}
            withMaths={kind === 'TrendsQuery'}
            {...(kind === 'LifecycleQuery' ? { max: 1 } : {})}
            onChange={(next) => onChange({ ...query, series: next })}
          />
          {kind === 'TrendsQuery' && <Formula query={query} onChange={onChange} />}
        </Part>
      )}
      {isFunnel && <FunnelOptions query={query} onChange={onChange} />}
      {kind === 'RetentionQuery' && <RetentionOptions query={query} onChange={onChange} />}
      {kind === 'PathsQuery' && <PathsOptions query={query} onChange={onChange} />}
      {kind === 'StickinessQuery' && <Stickiness query={query} onChange={onChange} />}
      <Part title="Filters on all">
        <FilterEditor
          label="Filter of all"
          filters={query.properties}
          nested
          onChange={(properties) => {
            const { properties: _old, ...rest } = query
            onChange(properties ? { ...rest, properties } : rest)
          }}
        />
      </Part>
      {hasBreakdown(kind) && !choosesBreakdown(displayOf(query)) && (
        <Part title="Breakdown">
          <BreakdownPicker
            breakdown={query.breakdownFilter}
            onChange={(breakdown) => onChange(withBreakdown(query, breakdown))}
          />
        </Part>
      )}
    </div>
  )
}

function withBreakdown(query: InsightQuery, breakdown: Breakdown | undefined): InsightQuery {
  const { breakdownFilter: _old, ...rest } = query
  return breakdown ? { ...rest, breakdownFilter: breakdown } : rest
}

function Formula({ query, onChange }: InsightEditorProps) {
  const last = letter((query.series?.length ?? 1) - 1)
  const example = last === 'A' ? 'A / 2' : 'B / A * 100'
  return (
    <div className="row formula">
      <span className="soft small">Formula</span>
      <DraftField
        label="Formula of the series' letters"
        className="mono"
        placeholder={`for example ${example}`}
        value={query.trendsFilter?.formula ?? ''}
        onCommit={(text) => {
          const { formula: _old, ...rest } = query.trendsFilter ?? {}
          const formula = text.trim().toUpperCase()
          onChange({ ...query, trendsFilter: formula === '' ? rest : { ...rest, formula } })
        }}
      />
    </div>
  )
}

function Stickiness({ query, onChange }: InsightEditorProps) {
  return (
    <Part title="Counted">
      <Select
        label="Counted"
        hideLabel
        value={query.stickinessFilter?.computedAs ?? 'non_cumulative'}
        options={[
          ['non_cumulative', 'Active in exactly so many intervals'],
          ['cumulative', 'Active in at least so many'],
        ]}
        onChange={(computedAs) =>
          onChange({ ...query, stickinessFilter: { computedAs: computedAs as 'cumulative' | 'non_cumulative' } })
        }
      />
    </Part>
  )
}
