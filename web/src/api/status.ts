import { useQuery } from '@tanstack/react-query'
import { api } from './client'

const REFRESH_MS = 5000

/** Lag, counts and disk of the whole server, kept current. */
export function useStatus() {
  return useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => api.get('/_status', { signal }),
    refetchInterval: REFRESH_MS,
    retry: false,
  })
}
