// posthog-js in headless Chromium, as visitors of every kind. Prints what happened.
// Environment: as of page.mjs, and ALIAS_HOST, FAULTY_HOST, DROPPING_HOST, RECORDED_TOKEN, RECORDED_PROJECT,
// SURVEY_TOKEN, SURVEY_PROJECT, TARGETED_TOKEN, TARGETED_PROJECT, TARGETED_SURVEY, and SCENARIOS (comma separated names of the table below).
import { flagsCame, left, opened, stored, storedCount, until, withBrowser } from './page.mjs'

const { SCENARIOS } = process.env
const eventPaths = ['/e/', '/i/v0/e/']

// The session of an ordinary visitor, with every call of the SDK.
async function everyCall(browser) {
  const { page, seen } = await opened(browser, 'calls', { disable_web_experiments: false })
  await flagsCame(page, 'e2e-off')
  Object.assign(seen, await page.evaluate(async (run) => {
    const answer = { anonymous: posthog.get_distinct_id() }
    posthog.capture('e2e plain', { n: 1.5, b: true, s: 'hé', nested: { a: [1, 2] } })
    const keys = ['e2e-bool', 'e2e-multi', 'e2e-off', 'e2e-missing']
    answer.flags = Object.fromEntries(keys.map((key) => [key, posthog.getFeatureFlag(key) ?? null]))
    posthog.identify(run + '-alice', { email: 'alice@example.com' }, { first_seen: '2024-01-01' })
    posthog.setPersonProperties({ plan: 'pro' }, { first_seen: '2030-01-01' })
    posthog.unsetPersonProperties(['email'])
    posthog.alias(run + '-alice-alias')
    posthog.group('company', run + '-acme', { name: 'Acme', seats: 11 })
    posthog.capture('e2e after identify')
    posthog.capture('e2e options', {}, { timestamp: new Date('2024-04-03T12:00:00Z'), $set: { o: 1 }, $set_once: { p: 1 } })
    posthog.capture('$pageview')
    posthog.capture('$screen', { $screen_name: 'Home' })
    posthog.capture('survey sent', { $survey_id: 's1', $survey_response_q1: 'great' })
    posthog.captureException(new Error('e2e boom'))
    await Promise.all([
      new Promise((resolve) => posthog.getSurveys((found) => { answer.surveys = found; resolve() }, true)),
      new Promise((resolve) => posthog.getEarlyAccessFeatures((found) => { answer.features = found; resolve() }, true)),
    ])
    return answer
  }, seen.run))
  await page.click('#buy')
  await stored(seen, '$autocapture', 'survey sent')
  await page.evaluate((run) => {
    posthog.opt_out_capturing()
    posthog.capture('e2e opted out')
    posthog.opt_in_capturing()
    posthog.capture('e2e on unload', { big: 'x'.repeat(20000) })
  }, seen.run)
  return left(page, seen, 'e2e on unload', '$pageleave')
}

async function afterReset(browser) {
  const { page, seen } = await opened(browser, 'reset')
  Object.assign(seen, await page.evaluate((run) => {
    posthog.identify(run + '-first')
    const before = posthog.get_distinct_id()
    posthog.reset()
    posthog.register({ run })
    posthog.capture('e2e after reset')
    return { before, after: posthog.get_distinct_id() }
  }, seen.run))
  await stored(seen, 'e2e after reset')
  return left(page, seen)
}

const variation = (name, options, at) => async (browser) => {
  const { page, seen } = await opened(browser, name, options, at)
  await page.evaluate(() => posthog.capture('e1'))
  await stored(seen, 'e1')
  await page.evaluate(() => posthog.capture('e2'))
  await stored(seen, 'e2')
  return left(page, seen)
}

async function recorded(browser) {
  const at = { key: process.env.RECORDED_TOKEN, project: process.env.RECORDED_PROJECT }
  const { page, seen } = await opened(browser, 'recorded', {}, at)
  seen.session = await page.evaluate(() => posthog.get_session_id())
  // The recorder sends while somebody does something.
  await until('the recording', async () => {
    await page.fill('#name', 'typed text')
    await page.click('#buy')
    return seen.requests.filter((item) => item.path === '/s/').length >= 3
  })
  // A click on the heading does nothing, and is dead.
  await page.click('h1')
  await stored(seen, '$dead_click', '$web_vitals')
  return left(page, seen)
}

