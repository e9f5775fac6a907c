// Feature flags that posthog-node evaluates itself, for many people.
// Environment: HOST, TOKEN, SECRET, PEOPLE (how many), KEYS (JSON).
import { PostHog } from 'posthog-node'

const { HOST: host, TOKEN: token, SECRET: secretKey } = process.env
const flagKeys = JSON.parse(process.env.KEYS)
const posthog = new PostHog(token, { host, secretKey, sendFeatureFlagEvent: false })
await posthog.waitForLocalEvaluationReady(5000)
const rows = []
for (let number = 0; number < Number(process.env.PEOPLE); number++) {
  const personProperties = { plan: number % 3 ? 'pro' : 'free', seats: number % 10 }
  const asked = { personProperties, flagKeys, onlyEvaluateLocally: true }
  const flags = await posthog.getAllFlags(`user-${number}`, asked)
  rows.push(flagKeys.map((key) => flags[key] ?? null))
}
await posthog.shutdown()
console.log(JSON.stringify({ rows }))
