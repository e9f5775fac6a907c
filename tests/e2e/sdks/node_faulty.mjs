// A few events of posthog-node while the server fails. Environment: HOST, TOKEN, RUN.
import { PostHog } from 'posthog-node'

const { HOST: host, TOKEN: token, RUN: run } = process.env
const errors = []
// The SDK's own timers do not keep the process.
const alive = setInterval(() => {}, 1000)
const posthog = new PostHog(token, { host, flushAt: 5, fetchRetryDelay: 300, fetchRetryCount: 20 })
posthog.on('error', (error) => errors.push(String(error)))
for (let i = 0; i < 10; i++) {
  posthog.capture({ distinctId: `${run}-user`, event: 'e2e faulty', properties: { i, run } })
}
await posthog.shutdown(60000)
clearInterval(alive)
console.log(JSON.stringify({ errors }))
