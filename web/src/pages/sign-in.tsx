import { useQuery } from '@tanstack/react-query'
import { useState, type SubmitEvent, type ReactNode } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { api } from '../api/client'
import { useChangeSession, useSession } from '../api/session'
import { Button } from '../components/button'
import { Code } from '../components/code'
import { TextField } from '../components/fields'
import { Answer, Failure } from '../components/states'
import { AccountForm } from './account-form'

function Plain({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="plain">
      <div className="plain-box">
        <div className="row">
          <img src="/icon.svg" alt="" width="32" height="32" />
          <h1>{title}</h1>
        </div>
        {children}
      </div>
    </main>
  )
}

export function SignInPage() {
  const session = useSession().data
  const [parameters] = useSearchParams()
  const used = parameters.get('link') === 'used'
  return (
    <Plain title="Sign in to Hedgerow">
      {used && (
        <div className="notice notice-warning" role="status">
          This link was used before. Each works once.
        </div>
      )}
      {session?.has_accounts ? <PasswordForm /> : <p>There is no account here yet.</p>}
      <div className="stack">
        <p className="soft">
          {session?.has_accounts ? 'Forgot the password? ' : ''}
          On the machine where the server runs, this prints a new link:
        </p>
        <Code text="hedgerow sign-in" />
      </div>
    </Plain>
  )
}

function PasswordForm() {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const change = useChangeSession()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    change.mutate({ do: 'sign-in', email, password })
  }
  return (
    <form className="stack" onSubmit={submit}>
      <TextField
        label="E-mail address"
        type="email"
        autoComplete="username"
        required
        autoFocus
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {change.error && <Failure error={change.error} />}
      <Button type="submit" kind="primary" disabled={change.isPending}>
        {change.isPending ? 'One moment …' : 'Sign in'}
      </Button>
    </form>
  )
}

/** What an invitation's link opens. */
export function JoinPage({ secret }: { secret: string }) {
  const [, go] = useLocation()
  const invitation = useQuery({
    queryKey: ['invitation', secret],
    queryFn: ({ signal }) => api.get('/api/session/invitation', { query: { secret }, signal }),
  })
  return (
    <Plain title="Join Hedgerow">
      <Answer query={invitation}>
        {({ role }) => (
          <div className="stack">
            <p className="soft">You are invited as {role}.</p>
            <AccountForm
              action="join"
              invitation={secret}
              onDone={() => go('/', { replace: true })}
            />
          </div>
        )}
      </Answer>
    </Plain>
  )
}
