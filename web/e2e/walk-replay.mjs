// Switches session replay on, is recorded by posthog-js, and watches it; then a hostile recording.
// node walk-replay.mjs LINK PROJECT_KEY [FOLDER_FOR_SCREENSHOTS]
import assert from 'node:assert/strict'
import { ELSEWHERE, sendHostileRecording } from './hostile-recording.mjs'
import { recordAVisit } from './recorded-site.mjs'
import { asked, walked, walker } from './walker.mjs'

const [link, key, shots] = process.argv.slice(2)
const { origin, found, ingested, settled, shoot, checked } = walker({ link, key, shots })
const at = (path) => `${origin}/project/1/${path}`
const HOSTILE = 'hostile-session'
let visit

/** The document of the recorded page: a frame within the frame. */
const recordedPage = (page) => page.frameLocator('iframe.replay-frame').frameLocator('iframe')

async function switchOn({ page, problems }) {
  await page.goto(link)
  await page.getByRole('heading', { name: 'Get started' }).waitFor()
  await page.getByRole('link', { name: 'Session replay' }).click()
  await page.getByText('Session replay is off').waitFor()
  await shoot(page, 'replay-off')
  await checked(page, 'replay is off', problems)
  await page.getByRole('button', { name: 'Switch it on for this project' }).click()
  await page.getByText('No recordings yet').waitFor()
  await asked(page, '/api/projects/1', { method: 'PATCH', body: { capture_console_log_opt_in: true } })
  await checked(page, 'replay is on', problems)
}

async function watch({ page, problems }) {
  await page.goto(at('replay'))
  const row = page.getByRole('row', { name: /visitor@example.com/ })
  await row.waitFor()
  const [entry] = (await asked(page, '/api/projects/1/session_recordings')).results
  await row.getByRole('cell', { name: String(entry.click_count), exact: true }).first().waitFor()
  await row.getByRole('cell', { name: 'localhost' }).waitFor()
  await shoot(page, 'replay-list')
  await checked(page, 'recordings', problems)

  const before = visit.pictures()
  await row.getByRole('link', { name: 'visitor@example.com' }).click()
  await recordedPage(page).getByRole('heading', { name: 'Hedges for small gardens' }).waitFor()
  await page.getByRole('button', { name: /hedge bought/ }).first().waitFor()
  await page.getByRole('button', { name: /The cart is slow today/ }).first().waitFor()
  assert.ok(!page.url().includes('t='))
  await page.getByRole('button', { name: /hedge bought/ }).first().click()
  await recordedPage(page).getByText('A beech hedge').first().waitFor()
  await shoot(page, 'replay-player')
  await checked(page, 'a recording', problems)
  assert.equal(visit.pictures(), before, 'to watch tells the site nothing')
  assert.equal(await recordedPage(page).getByLabel('Name').inputValue().then((text) => /secret/.test(text)), false, 'what was typed is masked')
}

async function controls({ page, problems }) {
  const place = page.getByRole('slider', { name: 'Place in the recording' })
  const placeMs = async () => Number(await place.inputValue())
  const whole = Number(await place.getAttribute('max'))
  await page.locator('h1').click()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  assert.equal(await placeMs(), 0)
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('8')
  await page.locator('h1').click()
  await page.keyboard.press('Space')
  await page.getByRole('button', { name: 'Pause' }).waitFor()
  // At the end it stops by itself.
  await page.getByRole('button', { name: 'Play' }).waitFor()
  assert.equal(await placeMs(), Math.round(whole))

  const before = visit.pictures()
  await page.getByRole('switch', { name: 'Load pictures from the site' }).check()
  await recordedPage(page).getByRole('heading', { name: 'Hedges for small gardens' }).waitFor()
  for (let round = 0; visit.pictures() === before && round < 50; round += 1) await page.waitForTimeout(100)
  assert.ok(visit.pictures() > before, 'pictures come when they are asked for')
  await checked(page, 'the controls', problems)
}

async function fromThePerson({ page, problems }) {
  await page.getByRole('link', { name: 'visitor@example.com' }).click()
  await page.getByRole('link', { name: 'Watch' }).first().click()
  await page.getByRole('region', { name: 'Player' }).waitFor()
  assert.ok(page.url().includes(visit.session))
  // A link leads to its place.
  await page.goto(at(`replay/${visit.session}?t=1`))
  await recordedPage(page).getByRole('heading', { name: 'Hedges for small gardens' }).waitFor()
  assert.equal(await page.getByRole('slider').inputValue(), '1000')
  await page.goto(at('replay/no-such-session'))
  await page.getByText('There is no such session recording.').waitFor()
  // The browser itself notes the 404.
  problems.length = 0
}

