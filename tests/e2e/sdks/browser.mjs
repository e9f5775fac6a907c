// posthog-js in headless Chromium, loaded from the server under test. Prints what happened.
// Environment: HOST, TOKEN, SECRET, CHROMIUM, RUN, ALIAS_HOST, FAULTY_HOST, RECORDED_TOKEN, and SCENARIOS
// (comma separated names of the table below).
import { chromium } from 'playwright-core'
import http from 'node:http'

const { HOST, TOKEN: token, SECRET, CHROMIUM: executablePath, RUN: run, SCENARIOS } = process.env

// What a site pastes into its pages: calls are queued until the script has come.
const SNIPPET = `{
  const queue = (window.posthog = window.posthog || [])
  queue._i = []
  queue.people = []
  queue.__SV = 1
  const names = ['capture', 'identify', 'register', 'alias', 'group', 'reset', 'onFeatureFlags']
  for (const name of names) queue[name] = (...args) => queue.push([name, ...args])
  queue.init = (token, config) => {
    const script = document.createElement('script')
    script.crossOrigin = 'anonymous'
    script.async = true
    script.src = config.api_host + '/static/array.js'
    document.head.append(script)
    queue._i.push([token, config, 'posthog'])
  }
}`

const PAGE = `<!doctype html><meta charset="utf-8"><title>shop</title>
  <link rel="icon" href="data:,"><script>${SNIPPET}</script>
  <h1>Shop</h1><input id="name"><button id="buy" class="cta">Buy</button>`

const site = http.createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/html' })
  response.end(PAGE)
})
await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve))
const pageUrl = `http://localhost:${site.address().port}/page?utm_source=e2e`
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

// Waits for what is to come rather than for a time: machines are slow and fast.
async function until(what, isSo) {
  for (let i = 0; i < 150; i++) {
    if (await isSo()) return
    await pause(400)
  }
  throw new Error(`${what} did not come`)
}

// Until the server has events of these names from this run.
const stored = (seen, ...names) =>
  until(`${seen.run}: ${names}`, async () => {
    const query = `SELECT DISTINCT event FROM events WHERE properties.run = '${seen.run}'`
    const response = await fetch(`${HOST}/api/projects/@current/query/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SECRET}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: { kind: 'HogQLQuery', query } }),
    })
    const found = (await response.json()).results.flat()
    return names.every((name) => found.includes(name))
  })


async function opened(browser, name, options = {}, { host = HOST, key = token } = {}) {
  const context = await browser.newContext()
  const page = await context.newPage()
  const seen = { name, run: `${run}-${name}`, problems: [], requests: [] }
  page.on('console', (message) => message.type() === 'error' && seen.problems.push(message.text()))
  page.on('pageerror', (error) => seen.problems.push(String(error)))
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText
    // A page that is left does not see its last requests end; that they arrive is tested apart.
    if (seen.isLeaving && why === 'net::ERR_ABORTED') return
    seen.problems.push(`${request.method()} ${request.url()} ${why}`)
  })
  page.on('response', (response) => {
    if (!response.url().startsWith(new URL(host).origin)) return
    const path = new URL(response.url()).pathname
    seen.requests.push({ method: response.request().method(), path, status: response.status() })
    if (response.status() >= 400) seen.problems.push(`${response.status()} ${response.url()}`)
  })
  await page.goto(pageUrl)
  await page.evaluate(
    ({ host, key, run, options }) =>
      new Promise((resolve) => {
        posthog.init(key, {
          api_host: host,
          opt_out_useragent_filter: true,
          person_profiles: 'identified_only',
          request_queue_config: { flush_interval_ms: 250 },
          loaded: (loaded) => {
            loaded.register({ run })
            // The queue gives way to the SDK only after this call.
            setTimeout(resolve)
          },
          ...options,
        })
      }),
    { host, key, run: seen.run, options },
  )
  return { page, seen }
}

async function left(page, seen, ...names) {
  seen.isLeaving = true
  await page.goto('about:blank')
  // What was sent on leaving goes on without the page, but not without the browser.
  await stored(seen, ...names)
  await page.context().close()
  return seen
}

const flagsCame = (page) =>
  page.evaluate(() => new Promise((resolve) => {
    posthog.onFeatureFlags(() => resolve())
    setTimeout(resolve, 40000)
  }))

// The session of an ordinary visitor, with every call of the SDK.
async function everyCall(browser) {
  const { page, seen } = await opened(browser, 'calls', { disable_web_experiments: false })
  await flagsCame(page)
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
  const { page, seen } = await opened(browser, 'recorded', {}, { key: process.env.RECORDED_TOKEN })
  seen.session = await page.evaluate(() => posthog.get_session_id())
  // The recorder sends while somebody does something.
  await until('the recording', async () => {
    await page.fill('#name', 'typed text')
    await page.click('#buy')
    return seen.requests.filter((item) => item.path === '/s/').length >= 3
  })
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
  recorded,
  faulty,
}

const browser = await chromium.launch({ executablePath, headless: true, args: ['--no-sandbox'] })
try {
  const wanted = SCENARIOS.split(',')
  const results = await Promise.all(wanted.map((name) => scenarios[name](browser)))
  console.log(JSON.stringify(Object.fromEntries(results.map((seen) => [seen.name, seen]))))
} finally {
  await browser.close()
  site.close()
}
