// posthog-js-lite, as it runs in Node. Environment: HOST, TOKEN, RUN.
import { PostHog } from 'posthog-js-lite'

const { HOST: host, TOKEN: token, RUN: run } = process.env
const errors = []
const posthog = new PostHog(token, { host, persistence: 'memory', flushAt: 100 })
posthog.on('error', (error) => errors.push(String(error)))
const anonymous = posthog.getDistinctId()
posthog.register({ run })
posthog.capture('old event', { n: 1.5, s: 'hé' })
posthog.identify(`${run}-alice`, { plan: 'pro' })
posthog.alias(`${run}-alice-old`)
posthog.group('company', `${run}-acme`, { seats: 11 })
posthog.capture('old group')
await posthog.reloadFeatureFlagsAsync()
const keys = ['e2e-bool', 'e2e-multi', 'e2e-off']
const flags = Object.fromEntries(keys.map((key) => [key, posthog.getFeatureFlag(key) ?? null]))
await posthog.shutdown()
console.log(JSON.stringify({ anonymous, flags, errors }))
