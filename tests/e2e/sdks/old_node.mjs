// An older release of posthog-node, or posthog-js-lite, with its default options.
// Environment: HOST, TOKEN, SECRET, RUN, RELEASE (the package's name here).
import { createRequire } from 'node:module'

const { HOST: host, TOKEN: token, SECRET: personalApiKey, RUN: run, RELEASE } = process.env
const { PostHog } = createRequire(import.meta.url)(RELEASE)
const id = (name) => `${run}-${name}`
const alice = id('alice')
const personProperties = { plan: 'pro' }
const errors = []
const ended = (client) => (client.shutdownAsync ?? client.shutdown).call(client)

async function made(options) {
  const client = new PostHog(token, { host, ...options })
  client.on('error', (error) => errors.push(String(error)))
  return client
}

const client = await made({})
client.capture({ distinctId: alice, event: 'old event', properties: { n: 1.5, s: 'hé', run } })
client.identify({ distinctId: alice, properties: { plan: 'pro' } })
client.alias({ distinctId: alice, alias: id('alice-old') })
client.groupIdentify({ groupType: 'company', groupKey: id('acme'), properties: { seats: 11 } })
client.capture({ distinctId: alice, event: 'old group', groups: { company: id('acme') }, properties: { run } })
const flags = {}
for (const key of ['e2e-bool', 'e2e-multi', 'e2e-off']) {
  flags[key] = await client.getFeatureFlag(key, alice, { personProperties })
}
await ended(client)

const localClient = await made({ personalApiKey })
const local = {}
for (const key of Object.keys(flags)) {
  const asked = { personProperties, onlyEvaluateLocally: true, sendFeatureFlagEvents: false }
  local[key] = await localClient.getFeatureFlag(key, alice, asked)
}
await ended(localClient)
console.log(JSON.stringify({ flags, local, errors }))
