import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ApiError } from '../../api/client'
import { useSession } from '../../api/session'
import { Button } from '../../components/button'
import { Select, TextField } from '../../components/fields'
import { Card, Page } from '../../components/page'
import { Failure } from '../../components/states'
import { setTheme, useStoredTheme, type Theme } from '../../shell/theme'
import { AccountForm } from '../account-form'
import { SettingsTabs } from './settings-tabs'
import './settings.css'

const THEMES = [
  ['system', 'As this device'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const

export default function AccountPage() {
  const session = useSession().data
  const theme = useStoredTheme()
  return (
    <Page title="Settings">
      <SettingsTabs current="settings/account" />
      <div className="stack settings">
        <Card title="Appearance">
          <Select
            label="Colours"
            value={theme}
            options={THEMES}
            onChange={(chosen) => setTheme(chosen as Theme)}
          />
        </Card>
        {session?.user ? (
          <Card title={`Password of ${session.user.email}`}>
            <PasswordForm />
          </Card>
        ) : (
          <Card title="Make your account">
            <AccountForm action="first-account" onDone={() => undefined} />
          </Card>
        )}
      </div>
    </Page>
  )
}

function PasswordForm() {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const change = useMutation({
    mutationFn: () =>
      api.patch('/api/session/password', { body: { current_password: current, password: next } }),
    onSuccess: () => {
      setCurrent('')
      setNext('')
    },
  })
  const refusal = change.error instanceof ApiError ? change.error : null
  const errorOf = (name: string) => (refusal?.attribute === name ? refusal.detail : null)
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        change.mutate()
      }}
    >
      <TextField
        label="Current password"
        type="password"
        autoComplete="current-password"
        required
        value={current}
        error={errorOf('current_password')}
        onChange={(event) => setCurrent(event.target.value)}
      />
      <TextField
        label="New password"
        type="password"
        autoComplete="new-password"
        required
        hint="At least 10 characters. Your other sessions end."
        value={next}
        error={errorOf('password')}
        onChange={(event) => setNext(event.target.value)}
      />
      {change.error && refusal?.attribute == null && <Failure error={change.error} />}
      <div className="row">
        <Button type="submit" disabled={change.isPending}>
          Change the password
        </Button>
        {change.isSuccess && <span className="soft">Changed.</span>}
      </div>
    </form>
  )
}
