import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { api } from '../api/client'
import { projectAddress } from '../api/project'
import { Icon, type IconName } from '../components/icon'
import { useDashboards, useSavedInsights } from '../insights/saved'
import { FURTHER, NAVIGATION } from '../pages/registry'

interface Choice {
  icon: IconName
  title: string
  to: string
}

/** Ctrl+K or Cmd+K, anywhere. */
export function usePaletteKey(onOpen: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        onOpen()
      }
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  })
}

/** Goes to any page, kept question or person by typing. */
export function Palette({ project, onClose }: { project: string; onClose: () => void }) {
  const [text, setText] = useState('')
  const [selected, setSelected] = useState(0)
  const [, go] = useLocation()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  const choices = [...pageChoices(project, text), ...useKept(project, text), ...usePeople(project, text)]
  const at = Math.min(selected, choices.length - 1)
  const choose = (choice: Choice | undefined) => {
    if (!choice) return
    onClose()
    go(choice.to)
  }
  return (
    <dialog ref={dialog} className="dialog palette" aria-label="Search" onClose={onClose}>
      <input
        type="text"
        className="input"
        role="combobox"
        aria-label="Search pages and people"
        aria-expanded="true"
        aria-controls="palette-items"
        aria-activedescendant={`palette-${at}`}
        placeholder="Search pages, insights and people"
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setSelected(0)
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setSelected(Math.min(at + 1, choices.length - 1))
          else if (event.key === 'ArrowUp') setSelected(Math.max(at - 1, 0))
          else if (event.key === 'Enter') choose(choices[at])
          else return
          event.preventDefault()
        }}
      />
      <div id="palette-items" className="palette-items" role="listbox" aria-label="Found">
        {choices.map((choice, index) => (
          <button
            key={choice.to}
            id={`palette-${index}`}
            type="button"
            role="option"
            tabIndex={-1}
            className="menu-item"
            aria-selected={index === at}
            onClick={() => choose(choice)}
          >
            <Icon name={choice.icon} />
            <span className="cut">{choice.title}</span>
          </button>
        ))}
      </div>
    </dialog>
  )
}

function pageChoices(project: string, text: string): Choice[] {
  const wanted = text.trim().toLowerCase()
  const pages = wanted === '' ? NAVIGATION : [...NAVIGATION, ...FURTHER]
  return pages.filter(({ title }) => title.toLowerCase().includes(wanted)).map((item) => ({
    icon: item.icon,
    title: item.title,
    to: projectAddress(project, item.path),
  }))
}

const KEPT_SHOWN = 6

/** Saved insights and dashboards by their names. */
function useKept(project: string, text: string): Choice[] {
  const wanted = text.trim().toLowerCase()
  const insights = useSavedInsights().data?.results ?? []
  const dashboards = useDashboards().data?.results ?? []
  if (wanted.length < 2) return []
  const choice = (icon: IconName, name: string | null, path: string) => ({ icon, title: name ?? 'Without a name', to: projectAddress(project, path) })
  return [
    ...dashboards.map(({ name, short_id }) => choice('dashboard', name, `dashboards/${short_id}`)),
    ...insights.map(({ name, short_id }) => choice('chart', name, `insights/${short_id}`)),
  ]
    .filter(({ title }) => title.toLowerCase().includes(wanted))
    .slice(0, KEPT_SHOWN)
}

const PEOPLE_SHOWN = 8

function usePeople(project: string, text: string): Choice[] {
  const search = text.trim()
  const { data } = useQuery({
    queryKey: ['persons', project, 'palette', search],
    queryFn: ({ signal }) =>
      api.get('/api/projects/{project_id}/persons', {
        path: { project_id: project },
        query: { search, limit: PEOPLE_SHOWN },
        signal,
      }),
    enabled: search.length >= 2,
  })
  return (data?.results ?? []).map((person) => ({
    icon: 'identify',
    title: person.name,
    to: projectAddress(project, `people/${person.id}`),
  }))
}
