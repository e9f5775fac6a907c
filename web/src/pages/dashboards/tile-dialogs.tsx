import { useId, useState } from 'react'
import { useAddress } from '../../api/project'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { Search } from '../../components/fields'
import { Link } from '../../components/link'
import { Answer, Empty } from '../../components/states'
import { useSavedInsights } from '../../insights/saved'

interface AddInsightProps {
  /** Those that are there already. */
  shown: readonly number[]
  onAdd: (insight: number) => void
  onClose: () => void
}

export function AddInsight({ shown, onAdd, onClose }: AddInsightProps) {
  const at = useAddress()
  const [search, setSearch] = useState('')
  const insights = useSavedInsights(search)
  return (
    <Dialog title="Add an insight" onClose={onClose}>
      <Search label="Search saved insights" value={search} onChange={setSearch} />
      <Answer query={insights}>
        {({ results }) => {
          const others = results.filter(({ id }) => !shown.includes(id))
          if (others.length === 0) {
            return (
              <Empty
                icon="chart"
                title="No other saved insight"
                action={
                  <Link to={at('insights/new')} className="button button-primary">
                    Make one
                  </Link>
                }
              />
            )
          }
          return (
            <ul className="actors">
              {others.map(({ id, name }) => (
                <li key={id}>
                  <span className="cut grow">{name ?? 'Without a name'}</span>
                  <Button small aria-label={`Add ${name ?? 'it'}`} onClick={() => onAdd(id)}>
                    Add
                  </Button>
                </li>
              ))}
            </ul>
          )
        }}
      </Answer>
    </Dialog>
  )
}

interface TextDialogProps {
  /** Empty for a new text. */
  body: string
  onDone: (body: string) => void
  onClose: () => void
}

export function TextDialog({ body: first, onDone, onClose }: TextDialogProps) {
  const id = useId()
  const [body, setBody] = useState(first)
  return (
    <Dialog
      title={first === '' ? 'Add text' : 'Edit the text'}
      onClose={onClose}
      actions={
        <Button kind="primary" disabled={body.trim() === ''} onClick={() => onDone(body)}>
          {first === '' ? 'Add' : 'Save'}
        </Button>
      }
    >
      <label className="field-label" htmlFor={id}>
        Text
      </label>
      <textarea
        id={id}
        className="input textarea"
        rows={5}
        maxLength={10_000}
        value={body}
        onChange={(event) => setBody(event.target.value)}
      />
    </Dialog>
  )
}
