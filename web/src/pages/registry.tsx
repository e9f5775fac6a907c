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
  /** Pressed after `g`. */
  key?: string
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
  { path: 'flags', component: lazy(() => import('./flags/flags')) },
  { path: 'flags/:flagId', component: lazy(() => import('./flags/flag')) },
  { path: 'surveys', component: lazy(() => import('./surveys/surveys')) },
  { path: 'surveys/:surveyId', component: lazy(() => import('./surveys/survey')) },
  { path: 'data/events', component: lazy(() => import('./data/events')) },
  { path: 'data/properties', component: lazy(() => import('./data/properties')) },
  { path: 'data/annotations', component: lazy(() => import('./data/annotations')) },
  { path: 'data/warnings', component: lazy(() => import('./data/warnings')) },
  { path: 'data/dead-letters', component: lazy(() => import('./data/dead-letters')) },
  { path: 'data/transfer', component: lazy(() => import('./data/transfer')) },
  { path: 'sql', component: lazy(() => import('./sql/sql')) },
  { path: 'settings/project', component: lazy(() => import('./settings/project')) },
  { path: 'settings/privacy', component: lazy(() => import('./settings/privacy')) },
  { path: 'settings/keys', component: lazy(() => import('./settings/keys')) },
  { path: 'settings/members', component: lazy(() => import('./settings/members')) },
  { path: 'settings/account', component: lazy(() => import('./settings/account')) },
  { path: 'settings/health', component: lazy(() => import('./settings/health')) },
]

export const NAVIGATION: readonly NavigationItem[] = [
  { title: 'Home', icon: 'home', path: 'home', key: 'h' },
  { title: 'Activity', icon: 'activity', path: 'activity', key: 'a' },
  { title: 'Dashboards', icon: 'dashboard', path: 'dashboards', key: 'd' },
  { title: 'Insights', icon: 'chart', path: 'insights', key: 'i' },
  { title: 'Web analytics', icon: 'globe', path: 'web', key: 'w' },
  { title: 'People', icon: 'people', path: 'people', key: 'p', sections: ['people', 'cohorts', 'groups'] },
  { title: 'Feature flags', icon: 'flag', path: 'flags', key: 'f' },
  { title: 'Surveys', icon: 'survey', path: 'surveys', key: 'v' },
  { title: 'Session replay', icon: 'replay', path: 'replay', key: 'r' },
  { title: 'Data', icon: 'data', path: 'data/events', key: 'e', sections: ['data'] },
  { title: 'SQL', icon: 'sql', path: 'sql', key: 's' },
  { title: 'Get started', icon: 'start', path: 'start' },
  { title: 'Settings', icon: 'settings', path: 'settings/project', sections: ['settings'] },
]

/** Found by the search beside the navigation: tabs of pages, and what can be made. */
export const FURTHER: readonly NavigationItem[] = [
  { title: 'New insight', icon: 'chart', path: 'insights/new' },
  { title: 'Properties', icon: 'data', path: 'data/properties' },
  { title: 'Ingestion warnings', icon: 'warning', path: 'data/warnings' },
  { title: 'Dead letters', icon: 'warning', path: 'data/dead-letters' },
  { title: 'Data in and out: imports, columns, exports', icon: 'download', path: 'data/transfer' },
  { title: 'Groups', icon: 'group', path: 'groups/0' },
  { title: 'Privacy', icon: 'settings', path: 'settings/privacy' },
  { title: 'API keys', icon: 'settings', path: 'settings/keys' },
  { title: 'Members', icon: 'people', path: 'settings/members' },
  { title: 'Your account', icon: 'identify', path: 'settings/account' },
  { title: 'Health: lag, backlog, disk', icon: 'activity', path: 'settings/health' },
]
