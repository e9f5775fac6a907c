/** Every page of a project, in one list: its address, and where the navigation shows it. */
import { lazy, type ComponentType, type LazyExoticComponent } from 'react'
import type { IconName } from '../components/icon'

export interface PageEntry {
  /** After `/project/:project/`, as wouter writes it. */
  path: string
  component: LazyExoticComponent<ComponentType>
}

export interface NavigationItem {
  title: string
  icon: IconName
  path: string
  /** The item is the current one on every page under this; the path itself if left out. */
  section?: string
}

export const PAGES: readonly PageEntry[] = [
  { path: 'start', component: lazy(() => import('./onboarding/onboarding')) },
  { path: 'activity', component: lazy(() => import('./activity/activity')) },
]

export const NAVIGATION: readonly NavigationItem[] = [
  { title: 'Activity', icon: 'activity', path: 'activity' },
  { title: 'Get started', icon: 'start', path: 'start' },
]
