// Pages with posthog-js in headless Chromium, loaded from the server under test, and what came of them.
// Environment: HOST, TOKEN, SECRET, CHROMIUM, RUN.
import { chromium } from 'playwright-core'
import { readFileSync } from 'node:fs'
import http from 'node:http'

const { HOST, TOKEN: token, SECRET, CHROMIUM: executablePath, RUN: run } = process.env

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
    const bundle = new URLSearchParams(location.search).get('bundle')
    script.src = bundle.startsWith('/') ? bundle : config.api_host + '/static/' + bundle
    document.head.append(script)
    queue._i.push([token, config, 'posthog'])
  }
}`

const PAGE = `<!doctype html><meta charset="utf-8"><title>shop</title>
  <link rel="icon" href="data:,"><script>${SNIPPET}</script>
  <h1>Shop</h1><input id="name"><button id="buy" class="cta">Buy</button>`

// The page, and below `/old/` the script of an older release, by the name of its package here.
const site = http.createServer((request, response) => {
  if (request.url.startsWith('/old/')) {
    response.writeHead(200, { 'content-type': 'text/javascript', 'access-control-allow-origin': '*' })
    const script = new URL(`node_modules/${request.url.slice('/old/'.length)}/dist/array.js`, import.meta.url)
    return response.end(readFileSync(script))
  }
  response.writeHead(200, { 'content-type': 'text/html' })
  response.end(PAGE)
})
await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve))
const pageUrl = `http://localhost:${site.address().port}/page?utm_source=e2e&bundle=`
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

// Waits for what is to come rather than for a time: machines are slow and fast.
export async function until(what, isSo) {
  for (let i = 0; i < 150; i++) {
    if (await isSo()) return
    await pause(400)
  }
  throw new Error(`${what} did not come`)
}

// How many events of each name the server has from this run.
async function counts(seen) {
  const query = `SELECT event, count() FROM events WHERE properties.run = '${seen.run}' GROUP BY event`
  const response = await fetch(`${HOST}/api/projects/${seen.project}/query/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SECRET}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: { kind: 'HogQLQuery', query } }),
  })
  return Object.fromEntries((await response.json()).results)
}

// Until the server has events of these names from this run.
export const stored = (seen, ...names) =>
  until(`${seen.run}: ${names}`, async () => {
    const found = await counts(seen)
    return names.every((name) => found[name])
  })

export const storedCount = (seen, name, count) =>
  until(`${seen.run}: ${count} of ${name}`, async () => (await counts(seen))[name] >= count)

// `at` may say host, key and project, the script, and what to do to the page before it is opened.
export async function opened(browser, name, options = {}, at = {}) {
  const { host = HOST, key = token, project = '@current', bundle = 'array.js', prepare } = at
  const context = await browser.newContext()
  const page = await context.newPage()
  await prepare?.(page)
  const seen = { name, project, run: `${run}-${name}`, problems: [], requests: [] }
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
    const { pathname: path, search } = new URL(response.url())
    const request = response.request()
    const type = request.headers()['content-type']
    seen.requests.push({ method: request.method(), path, search, type, status: response.status() })
    if (response.status() >= 400) seen.problems.push(`${response.status()} ${response.url()}`)
  })
  await page.goto(pageUrl + bundle)
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

export async function left(page, seen, ...names) {
  seen.isLeaving = true
  await page.goto('about:blank')
  // What was sent on leaving goes on without the page, but not without the browser.
  await stored(seen, ...names)
  await page.context().close()
  return seen
}

const nextFlags = (page) =>
  page.evaluate(() => new Promise((resolve) => {
    posthog.onFeatureFlags(() => resolve())
    setTimeout(resolve, 40000)
  }))

// Until `key` has a value. A flag that waits for a stored person has none while the machine is busy.
export async function flagsCame(page, key) {
  await nextFlags(page)
  await until(`the flag ${key}`, async () => {
    const value = await page.evaluate((key) => posthog.getFeatureFlag(key, { send_event: false }), key)
    if (value !== undefined && value !== null) return true
    await page.evaluate(() => posthog.reloadFeatureFlags())
    return false
  })
}

export async function withBrowser(work) {
  const browser = await chromium.launch({ executablePath, headless: true, args: ['--no-sandbox'] })
  try {
    console.log(JSON.stringify(await work(browser)))
  } finally {
    await browser.close()
    site.close()
  }
}