// Through a proxy that fails at first.
async function faulty(browser) {
  const { page, seen } = await opened(browser, 'faulty', {}, { host: process.env.FAULTY_HOST })
  await page.evaluate((run) => {
    posthog.capture('before identify')
    posthog.identify(run + '-alice')
    for (let i = 0; i < 5; i++) posthog.capture('e2e faulty', { i })
  }, seen.run)
  await stored(seen, 'e2e faulty', 'before identify', '$identify')
  return left(page, seen)
}

// Through a proxy that drops the connection, and then is unavailable.
async function dropped(browser) {
  const { page, seen } = await opened(browser, 'dropped', {}, { host: process.env.DROPPING_HOST })
  await page.evaluate(() => {
    for (let i = 0; i < 5; i++) posthog.capture('e2e dropped', { i })
  })
  await storedCount(seen, 'e2e dropped', 5)
  return left(page, seen)
}

// The network is gone, comes back, and the page is left before the SDK has tried again.
async function offline(browser) {
  const { page, seen } = await opened(browser, 'offline')
  await page.evaluate(() => posthog.capture('e2e before'))
  await stored(seen, 'e2e before')
  await page.context().setOffline(true)
  await page.evaluate(() => {
    for (let i = 0; i < 5; i++) posthog.capture('e2e offline', { i })
  })
  await until('a failed request', () => seen.problems.some((problem) => problem.startsWith('POST')))
  await page.context().setOffline(false)
  return left(page, seen, 'e2e offline')
}

// Somebody answers the survey that the project runs.
async function survey(browser) {
  const project = process.env.SURVEY_PROJECT
  const at = { key: process.env.SURVEY_TOKEN, project }
  const { page, seen } = await opened(browser, 'survey', { person_profiles: 'always' }, at)
  seen.person = await page.evaluate(() => posthog.get_distinct_id())
  await page.fill('textarea', 'It is quick')
  await page.click('.form-submit')
  await stored(seen, 'survey shown', 'survey sent')
  return left(page, seen)
}

// With the key of no project: nothing is stored, so what is awaited is the refusal of each request.
async function stranger(browser) {
  const prepare = (page) => page.clock.install()
  const { page, seen } = await opened(browser, 'stranger', {}, { key: 'phc_of_nobody', prepare })
  const refused = () => seen.requests.filter((item) => eventPaths.includes(item.path)).length
  await page.evaluate(() => posthog.capture('e2e refused'))
  await until('two refusals', () => refused() >= 2)
  // Long enough for every time at which the SDK would try again.
  await page.clock.fastForward('01:00:00')
  await page.evaluate(() => posthog.capture('e2e refused again'))
  await until('a third refusal', () => refused() >= 3)
  return left(page, seen)
}

// A log record, which is a request of another kind than an event.
async function logged(browser) {
  const { page, seen } = await opened(browser, 'logged')
  await page.evaluate(() => posthog.captureLog({ body: 'e2e log', level: 'info' }))
  await until('the log', () => seen.requests.some((item) => item.path === '/i/v1/logs'))
  return left(page, seen)
}

// Somebody who had opened the toolbar of the server that the page sent its events to before.
async function toolbar(browser) {
  const prepare = (page) => page.addInitScript((token) => {
    if (location.protocol === 'http:') localStorage._postHogToolbarParams = JSON.stringify({ token })
  }, process.env.TOKEN)
  const { page, seen } = await opened(browser, 'toolbar', {}, { prepare })
  const isForgotten = () => page.evaluate(() => localStorage._postHogToolbarParams === undefined)
  await until('the answer to the toolbar', isForgotten)
  return left(page, seen)
}

