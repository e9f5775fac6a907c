import { Icon, type IconName } from './icon'

/** A map, not an object: an event may be called `constructor`. */
const KNOWN = new Map<string, readonly [icon: IconName, text: string]>(
  Object.entries({
  $pageview: ['eye', 'Pageview'],
  $pageleave: ['exit', 'Page leave'],
  $screen: ['eye', 'Screen'],
  $autocapture: ['click', 'Autocapture'],
  $rageclick: ['click', 'Rage click'],
  $identify: ['identify', 'Identify'],
  $create_alias: ['identify', 'Alias'],
  $set: ['identify', 'Set person properties'],
  $groupidentify: ['group', 'Group identify'],
  $feature_flag_called: ['flag', 'Feature flag called'],
  'survey shown': ['survey', 'survey shown'],
  'survey sent': ['survey', 'survey sent'],
  'survey dismissed': ['survey', 'survey dismissed'],
  }),
)

export function shownEventName(name: string): string {
  return KNOWN.get(name)?.[1] ?? (name === '' ? '(no name)' : name)
}

/** An event's name as people say it; its real one on hover. */
export function EventName({ name }: { name: string }) {
  const icon = KNOWN.get(name)?.[0] ?? 'dot'
  return (
    <span className="event-name" title={name}>
      <Icon name={icon} />
      <span className="cut">{shownEventName(name)}</span>
    </span>
  )
}
