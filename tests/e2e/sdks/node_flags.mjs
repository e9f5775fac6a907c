// Feature flags by posthog-node, evaluated by itself and by the server.
// Environment: HOST, TOKEN, SECRET, PEOPLE (JSON: distinct id to person properties), KEYS (JSON), GROUP.
import { PostHog } from 'posthog-node'

const { HOST: host, TOKEN: token, SECRET: secretKey, GROUP: group } = process.env
const people = JSON.parse(process.env.PEOPLE)
const flagKeys = JSON.parse(process.env.KEYS)

async function answers(posthog, onlyEvaluateLocally) {
  const found = {}
  for (const [distinctId, personProperties] of Object.entries(people)) {
    const asked = { personProperties, flagKeys, onlyEvaluateLocally, disableGeoip: true }
    found[distinctId] = await posthog.getAllFlagsAndPayloads(distinctId, asked)
  }
  found.grouped = await posthog.getAllFlagsAndPayloads('somebody', {
    groups: { company: group },
    groupProperties: { company: { tier: 'gold' } },
    flagKeys: ['grouped'],
    onlyEvaluateLocally,
  })
  return found
}

const local = new PostHog(token, { host, secretKey })
await local.waitForLocalEvaluationReady(5000)
const remote = new PostHog(token, { host })
console.log(JSON.stringify({ local: await answers(local, true), remote: await answers(remote, false) }))
await local.shutdown()
await remote.shutdown()
