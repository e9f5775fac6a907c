// Events of posthog-node all the time, until the standard input ends. Says "ready" when some were sent.
// Environment: HOST, TOKEN, RUN.
import { PostHog } from 'posthog-node'

const { HOST: host, TOKEN: token, RUN: run } = process.env
const errors = []
let failed = 0
let answered = 0
const posthog = new PostHog(token, {
  host,
  flushAt: 20,
  flushInterval: 200,
  fetchRetryDelay: 300,
  fetchRetryCount: 100,
  fetch: async (url, options) => {
    try {
      const response = await fetch(url, options)
      if (answered++ === 0) console.log('ready')
      return response
    } catch (error) {
      failed++
      throw error
    }
  },
})
posthog.on('error', (error) => errors.push(String(error)))
let sent = 0
const capturing = setInterval(() => {
  posthog.capture({ distinctId: `${run}-user`, event: 'e2e streamed', properties: { i: sent++, run } })
}, 10)
for await (const _ of process.stdin);
clearInterval(capturing)
await posthog.shutdown(60000)
console.log(JSON.stringify({ errors, sent, failed }))
