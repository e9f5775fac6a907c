// A hundred events that are too large for one request. Environment: HOST, TOKEN, RUN.
import { PostHog } from 'posthog-node'

const { HOST: host, TOKEN: token, RUN: run } = process.env
const errors = []
const statuses = []
const posthog = new PostHog(token, {
  host,
  flushAt: 100,
  disableCompression: true,
  fetch: async (url, options) => {
    const response = await fetch(url, options)
    statuses.push(response.status)
    return response
  },
})
posthog.on('error', (error) => errors.push(String(error)))
const large = 'x'.repeat(220_000)
for (let i = 0; i < 100; i++) {
  posthog.capture({ distinctId: `${run}-user`, event: 'e2e large', properties: { i, run, large } })
}
await posthog.shutdown(60000)
console.log(JSON.stringify({ errors, statuses }))
