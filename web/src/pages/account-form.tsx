import { useState, type SubmitEvent } from 'react'
import { ApiError } from '../api/client'
import { useChangeSession } from '../api/session'
import { Button } from '../components/button'
import { TextField } from '../components/fields'
import { Failure } from '../components/states'

const PASSWORD_CHARS_MIN = 10

interface AccountFormProps {
  action: 'first-account' | 'join'
  invitation?: string
  onDone: () => void
}

/** Makes an account and signs it in. */
export function AccountForm({ action, invitation, onDone }: AccountFormProps) {
  const [fields, setFields] = useState({ name: '', email: '', password: '' })
  const change = useChangeSession()
  const refusal = change.error instanceof ApiError ? change.error : null
  const errorOf = (name: string) => (refusal?.attribute === name ? refusal.detail : null)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const more = invitation === undefined ? {} : { invitation }
    change.mutate({ do: action, ...fields, ...more }, { onSuccess: onDone })
  }
  const field = (name: keyof typeof fields) => ({
    value: fields[name],
    error: errorOf(name),
    required: true,
    onChange: (event: { target: { value: string } }) =>
      setFields({ ...fields, [name]: event.target.value }),
  })
  return (
    <form className="stack" onSubmit={submit}>
      <TextField label="Name" autoComplete="name" {...field('name')} />
      <TextField label="E-mail address" type="email" autoComplete="username" {...field('email')} />
      <TextField
        label="Password"
        type="password"
        autoComplete="new-password"
        minLength={PASSWORD_CHARS_MIN}
        hint={`At least ${PASSWORD_CHARS_MIN} characters.`}
        {...field('password')}
      />
      {change.error && refusal?.attribute == null && <Failure error={change.error} />}
      <Button type="submit" kind="primary" disabled={change.isPending}>
        {change.isPending ? 'One moment …' : 'Make the account'}
      </Button>
    </form>
  )
}
