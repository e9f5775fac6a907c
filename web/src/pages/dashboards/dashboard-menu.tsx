import { Menu } from '../../components/menu'
import type { Dashboard } from '../../insights/saved'

export type DashboardAction = 'text' | 'rename' | 'pin' | 'duplicate' | 'full-screen' | 'print' | 'delete'

interface DashboardMenuProps {
  dashboard: Dashboard
  mayChange: boolean
  onChoose: (action: DashboardAction) => void
}

/** What is done with a whole dashboard. */
export function DashboardMenu({ dashboard, mayChange, onChoose }: DashboardMenuProps) {
  const looking: readonly (readonly [DashboardAction, string])[] = [
    ['full-screen', 'Full screen'],
    ['print', 'Print, or save as PDF'],
  ]
  const items = mayChange
    ? ([
        ['text', 'Add text'],
        ['pin', dashboard.pinned ? 'Take off home' : 'Show on home'],
        ['rename', 'Name and description'],
        ['duplicate', 'Duplicate'],
        ...looking,
        ['delete', 'Delete this dashboard'],
      ] as const)
    : looking
  return (
    <Menu label="More for this dashboard" right button={<span aria-hidden="true">···</span>}>
      {(close) =>
        items.map(([action, text]) => (
          <button
            key={action}
            type="button"
            className="menu-item"
            onClick={() => {
              close()
              onChoose(action)
            }}
          >
            {text}
          </button>
        ))
      }
    </Menu>
  )
}
