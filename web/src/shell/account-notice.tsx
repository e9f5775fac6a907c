import { useState } from 'react'
import { useSession } from '../api/session'
import { Button } from '../components/button'
import { Dialog } from '../components/dialog'
import { AccountForm } from '../pages/account-form'

/** The link from the terminal works once; an account is how one comes back. */
export function AccountNotice() {
  const session = useSession().data
  const [open, setOpen] = useState(false)
  const [later, setLater] = useState(false)
  if (!session || session.user || session.has_accounts || later) return null
  return (
    <div className="account-notice">
      <div className="notice">
        <span className="grow">
          You came in by the link from the terminal, which works once. Make an account to come back.
        </span>
        <Button small kind="primary" onClick={() => setOpen(true)}>
          Make an account
        </Button>
        <Button small kind="quiet" onClick={() => setLater(true)}>
          Later
        </Button>
      </div>
      {open && (
        <Dialog title="Make your account" onClose={() => setOpen(false)}>
          <AccountForm action="first-account" onDone={() => setOpen(false)} />
        </Dialog>
      )}
    </div>
  )
}
