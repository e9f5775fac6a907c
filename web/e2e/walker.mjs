// What every walk through the app does: send events, wait, look, and note what is wrong.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { accessibilityProblems, openBrowser, openPage, sidewaysPixels } from './browser.mjs'

const WAIT_MS_MAX = 30_000

/** `key` is the project's; `shots` a folder for screenshots, if there shall be any. */
export function walker({ link, key, shots }) {
  const { origin } = new URL(link)
  if (shots) mkdirSync(shots, { recursive: true })
  const found = []

  async function send(events, sentKey = key) {
    return fetch(`${origin}/batch/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ api_key: sentKey, batch: events }),
    })
  }

  async function ingested() {
    for (;;) {
      const { log, ingest } = await (await fetch(`${origin}/_status`)).json()
      if (ingest.position >= log.end) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async function settled(page) {
    await page.locator('.skeleton').first().waitFor({ state: 'detached' })
    // The live feed never lets the network rest; a moment is enough for what was asked.
    await page.waitForTimeout(150)
  }

  async function shoot(page, name) {
    if (shots) await page.screenshot({ path: join(shots, `${name}.png`) })
  }

  async function checked(page, name, problems) {
    const sideways = await sidewaysPixels(page)
    if (sideways > 0) found.push(`${name}: ${sideways} px stick out to the right`)
    for (const problem of await accessibilityProblems(page)) found.push(`${name}: ${problem}`)
    for (const problem of problems.splice(0)) found.push(`${name}: ${problem}`)
  }

  /** Values of events must not have run, linked or drawn anything. */
  async function checkedHarmless(page, name) {
    const done = await page.evaluate(() => ({
      ran: window.__hostile ?? null,
      links: [...document.querySelectorAll('a[href]')].map((a) => a.protocol).filter((p) => !/^https?:$/.test(p)),
      foreign: document.querySelectorAll('#app img[src^="x"], #app script, #app iframe, #app svg[onload]').length,
    }))
    if (done.ran !== null || done.links.length > 0 || done.foreign > 0) {
      found.push(`${name}: a value ran script: ${JSON.stringify(done)}`)
    }
  }

  return { origin, found, send, ingested, settled, shoot, checked, checkedHarmless }
}

/** What the API answers to the page's own session. */
export function asked(page, path, { method = 'GET', body } = {}) {
  return page.evaluate(
    async ({ path, method, body }) => {
      const answer = await fetch(path, {
        method,
        headers: { 'content-type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body),
      })
      return answer.status === 204 ? null : answer.json()
    },
    { path, method, body },
  )
}

/** Chooses in a list with a search. */
export async function choose(page, button, text) {
  await page.getByRole('button', { name: button }).click()
  await page.getByRole('combobox', { name: /: search$/ }).fill(text)
  await page.keyboard.press('Enter')
}

/** Walks `steps` in one page, `looks`, if any, in every look, `last` in the first page again.
 * The process ends with 1 if anything was found. */
export async function walked({ found, steps, looks = null, last = {} }) {
  const browser = await openBrowser()
  const first = await openPage(browser)
  first.page.setDefaultTimeout(WAIT_MS_MAX)
  let step = ''
  const walkAll = async (walks) => {
    for (const [name, walk] of Object.entries(walks)) {
      step = name
      await walk(first)
    }
  }
  try {
    await walkAll(steps)
    const cookies = await first.context.cookies()
    for (const [suffix, options] of Object.entries(looks ? LOOKS : {})) {
      step = `every page, ${suffix}`
      const opened = await openPage(browser, { ...options, cookies })
      opened.page.setDefaultTimeout(WAIT_MS_MAX)
      await looks(opened, suffix)
      await opened.context.close()
    }
    await walkAll(last)
  } catch (error) {
    found.push(`${step}: ${error.stack}`)
    await first.page.screenshot({ path: '/tmp/hedgerow-web-failure.png' }).catch(() => undefined)
    found.push(`at ${first.page.url()}`, ...first.problems)
  } finally {
    await browser.close()
  }
  for (const problem of found) process.stderr.write(`${problem}\n`)
  process.exitCode = found.length > 0 ? 1 : 0
}

const LOOKS = {
  light: {},
  dark: { dark: true },
  phone: { phone: true },
  'phone-dark': { phone: true, dark: true },
}
