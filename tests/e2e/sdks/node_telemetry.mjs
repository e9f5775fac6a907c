// Logs, metrics and traces by posthog-node. Environment: HOST, TOKEN.
import { PostHog } from 'posthog-node'

const { HOST: host, TOKEN: token } = process.env
const errors = []
const posthog = new PostHog(token, { host, logs: { serviceName: 'shop' }, traces: { serviceName: 'shop' } })
posthog.on('error', (error) => errors.push(String(error)))
posthog.captureLog({ body: 'paid', level: 'info', attributes: { order: 7 } })
posthog.captureLog({ body: 'refused', level: 'error' })
posthog.metrics.count('orders', 1)
posthog.metrics.count('orders', 1)
posthog.metrics.gauge('queue', 3)
posthog.startSpan('checkout').end()
await posthog.shutdown()
console.log(JSON.stringify({ errors }))
