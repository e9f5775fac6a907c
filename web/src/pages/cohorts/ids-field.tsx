import { useRef } from 'react'
import { Button } from '../../components/button'
import { TextArea } from '../../components/fields'
import { wholeNumber } from '../../components/format'
import { idsOfText } from './pasted-ids'

interface IdsFieldProps {
  text: string
  onChange: (text: string) => void
}

/** Distinct ids, pasted or out of a CSV file. */
export function IdsField({ text, onChange }: IdsFieldProps) {
  const file = useRef<HTMLInputElement>(null)
  const count = idsOfText(text).length
  const read = async (chosen: File | undefined) => {
    if (chosen) onChange(await chosen.text())
  }
  return (
    <div className="stack cohort-ids">
      <TextArea
        label="Distinct ids, one a line, or CSV with a column distinct_id"
        className="mono"
        rows={8}
        spellCheck={false}
        value={text}
        onChange={(event) => onChange(event.target.value)}
        hint="Ids of nobody are left out. The list follows people when they are merged."
      />
      <div className="row row-wrap">
        <input
          ref={file}
          type="file"
          accept=".csv,.txt,text/csv,text/plain"
          className="visually-hidden"
          aria-label="File of distinct ids"
          tabIndex={-1}
          onChange={(event) => void read(event.target.files?.[0])}
        />
        <Button small onClick={() => file.current?.click()}>
          Choose a CSV file
        </Button>
        <span className="soft small" role="status">
          {count === 1 ? '1 id' : `${wholeNumber(count)} ids`}
        </span>
      </div>
    </div>
  )
}
