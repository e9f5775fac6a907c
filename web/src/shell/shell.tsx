import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { Button } from '../components/button'
import { AccountNotice } from './account-notice'
import { projectAddress } from '../api/project'
import { NAVIGATION } from '../pages/registry'
import { Palette, usePaletteKey } from './palette'
import { useShortcuts } from './shortcuts'
import { ShortcutsDialog } from './shortcuts-dialog'
import { Sidebar } from './sidebar'

/** What is around every page of a project. */
export function ProjectShell({ project, children }: { project: string; children: ReactNode }) {
  const [location, goTo] = useLocation()
  // Where the menu was opened: on a phone, going elsewhere closes it.
  const [openedAt, setOpenedAt] = useState<string | null>(null)
  const [palette, setPalette] = useState(false)
  const [keys, setKeys] = useState(false)
  usePaletteKey(() => setPalette(true))
  useShortcuts({
    '?': () => setKeys(true),
    ...Object.fromEntries(NAVIGATION.map(({ key, path }) => [`g ${key ?? ''}`, () => goTo(projectAddress(project, path))])),
  })
  const open = openedAt === location
  return (
    <div className="shell">
      <a className="skip button" href="#content">
        Skip to the content
      </a>
      <div className="phone-bar">
        <Button
          kind="quiet"
          icon="menu"
          aria-label="Menu"
          aria-expanded={open}
          onClick={() => setOpenedAt(location)}
        />
        <strong>Hedgerow</strong>
        <Button kind="quiet" icon="search" aria-label="Search" onClick={() => setPalette(true)} />
      </div>
      <Sidebar project={project} open={open} onSearch={() => setPalette(true)} onKeys={() => setKeys(true)} />
      {open && (
        <button
          type="button"
          className="sidebar-shade"
          aria-label="Close the menu"
          onClick={() => setOpenedAt(null)}
        />
      )}
      <main id="content" className="content" tabIndex={-1}>
        <AccountNotice />
        {children}
      </main>
      {palette && <Palette project={project} onClose={() => setPalette(false)} />}
      {keys && <ShortcutsDialog onClose={() => setKeys(false)} />}
    </div>
  )
}
