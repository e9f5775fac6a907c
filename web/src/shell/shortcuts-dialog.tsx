import { Dialog } from '../components/dialog'
import { Switch } from '../components/fields'
import { DATE_KEYS } from '../insights/dates'
import { NAVIGATION } from '../pages/registry'
import { setShortcutsOn, useShortcutsOn } from './shortcuts'

/** What the keys do, and the switch that turns them off. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const on = useShortcutsOn()
  const rows: readonly (readonly [keys: string, text: string])[] = [
    ['Ctrl K', 'Search pages, insights and people'],
    ['?', 'This list'],
    ...NAVIGATION.flatMap(({ key, title }) => (key ? [[`g ${key}`, title] as const] : [])),
    ...DATE_KEYS.map(([key, , text]) => [key, `Dates: ${text}`] as const),
    ['Ctrl Enter', 'Run, in the SQL editor'],
  ]
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="keys">
        {rows.map(([keys, text]) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <Switch label="Keys without Ctrl" hint="Remembered in this browser." checked={on} onChange={setShortcutsOn} />
    </Dialog>
  )
}
