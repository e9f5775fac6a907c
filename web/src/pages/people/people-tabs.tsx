import { useGroupTypes } from '../../api/lists'
import { useAddress } from '../../api/project'
import { sentenceCase } from '../../components/format'
import { TabLinks } from '../../components/tabs'

/** Persons, cohorts, and each type of groups. */
export function PeopleTabs({ current }: { current: string }) {
  const at = useAddress()
  const types = useGroupTypes().data ?? []
  const tabs = [
    [at('people'), 'Persons'] as const,
    [at('cohorts'), 'Cohorts'] as const,
    ...types.map(({ group_type, group_type_index }) => {
      return [at(`groups/${group_type_index}`), sentenceCase(group_type)] as const
    }),
  ]
  return <TabLinks label="People" tabs={tabs} current={at(current)} />
}
