import { useState } from 'react'
import { useLocation } from 'wouter'
import { useChangeFlag, type Flag } from '../../api/flags'
import { useAddress } from '../../api/project'
import { useMay } from '../../api/session'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { Switch } from '../../components/fields'
import { Card } from '../../components/page'
import { Failure } from '../../components/states'
import { Ago } from '../../components/time'
import { rolloutWords } from './rollout-words'
import { useNames } from './use-names'

interface FlagStateProps {
  flag: Flag
  onChanged: (flag: Flag) => void
}

/** On or off at once, whatever else is being edited. */
export function FlagState({ flag, onChanged }: FlagStateProps) {
  const mayChange = useMay('member')
  const names = useNames()
  const change = useChangeFlag()
  const [isDeleting, setDeleting] = useState(false)
  const active = change.isPending ? !flag.active : flag.active
  return (
    <div className="flag-now">
      <Card title="Now">
        <div className="stack">
          <Switch
            label={active ? 'On' : 'Off for everyone'}
            hint={active ? `For: ${rolloutWords(flag.filters, names)}` : 'Switch it on for those it is released to.'}
            checked={active}
            disabled={!mayChange || change.isPending || flag.deleted}
            onChange={(next) => change.mutate({ id: flag.id, active: next }, { onSuccess: onChanged })}
          />
          {change.error && <Failure error={change.error} />}
          <div className="row row-wrap soft small">
            <span className="grow">
              Version {flag.version}, changed <Ago time={flag.updated_at} />
            </span>
            {mayChange && !flag.deleted && (
              <Button small kind="danger" onClick={() => setDeleting(true)}>
                Delete
              </Button>
            )}
          </div>
        </div>
        {isDeleting && <DeleteDialog flag={flag} onClose={() => setDeleting(false)} />}
      </Card>
    </div>
  )
}

function DeleteDialog({ flag, onClose }: { flag: Flag; onClose: () => void }) {
  const at = useAddress()
  const [, goTo] = useLocation()
  const remove = useChangeFlag()
  return (
    <Dialog
      title={`Delete ${flag.key}?`}
      onClose={onClose}
      actions={
        <Button
          kind="danger"
          disabled={remove.isPending}
          onClick={() => remove.mutate({ id: flag.id, deleted: true }, { onSuccess: () => goTo(at('flags')) })}
        >
          Delete
        </Button>
      }
    >
      <p>It is then off for everyone. This page can bring it back as long as no other flag has its key.</p>
      {remove.error && <Failure error={remove.error} />}
    </Dialog>
  )
}
