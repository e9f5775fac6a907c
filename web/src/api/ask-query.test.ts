import { afterEach, expect, it, vi } from 'vitest'
import { askQuery } from './ask-query'

afterEach(() => vi.unstubAllGlobals())

it('closes the connection of a question that is given up, which ends it on the server', async () => {
  const requests: RequestInit[] = []
  vi.stubGlobal('fetch', (_address: string, init: RequestInit) => {
    requests.push(init)
    return new Promise<Response>((_resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(new DOMException('gone', 'AbortError')))
    })
  })
  const controller = new AbortController()
  const asked = askQuery('7', { query: {} }, controller.signal)
  controller.abort()
  await expect(asked).rejects.toThrow('gone')
  expect(requests.map(({ method, signal }) => [method, signal?.aborted])).toEqual([['POST', true]])
})
