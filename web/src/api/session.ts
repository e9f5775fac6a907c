import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from './client'
import type { components } from './schema'

export type Session = components['schemas']['SessionView']
export type Role = components['schemas']['Role']

const KEY = ['session']

/** Who this browser is signed in as; the first thing the app asks. */
export function useSession() {
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => api.get('/api/session', { signal }),
    staleTime: Infinity,
  })
}

const RANK: Record<string, number> = { viewer: 0, member: 1, admin: 2 }

/** Whether the role reaches `needed`; buttons that would be refused are not shown. */
export function useMay(needed: 'member' | 'admin'): boolean {
  const role = useSession().data?.role ?? 'viewer'
  return (RANK[role] ?? 0) >= (RANK[needed] ?? 2)
}

type Change =
  | { do: 'sign-in'; email: string; password: string }
  | { do: 'first-account' | 'join'; email: string; name: string; password: string; invitation?: string }
  | { do: 'sign-out' }

/** Signs in or out; all that was asked before is forgotten. */
export function useChangeSession() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (change: Change): Promise<Session | undefined> => {
      const { do: action, ...body } = change
      if (action === 'sign-in') return api.post('/api/session', { body })
      if (action === 'first-account') return api.post('/api/session/account', { body })
      if (action === 'join') return api.post('/api/session/invitation', { body })
      await api.delete('/api/session')
      return undefined
    },
    onSuccess: (session) => {
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== KEY[0] })
      if (session) client.setQueryData(KEY, session)
      else void client.resetQueries({ queryKey: KEY })
    },
  })
}
