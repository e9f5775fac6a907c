import { afterEach, describe, expect, it, vi } from 'vitest'
import { askQuery } from './ask-query'

interface Call {
  method: string
  address: string
  id: unknown
}

/** A server that answers a question when told to, or when its asker goes away. */
function server(): { calls: Call[]; answer: () => void } {
  const calls: Call[] = []
  let answer: () => void = () => undefined
  vi.stubGlobal('fetch', (address: string, init: RequestInit) => {
    const body = typeof init.body === 'string' ? (JSON.parse(init.body) as Record<string, unknown>) : {}
    calls.push({ method: init.method ?? '', address, id: body.client_query_id })
    if (init.method === 'DELETE') return Promise.resolve(new Response(null, { status: 204 }))
    return new Promise<Response>((resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(new DOMException('gone', 'AbortError')))
      answer = () => resolve(Response.json({ results: [1] }))
    })
  })
  return { calls, answer: () => answer() }
}

afterEach(() => vi.unstubAllGlobals())

describe('a question that is given up', () => {
  it('is ended on the server too', async () => {
    const { calls } = server()
    const controller = new AbortController()
    const asked = askQuery('7', { query: {} }, controller.signal)
    controller.abort()
    await expect(asked).rejects.toThrow('gone')
    expect(calls.map(({ method }) => method)).toEqual(['POST', 'DELETE'])
    expect(calls[1]?.address).toBe(`/api/projects/7/query/${String(calls[0]?.id)}`)
  })

  it('is left alone once it is answered', async () => {
    const { calls, answer } = server()
    const controller = new AbortController()
    const asked = askQuery('7', { query: {} }, controller.signal)
    answer()
    expect((await asked).results).toEqual([1])
    controller.abort()
    expect(calls).toHaveLength(1)
  })
})
