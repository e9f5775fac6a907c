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
  /** The item is the current one on every page under these; the path itself if left out. */
  sections?: readonly string[]
}

export const PAGES: readonly PageEntry[] = [
  { path: 'start', component: lazy(() => import('./onboarding/onboarding')) },
  { path: 'activity', component: lazy(() => import('./activity/activity')) },
  { path: 'home', component: lazy(() => import('./dashboards/home')) },
  { path: 'dashboards', component: lazy(() => import('./dashboards/dashboards')) },
  { path: 'dashboards/:shortId', component: lazy(() => import('./dashboards/dashboard')) },
  { path: 'insights', component: lazy(() => import('./insights/insights')) },
  { path: 'insights/:shortId', component: lazy(() => import('./insights/insight')) },
  { path: 'web', component: lazy(() => import('./web/web')) },
  { path: 'people', component: lazy(() => import('./people/people')) },
  { path: 'people/:personId', component: lazy(() => import('./people/person')) },
  { path: 'replay', component: lazy(() => import('./replay/recordings')) },
  { path: 'replay/:sessionId', component: lazy(() => import('./replay/recording')) },
  { path: 'cohorts', component: lazy(() => import('./cohorts/cohorts')) },
  { path: 'cohorts/new', component: lazy(() => import('./cohorts/new-cohort')) },
  { path: 'cohorts/:cohortId', component: lazy(() => import('./cohorts/cohort')) },
  { path: 'groups/:type', component: lazy(() => import('./groups/groups')) },
  { path: 'groups/:type/:groupKey', component: lazy(() => import('./groups/group')) },
  { path: 'data/events', component: lazy(() => import('./data/events')) },
  { path: 'data/properties', component: lazy(() => import('./data/properties')) },
  { path: 'data/annotations', component: lazy(() => import('./data/annotations')) },
  { path: 'data/warnings', component: lazy(() => import('./data/warnings')) },
  { path: 'data/dead-letters', component: lazy(() => import('./data/dead-letters')) },
  { path: 'sql', component: lazy(() => import('./sql/sql')) },
  { path: 'settings/project', component: lazy(() => import('./settings/project')) },
  { path: 'settings/privacy', component: lazy(() => import('./settings/privacy')) },
  { path: 'settings/keys', component: lazy(() => import('./settings/keys')) },
  { path: 'settings/members', component: lazy(() => import('./settings/members')) },
  { path: 'settings/account', component: lazy(() => import('./settings/account')) },
  { path: 'settings/health', component: lazy(() => import('./settings/health')) },
]

export const NAVIGATION: readonly NavigationItem[] = [
  { title: 'Home', icon: 'home', path: 'home' },
  { title: 'Activity', icon: 'activity', path: 'activity' },
  { title: 'Dashboards', icon: 'dashboard', path: 'dashboards' },
  { title: 'Insights', icon: 'chart', path: 'insights' },
  { title: 'Web analytics', icon: 'globe', path: 'web' },
  { title: 'People', icon: 'people', path: 'people', sections: ['people', 'cohorts', 'groups'] },
  { title: 'Session replay', icon: 'replay', path: 'replay' },
  { title: 'Data', icon: 'data', path: 'data/events', sections: ['data'] },
  { title: 'SQL', icon: 'sql', path: 'sql' },
  { title: 'Get started', icon: 'start', path: 'start' },
  { title: 'Settings', icon: 'settings', path: 'settings/project', sections: ['settings'] },
]