// A release from before, with its default options.
const older = (release) => async (browser) => {
  const at = { bundle: `/old/${release}` }
  const { page, seen } = await opened(browser, release, { request_queue_config: undefined }, at)
  await flagsCame(page, 'e2e-bool')
  Object.assign(seen, await page.evaluate((run) => {
    const anonymous = posthog.get_distinct_id()
    posthog.capture('old event', { n: 1.5, s: 'hé' })
    posthog.identify(run + '-alice', { plan: 'pro' })
    posthog.alias(run + '-alice-old')
    posthog.group('company', run + '-acme', { seats: 11 })
    posthog.capture('old group')
    const keys = ['e2e-bool', 'e2e-multi', 'e2e-off']
    return { anonymous, flags: Object.fromEntries(keys.map((key) => [key, posthog.getFeatureFlag(key) ?? null])) }
  }, seen.run))
  await page.click('#buy')
  await stored(seen, 'old event', 'old group', '$autocapture')
  return left(page, seen)
}

// The configuration, with other compressions than ours; and none at all.
const base64Only = (page) =>
  page.route('**/array/*/config*', async (route) => {
    const response = await route.fetch()
    const body = (await response.text()).replace('["gzip","gzip-js"]', '["base64"]')
    await route.fulfill({ response, body })
  })
const noConfig = (page) =>
  page.route('**/array/*/config*', (route) =>
    route.fulfill({ status: 404, headers: { 'access-control-allow-origin': '*' }, body: '{}' }))

// Three surveys: for everybody, for a plan, and for those with a flag. Answered on one device.
async function targeted(browser) {
  const at = { key: process.env.TARGETED_TOKEN, project: process.env.TARGETED_PROJECT }
  const names = (page) => page.evaluate(() =>
    new Promise((resolve) => posthog.onSurveysLoaded(() => posthog.getActiveMatchingSurveys((surveys) =>
      resolve(surveys.map((survey) => survey.name).sort().join())))))
  // A busy server may have to guess; a later answer is right.
  const asks = (page, expected) => until(`the surveys ${expected}`, async () => {
    if ((await names(page)) === expected) return true
    await page.evaluate(() => posthog.reloadFeatureFlags())
    return false
  })

  const { page, seen } = await opened(browser, 'targeted', {}, at)
  await asks(page, 'all')
  await page.evaluate(() => posthog.setPersonPropertiesForFlags({ plan: 'pro' }))
  await asks(page, 'all,flag,plan')
  await page.evaluate(([run, survey]) => {
    posthog.identify(run + '-user')
    posthog.capture('survey sent', { $survey_id: survey, $survey_response: 'yes' })
  }, [seen.run, process.env.TARGETED_SURVEY])
  await stored(seen, 'survey sent')
  await asks(page, 'flag,plan')

  const other = await opened(browser, 'targeted', {}, at)
  await asks(other.page, 'all')
  await other.page.evaluate((run) => posthog.identify(run + '-user'), seen.run)
  await asks(other.page, '')
  seen.problems.push(...other.seen.problems)
  await left(other.page, other.seen)
  return left(page, seen)
}

const scenarios = {
  calls: everyCall,
  reset: afterReset,
  uncompressed: variation('uncompressed', { disable_compression: true }),
  xhr: variation('xhr', { api_transport: 'XHR' }),
  cookieless: variation('cookieless', { cookieless_mode: 'always' }),
  always: variation('always', { person_profiles: 'always' }),
  flagless: variation('flagless', { advanced_disable_flags: true }),
  headers: variation('headers', { request_headers: { 'X-Custom': '1' } }),
  alias: variation('alias', {}, { host: process.env.ALIAS_HOST }),
  full: variation('full', {}, { bundle: 'array.full.js' }),
  alone: variation('alone', {}, { bundle: 'array.full.no-external.js' }),
  base64: variation('base64', {}, { prepare: base64Only }),
  configless: variation('configless', {}, { prepare: noConfig }),
  stranger,
  logged,
  toolbar,
  recorded,
  faulty,
  dropped,
  offline,
  survey,
  targeted,
  'posthog-js-1-57': older('posthog-js-1-57'),
  'posthog-js-1-130': older('posthog-js-1-130'),
  'posthog-js-1-235': older('posthog-js-1-235'),
}

await withBrowser(async (browser) => {
  const results = await Promise.all(SCENARIOS.split(',').map((name) => scenarios[name](browser)))
  return Object.fromEntries(results.map((seen) => [seen.name, seen]))
})
