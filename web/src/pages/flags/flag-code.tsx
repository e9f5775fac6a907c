import { useState } from 'react'
import { Code } from '../../components/code'
import { Card } from '../../components/page'
import { TabButtons } from '../../components/tabs'
import { flagSnippets } from './flag-snippets'
import type { FlagDraft } from './flag-draft'

/** How code asks for the flag. */
export function FlagCode({ draft }: { draft: FlagDraft }) {
  const snippets = flagSnippets(draft, window.location.origin)
  const [chosen, setChosen] = useState('web')
  const shown = snippets.find(({ id }) => id === chosen) ?? snippets[0]
  return (
    <Card title="In your code">
      <div className="stack">
        <TabButtons
          label="Language"
          tabs={snippets.map(({ id, name }) => [id, name] as const)}
          current={chosen}
          onChange={setChosen}
        />
        {shown && <Code text={shown.code} />}
      </div>
    </Card>
  )
}
