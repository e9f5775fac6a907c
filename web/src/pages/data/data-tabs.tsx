import { useAddress } from '../../api/project'
import { TabLinks } from '../../components/tabs'

export function DataTabs({ current }: { current: string }) {
  const at = useAddress()
  const tabs = [
    ['data/events', 'Events'],
    ['data/properties', 'Properties'],
    ['data/annotations', 'Annotations'],
    ['data/warnings', 'Warnings'],
    ['data/dead-letters', 'Dead letters'],
    ['data/transfer', 'In and out'],
  ] as const
  return (
    <TabLinks
      label="Data"
      tabs={tabs.map(([path, text]) => [at(path), text] as const)}
      current={at(current)}
    />
  )
}
