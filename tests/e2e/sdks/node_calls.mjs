// Every call of posthog-node, once; prints what was sent. Environment: HOST, TOKEN, SECRET, RUN.
import { PostHog } from 'posthog-node'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'

const { HOST: host, TOKEN: token, SECRET: secretKey, RUN: run } = process.env
const version = JSON.parse(readFileSync('node_modules/posthog-node/package.json', 'utf8')).version
const id = (name) => `${run}-${name}`
const errors = []
const sent = []

function client(options = {}) {
  const made = new PostHog(token, {
    host,
    fetchRetryDelay: 100,
    before_send: (event) => ({ ...event, properties: { ...event.properties, run } }),
    ...options,
  })
  made.on('error', (error) => errors.push(String(error)))
  for (const kind of ['capture', 'identify', 'alias']) {
    made.on(kind, (message) => sent.push(message.uuid))
  }
  return made
}

const alice = id('alice')
const posthog = client()
posthog.capture({
  distinctId: alice,
  event: 'e2e plain',
  properties: { n: 1.5, b: true, s: 'hé', nested: { a: [1, 2] }, none: null },
})
posthog.capture({
  distinctId: alice,
  event: 'e2e fixed time',
  timestamp: new Date('2024-04-03T12:00:00Z'),
  uuid: randomUUID(),
})
posthog.capture({ event: 'e2e anonymous' })
posthog.capture({
  distinctId: id('bob'),
  event: 'e2e anonymous',
  properties: { $process_person_profile: false },
})
posthog.identify({
  distinctId: alice,
  properties: { $set: { email: 'alice@example.com' }, $set_once: { first_seen: '2024-01-01' } },
})
posthog.setPersonProperties({
  distinctId: alice,
  properties: { plan: 'pro' },
  propertiesOnce: { first_seen: '2030-01-01' },
})
posthog.unsetPersonProperties({ distinctId: alice, properties: ['email'] })
posthog.capture({ distinctId: id('carol-anon'), event: 'e2e before identify' })
posthog.identify({
  distinctId: id('carol'),
  properties: { $set: { name: 'Carol' }, $anon_distinct_id: id('carol-anon') },
})
posthog.alias({ distinctId: id('dave'), alias: id('dave-old') })
posthog.groupIdentify({
  groupType: 'company',
  groupKey: id('acme'),
  properties: { name: 'Acme', seats: 11 },
  distinctId: alice,
})
posthog.capture({ distinctId: alice, event: 'e2e group', groups: { company: id('acme') } })
posthog.capture({ distinctId: alice, event: '$pageview', properties: { $current_url: 'https://example.com/a' } })
posthog.capture({ distinctId: alice, event: '$screen', properties: { $screen_name: 'Home' } })
posthog.capture({ distinctId: alice, event: 'survey sent', properties: { $survey_id: 's1' } })
posthog.captureException(new Error('e2e boom'), alice)

const flags = await posthog.evaluateFlags(alice, {
  personProperties: { plan: 'pro' },
  groups: { company: id('acme') },
  groupProperties: { company: { seats: '11' } },
})
const keys = ['e2e-bool', 'e2e-multi', 'e2e-off', 'e2e-missing']
const values = Object.fromEntries(keys.map((key) => [key, flags.getFlag(key) ?? null]))
posthog.capture({ distinctId: alice, event: 'e2e flagged', flags })
for (let i = 0; i < 250; i++) {
  posthog.capture({ distinctId: id('bulk'), event: 'e2e bulk', properties: { i } })
}
posthog.captureAi?.({
  distinctId: alice,
  event: '$ai_generation',
  properties: { $ai_trace_id: 't1', $ai_model: 'm', $ai_input: 'x'.repeat(2_000_000) },
})
await new Promise((resolve) => setTimeout(resolve, 300))
await posthog.shutdown()

const plain = client({ disableCompression: true })
plain.capture({ distinctId: alice, event: 'e2e option' })
await plain.shutdown()
const old = client({ historicalMigration: true })
old.capture({ distinctId: alice, event: 'e2e historical', timestamp: new Date('2020-01-01T00:00:00Z') })
await old.shutdown()

const localClient = client({ secretKey })
await localClient.waitForLocalEvaluationReady(5000)
const local = {}
for (const key of keys.slice(0, 3)) {
  local[key] = await localClient.getFeatureFlag(key, alice, {
    personProperties: { plan: 'pro' },
    onlyEvaluateLocally: true,
    sendFeatureFlagEvents: false,
  })
}
await localClient.shutdown()
console.log(JSON.stringify({ lib: 'posthog-node', version, sent, values, local, errors }))
