// What every walk through the web app needs.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { accessibilityProblems, sidewaysPixels } from './browser.mjs'

/** `found` fills with all that must not be; `shots` names a folder for screenshots, or none. */
export function walking(link, key, shots) {
  const { origin } = new URL(link)
  const found = []
  if (shots) mkdirSync(shots, { recursive: true })

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

  return { origin, found, send, ingested, settled, shoot, checked }
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

/** Ends the process with what was found. */
export function finished(found) {
  for (const problem of found) process.stderr.write(`${problem}\n`)
  process.exitCode = found.length > 0 ? 1 : 0
}
