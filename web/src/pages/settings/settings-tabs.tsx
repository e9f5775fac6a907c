import { useAddress } from '../../api/project'
import { TabLinks } from '../../components/tabs'

const TABS = [
  ['settings/project', 'Project'],
  ['settings/privacy', 'Privacy'],
  ['settings/keys', 'Personal keys'],
  ['settings/members', 'Members'],
  ['settings/account', 'Account'],
  ['settings/health', 'Health'],
] as const

export function SettingsTabs({ current }: { current: string }) {
  const at = useAddress()
  return (
    <TabLinks
      label="Settings"
      tabs={TABS.map(([path, text]) => [at(path), text] as const)}
      current={at(current)}
    />
  )
}