async function filters({ page, problems }) {
  await page.goto(at('replay'))
  await page.getByRole('combobox', { name: 'Length' }).selectOption('1800')
  await page.getByText('No recording matches').waitFor()
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await page.getByRole('row', { name: /visitor@example.com/ }).waitFor()
  await page.getByRole('button', { name: /^Dates/ }).click()
  await page.getByRole('button', { name: 'Yesterday' }).click()
  await page.getByText('No recording matches').waitFor()
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await page.getByRole('button', { name: 'Person: everybody' }).click()
  await page.getByRole('combobox', { name: /: search$/ }).fill('visitor@')
  await page.getByRole('option', { name: 'visitor@example.com' }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Person: visitor@example.com' }).waitFor()
  await page.getByRole('row', { name: /visitor@example.com/ }).waitFor()
  await page.locator('.refreshing').waitFor({ state: 'detached' })
  await checked(page, 'filters', problems)
}

async function hostile({ page, problems }) {
  const outside = []
  page.on('request', (request) => {
    if (request.url().startsWith(ELSEWHERE)) outside.push(request.url())
  })
  const answer = await sendHostileRecording(origin, key, HOSTILE, Date.now() - 60_000)
  assert.equal(answer.status, 200)
  await ingested()
  await page.goto(at('replay'))
  await page.getByRole('row', { name: /onerror/ }).getByRole('link').first().click()
  await recordedPage(page).getByText('A hostile page').first().waitFor()
  await checkHarmless(page)
  await page.getByRole('button', { name: 'Play', exact: true }).click()
  await page.getByRole('button', { name: 'Pause' }).waitFor()
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor()
  await checkHarmless(page)
  assert.deepEqual(outside, [])
  for (const problem of problems.splice(0)) found.push(`hostile: ${problem}`)

  // With the recording as it was sent, the frame alone must stop it.
  await unsanitised(page)
  await checkHarmless(page)
  problems.length = 0
}

async function checkHarmless(page) {
  await page.waitForTimeout(300)
  const ran = []
  for (const frame of page.frames()) ran.push(await frame.evaluate(() => window.__hostile ?? null).catch(() => null))
  assert.deepEqual(ran.filter((value) => value !== null), [], 'a recording ran script')
  assert.equal(await page.evaluate(() => window.__hostile ?? null), null)
}

/** Puts markup straight into the frame that shows recordings. */
async function unsanitised(page) {
  await page.evaluate(() => {
    const outer = document.querySelector('iframe.replay-frame').contentDocument
    const inner = outer.querySelector('iframe').contentDocument
    for (const target of [outer, inner]) {
      const run = 'top.__hostile=1'
      const script = target.createElement('script')
      script.textContent = run
      target.body.append(script)
      const picture = target.createElement('img')
      picture.setAttribute('onerror', run)
      picture.setAttribute('src', 'x')
      target.body.append(picture)
      const link = target.createElement('a')
      link.setAttribute('href', `javascript:${run}`)
      target.body.append(link)
      link.click()
      const frame = target.createElement('iframe')
      frame.setAttribute('srcdoc', `<script>${run}</script>`)
      target.body.append(frame)
    }
  })
}

async function everyLook({ page, problems }, look) {
  for (const [name, path] of Object.entries({ list: 'replay', player: `replay/${visit.session}?t=2` })) {
    await page.goto(at(path))
    await page.getByText('visitor@example.com').first().waitFor()
    await settled(page)
    if (name === 'player') await recordedPage(page).getByRole('heading').first().waitFor()
    await checked(page, `replay ${name} ${look}`, problems)
    await shoot(page, `replay-${name}-${look}`)
  }
}

async function deleteIt({ page, problems }) {
  await page.goto(at(`replay/${visit.session}`))
  await page.getByRole('button', { name: 'Delete' }).click()
  await checked(page, 'before deleting', problems)
  await page.getByRole('button', { name: 'Delete it' }).click()
  await page.getByRole('row', { name: /onerror/ }).waitFor()
  await page.getByText('visitor@example.com').waitFor({ state: 'detached' })
}

/** What posthog-js records of somebody else's visit. */
async function recorded({ context, page }) {
  // What browsers learn from the server follows within moments.
  await page.waitForTimeout(1500)
  visit = await recordAVisit(context.browser(), origin, key)
  await ingested()
}

await walked({
  found,
  steps: { switchOn, recorded, watch, controls, fromThePerson, filters },
  looks: everyLook,
  last: { hostile, deleteIt },
})
visit?.site.close()
