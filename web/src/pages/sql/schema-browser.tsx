import { useState } from 'react'
import { TabButtons } from '../../components/tabs'

interface SchemaBrowserProps {
  schema: Record<string, string[]>
  kept: string[]
  onChoose: (sql: string) => void
}

const TABS = [
  ['schema', 'Schema'],
  ['history', 'History'],
] as const

/** What can be asked, and what was. */
export function SchemaBrowser({ schema, kept, onChoose }: SchemaBrowserProps) {
  const [tab, setTab] = useState<'schema' | 'history'>('schema')
  return (
    <aside className="sql-aside card" aria-label="Schema and history">
      <TabButtons label="Schema and history" tabs={TABS} current={tab} onChange={setTab} />
      {tab === 'schema' ? (
        Object.entries(schema).map(([table, columns]) => (
          <details key={table} open={table === 'events'}>
            <summary>
              <code>{table}</code>
            </summary>
            <ul>
              {columns.map((column) => (
                <li key={column}>
                  <code className="cut">{column}</code>
                </li>
              ))}
            </ul>
          </details>
        ))
      ) : (
        <ul>
          {kept.map((sql) => (
            <li key={sql}>
              <button type="button" className="menu-item" onClick={() => onChoose(sql)}>
                <code className="sql-kept">{sql}</code>
              </button>
            </li>
          ))}
          {kept.length === 0 && <li className="soft small">Nothing was run yet.</li>}
        </ul>
      )}
    </aside>
  )
}
