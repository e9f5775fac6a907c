import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client'
import { useMay, useSession } from '../../api/session'
import { Avatar } from '../../components/avatar'
import { Button } from '../../components/button'
import { Code } from '../../components/code'
import { Dialog } from '../../components/dialog'
import { Select } from '../../components/fields'
import { Page } from '../../components/page'
import { Answer, Empty, Failure } from '../../components/states'
import { SettingsTabs } from './settings-tabs'

const KEY = ['members']
const ROLES = [
  ['viewer', 'Viewer: sees everything'],
  ['member', 'Member: also changes what people make'],
  ['admin', 'Admin: also projects and members'],
] as const

export default function MembersPage() {
  const members = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => api.get('/api/members', { signal }),
  })
  const may = useMay('admin')
  const [inviting, setInviting] = useState(false)
  return (
    <Page
      title="Settings"
      actions={
        may && (
          <Button kind="primary" icon="plus" onClick={() => setInviting(true)}>
            Invite someone
          </Button>
        )
      }
    >
      <SettingsTabs current="settings/members" />
      <Answer query={members}>
        {({ results }) =>
          results.length > 0 ? (
            <div className="table-box">
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col">Role</th>
                    <th scope="col">
                      <span className="visually-hidden">Remove</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {results.map((member) => (
                    <MemberRow key={member.id} member={member} editable={may} />
                  ))}
                </tbody>
              </table>
            </div>
          ) : (
            <Empty icon="people" title="No accounts yet">
              You came in by the server&rsquo;s link. Make your own account first, at the top of
              any page.
            </Empty>
          )
        }
      </Answer>
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </Page>
  )
}

interface MemberRowProps {
  member: { id: number; name: string; email: string; role: string }
  editable: boolean
}

function MemberRow({ member, editable }: MemberRowProps) {
  const client = useQueryClient()
  const me = useSession().data?.user?.id === member.id
  const onSuccess = () => client.invalidateQueries({ queryKey: KEY })
  const path = { user_id: member.id }
  const change = useMutation({
    mutationFn: (role: string) => api.patch('/api/members/{user_id}', { path, body: { role } }),
    onSuccess,
  })
  const remove = useMutation({
    mutationFn: () => api.delete('/api/members/{user_id}', { path }),
    onSuccess,
  })
  return (
    <tr>
      <td>
        <div className="row">
          <Avatar name={member.name} />
          <div>
            <div>
              {member.name} {me && <span className="badge">You</span>}
            </div>
            <div className="soft small wrap">{member.email}</div>
          </div>
        </div>
        {(change.error ?? remove.error) && <Failure error={change.error ?? remove.error} />}
      </td>
      <td>
        {editable ? (
          <Select
            label={`Role of ${member.name}`}
            hideLabel
            value={member.role}
            options={ROLES}
            onChange={(role) => change.mutate(role)}
          />
        ) : (
          member.role
        )}
      </td>
      <td className="right">
        {editable && !me && (
          <Button small kind="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
            Remove
          </Button>
        )}
      </td>
    </tr>
  )
}

function InviteDialog({ onClose }: { onClose: () => void }) {
  const [role, setRole] = useState('member')
  const invite = useMutation({
    mutationFn: () => api.post('/api/invitations', { body: { role } }),
  })
  if (invite.data) {
    return (
      <Dialog title="Pass this link on" onClose={onClose}>
        <p>Whoever opens it makes an account. It works once, and for a week.</p>
        <Code text={`${window.location.origin}/join/${invite.data.secret}`} />
      </Dialog>
    )
  }
  return (
    <Dialog
      title="Invite someone"
      onClose={onClose}
      actions={
        <Button kind="primary" disabled={invite.isPending} onClick={() => invite.mutate()}>
          Make a link
        </Button>
      }
    >
      <Select label="Role" value={role} options={ROLES} onChange={setRole} />
      {invite.error && <Failure error={invite.error} />}
    </Dialog>
  )
}
