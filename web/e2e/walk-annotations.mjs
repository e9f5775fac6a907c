// What happened when: annotations on charts, dashboards, and in a list.
// node walk-annotations.mjs LINK PROJECT_KEY [FOLDER_FOR_SCREENSHOTS]
import assert from 'node:assert/strict'
import { asked, walked, walker } from './walker.mjs'

const [link, key, shots] = process.argv.slice(2)
const { origin, found, send, ingested, settled, shoot, checked } = walker({ link, key, shots })
const at = (path) => `${origin}/project/1/${path}`
const HOSTILE = '<img src=x onerror="window.__hostile=1">'
const DAY_MS = 86_400_000
const daysAgo = (days) => new Date(Date.now() - days * DAY_MS)

async function someEvents({ page }) {
  await page.goto(link)
  await page.getByRole('heading', { name: 'Get started' }).waitFor()
  const events = Array.from({ length: 60 }, (_, number) => ({
    event: '$pageview',
    distinct_id: `visitor ${number % 7}`,
    timestamp: daysAgo(number % 20).toISOString(),
  }))
  assert.equal((await send(events)).status, 200)
  await ingested()
  const body = { timezone: 'Asia/Kolkata' }
  await asked(page, '/api/projects/1', { method: 'PATCH', body })
}

/** The project's clock is ahead of the browser's, and the day is the project's. */
async function onAChart({ page, problems }) {
  await page.goto(at('insights/new'))
  await page.locator('canvas').waitFor()
  await page.getByRole('button', { name: 'Annotation', exact: true }).click()
  await page.getByRole('textbox', { name: 'What happened' }).fill('Spring sale began')
  const day = daysAgo(5).toISOString().slice(0, 10)
  await page.getByLabel('When').fill(`${day}T00:30`)
  await page.getByText('By the clock of Asia/Kolkata.').waitFor()
  await checked(page, 'a new annotation', problems)
  await shoot(page, 'annotation-new')
  await page.getByRole('button', { name: 'Save', exact: true }).last().click()
  const remark = page.getByRole('button', { name: `${day} Spring sale began` })
  await remark.waitFor()
  const [kept] = (await asked(page, '/api/projects/1/annotations')).results
  assert.equal(kept.content, 'Spring sale began')
  assert.equal(new Date(kept.date_marker).toISOString(), new Date(`${day}T00:30+05:30`).toISOString())
  await page.waitForTimeout(400)
  await shoot(page, 'annotation-chart')
  await checked(page, 'an annotated chart', problems)

  await remark.click()
  await page.getByRole('textbox', { name: 'What happened' }).fill('Summer sale began')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: `${day} Summer sale began` }).waitFor()
  // What happened before the range is no part of its chart.
  await page.getByRole('button', { name: /^Dates/ }).click()
  await page.getByRole('button', { name: 'Today' }).click()
  await page.getByRole('button', { name: /Summer sale began/ }).waitFor({ state: 'detached' })
}

async function inTheList({ page, problems }) {
  await page.goto(at('data/annotations'))
  await page.getByRole('cell', { name: 'Summer sale began', exact: true }).waitFor()
  await page.getByRole('button', { name: 'New annotation' }).click()
  await page.getByRole('textbox', { name: 'What happened' }).fill(HOSTILE)
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await page.getByRole('cell', { name: HOSTILE, exact: true }).waitFor()
  await shoot(page, 'annotations')
  await checked(page, 'annotations', problems)
}

async function onADashboard({ page, problems }) {
  const query = { kind: 'InsightVizNode', source: { kind: 'TrendsQuery', series: [{ kind: 'EventsNode', event: '$pageview' }], dateRange: { date_from: '-14d' }, interval: 'day' } }
  const insight = await asked(page, '/api/projects/1/insights', { method: 'POST', body: { name: 'Views', query } })
  const dashboard = await asked(page, '/api/projects/1/dashboards', { method: 'POST', body: { name: 'All', tiles: [{ insight: insight.id }] } })
  await page.goto(at(`dashboards/${dashboard.short_id}`))
  await page.locator('canvas').waitFor()
  await page.waitForTimeout(500)
  await shoot(page, 'annotation-dashboard')
  await checked(page, 'an annotated dashboard', problems)
  await page.goto(at(`insights/${insight.short_id}`))
  await page.getByRole('button', { name: /Summer sale began/ }).waitFor()
}

async function everyLook({ page, problems }, look) {
  for (const [name, path] of Object.entries({ list: 'data/annotations', chart: 'insights/new' })) {
    await page.goto(at(path))
    await page.getByText('Summer sale began').first().waitFor()
    await settled(page)
    await page.waitForTimeout(300)
    await checked(page, `annotations ${name} ${look}`, problems)
    await shoot(page, `annotations-${name}-${look}`)
  }
  assert.equal(await page.evaluate(() => window.__hostile ?? null), null, 'an annotation ran script')
}

async function deleteIt({ page, problems }) {
  await page.goto(at('data/annotations'))
  await page.getByRole('button', { name: 'Change: Summer sale began' }).click()
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('cell', { name: 'Summer sale began', exact: true }).waitFor({ state: 'detached' })
  await checked(page, 'after deleting', problems)
}

await walked({ found, steps: { someEvents, onAChart, inTheList, onADashboard }, looks: everyLook, last: { deleteIt } })
