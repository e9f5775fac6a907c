import { useLocation } from 'wouter'
import { projectAddress, useProjects } from '../api/project'
import { useChangeSession, useSession } from '../api/session'
import { useStatus } from '../api/status'
import { coarse } from '../components/format'
import { Icon } from '../components/icon'
import { Link } from '../components/link'
import { Menu } from '../components/menu'
import { NAVIGATION, type NavigationItem } from '../pages/registry'
import { setTheme, useShownTheme } from './theme'

interface SidebarProps {
  project: string
  open: boolean
  onSearch: () => void
  onKeys: () => void
}

export function Sidebar({ project, open, onSearch, onKeys }: SidebarProps) {
  return (
    <div className={open ? 'sidebar sidebar-open' : 'sidebar'}>
      <Link to="/" className="brand">
        <img src="/icon.svg" alt="" />
        Hedgerow
      </Link>
      <ProjectSwitcher project={project} />
      <nav className="nav" aria-label="Pages">
        <button type="button" className="nav-link nav-button" onClick={onSearch}>
          <Icon name="search" />
          <span className="grow">Search</span>
          <kbd>Ctrl K</kbd>
        </button>
        {NAVIGATION.map((item) => (
          <NavigationLink key={item.path} project={project} item={item} />
        ))}
      </nav>
      <div className="sidebar-foot">
        <Health project={project} />
        <ThemeSwitch />
        <button type="button" className="nav-link nav-button wide-only" onClick={onKeys}>
          <Icon name="keys" />
          <span className="grow">Keys</span>
          <kbd>?</kbd>
        </button>
        <Account />
      </div>
    </div>
  )
}

function NavigationLink({ project, item }: { project: string; item: NavigationItem }) {
  const [location] = useLocation()
  const current = (item.sections ?? [item.path]).some((path) => {
    const section = projectAddress(project, path)
    return location === section || location.startsWith(`${section}/`)
  })
  return (
    <Link to={projectAddress(project, item.path)} className="nav-link" current={current}>
      <Icon name={item.icon} />
      {item.title}
    </Link>
  )
}

function ProjectSwitcher({ project }: { project: string }) {
  const projects = useProjects().data?.results ?? []
  const current = projects.find(({ id }) => String(id) === project)
  return (
    <Menu
      label={`Project: ${current?.name ?? project}`}
      buttonClass="button project-button"
      button={
        <>
          <span className="cut">{current?.name ?? '…'}</span>
          <Icon name="chevron" />
        </>
      }
    >
      {(close) => (
        <>
          {projects.map(({ id, name }) => (
            <Link
              key={id}
              to={projectAddress(id, 'home')}
              className="menu-item"
              onClick={close}
              current={String(id) === project}
            >
              <span className="cut grow">{name}</span>
              {String(id) === project && <Icon name="check" />}
            </Link>
          ))}
          <Link
            to={projectAddress(project, 'settings/project')}
            className="menu-item"
            onClick={close}
          >
            <Icon name="plus" />
            Add a project
          </Link>
        </>
      )}
    </Menu>
  )
}

function Health({ project }: { project: string }) {
  const { data, error } = useStatus()
  const ingest = data?.ingest
  const unwell = ingest && (!ingest.running || ingest.alarm !== null || ingest.last_error !== null)
  const bad = error !== null || unwell === true
  const age = data?.newest_event_age_seconds
  let text = 'Checking …'
  if (error) text = 'Server unreachable'
  else if (bad) text = 'Needs attention'
  else if (data) text = age == null ? 'No event yet' : `Last event ${coarse(age)} ago`
  const colour = bad ? 'health-bad' : data ? 'health-good' : ''
  return (
    <Link to={projectAddress(project, 'settings/health')} className="nav-link">
      <span className={`health-dot ${colour}`} />
      {text}
    </Link>
  )
}

function ThemeSwitch() {
  const shown = useShownTheme()
  const other = shown === 'dark' ? 'light' : 'dark'
  return (
    <button type="button" className="nav-link nav-button" onClick={() => setTheme(other)}>
      <Icon name={shown === 'dark' ? 'sun' : 'moon'} />
      {other === 'dark' ? 'Dark' : 'Light'} colours
    </button>
  )
}

function Account() {
  const session = useSession().data
  const change = useChangeSession()
  return (
    <button
      type="button"
      className="nav-link nav-button"
      onClick={() => change.mutate({ do: 'sign-out' })}
    >
      <Icon name="exit" />
      <span className="cut">Sign out{session?.user ? ` ${session.user.name}` : ''}</span>
    </button>
  )
}
