// Walks insights, dashboards and web analytics on the demo shop, comparing numbers with the API.
// node walk-insights.mjs LINK [FOLDER_FOR_SCREENSHOTS]
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { accessibilityProblems, openBrowser, openPage, sidewaysPixels } from './browser.mjs'

const [link, shots] = process.argv.slice(2)
const { origin } = new URL(link)
const at = (path) => `${origin}/project/1/${path}`
const found = []
if (shots) mkdirSync(shots, { recursive: true })

const shown = (value) => value.toLocaleString('en-US', { maximumFractionDigits: 2 })

/** The API's answer, asked as the page asks. */
async function ask(page, query) {
  return page.evaluate(async (asked) => {
    const answer = await fetch('/api/projects/1/query', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: asked }),
    })
    return answer.json()
  }, query)
}

const askedIn = (page) => JSON.parse(new URL(page.url()).searchParams.get('q'))

async function settled(page) {
  await page.locator('.skeleton').first().waitFor({ state: 'detached' })
  await page.waitForTimeout(300)
}

async function looked({ page, problems }, name) {
  await settled(page)
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`) })
  const sideways = await sidewaysPixels(page)
  if (sideways > 0) found.push(`${name}: ${sideways} px stick out to the right`)
  for (const problem of await accessibilityProblems(page)) found.push(`${name}: ${problem}`)
  for (const problem of problems.splice(0)) found.push(`${name}: ${problem}`)
}

async function choose(page, button, text) {
  await page.getByRole('button', { name: button }).click()
  await page.getByRole('combobox', { name: /: search$/ }).fill(text)
  await page.keyboard.press('Enter')
}

async function saved(page, name) {
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { name, level: 1 }).waitFor()
}

async function drawings(opened) {
  const { page } = opened
  await page.goto(at('insights/new'))
  const display = page.getByRole('combobox', { name: 'Shown as' })
  await display.selectOption('WorldMap')
  await page.getByRole('rowheader', { name: /Germany/ }).waitFor()
  await page.locator('canvas').waitFor()
  const germany = (await ask(page, askedIn(page))).results.find((item) => item.breakdown_value === 'DE')
  await page.getByRole('button', { name: `Germany, in all: ${shown(germany.aggregated_value)}. Who?` }).waitFor()
  await looked(opened, 'insight-map')

  await display.selectOption('CalendarHeatmap')
  const [busiest] = (await ask(page, askedIn(page))).results
  const [day, hour] = busiest.breakdown_value
  const name = ['', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'][day]
  const cell = `${name}, ${hour.padStart(2, '0')}:00: ${shown(busiest.aggregated_value)}. Who?`
  await page.getByRole('button', { name: cell }).click()
  await page.getByRole('dialog').getByRole('link').first().waitFor()
  await page.keyboard.press('Escape')
  await looked(opened, 'insight-calendar')

  await display.selectOption('area')
  await page.getByRole('combobox', { name: 'Interval' }).waitFor()
  await looked(opened, 'insight-area')
}

async function compared(opened) {
  const { page } = opened
  await page.goto(at('insights/new'))
  await page.getByRole('combobox', { name: 'Compared with' }).selectOption('own')
  await page.getByRole('spinbutton', { name: 'How long before' }).fill('10')
  await page.keyboard.press('Enter')
  await page.waitForURL(/-10w/)
  await page.getByRole('combobox', { name: 'Unit of how long before' }).selectOption('d')
  await page.waitForURL(/-10d/)
  const [now, before] = (await ask(page, askedIn(page))).results
  const percent = Math.round((100 * (now.count - before.count)) / before.count)
  await page.getByTitle(`${shown(now.count)} against ${shown(before.count)}`).getByText(`${percent > 0 ? '+' : ''}${shown(percent)}%`).waitFor()
  await looked(opened, 'insight-compared')
}

async function severalBreakdowns(opened) {
  const { page } = opened
  await page.goto(at('insights/new'))
  await choose(page, /^Breakdown:/, '$browser')
  await choose(page, /^One more breakdown/, '$device_type')
  await page.getByRole('rowheader', { name: /Chrome, Desktop/ }).waitFor()
  await page.getByRole('combobox', { name: 'Values of the breakdown' }).selectOption('5')
  await page.getByRole('checkbox', { name: 'Other' }).uncheck()
  await page.waitForURL(/hide_other/)
  await settled(page)
  const { results } = await ask(page, askedIn(page))
  assert.equal(results.length, 5)
  for (const { breakdown_value: value, count } of results) {
    await page.getByRole('button', { name: `${value.join(', ')}, in all: ${shown(count)}. Who?` }).waitFor()
  }
  await looked(opened, 'insight-two-breakdowns')
}

async function attributedToAStep(opened) {
  const { page } = opened
  await page.goto(at('insights/new'))
  await page.getByRole('tab', { name: 'Funnel' }).click()
  await page.getByRole('button', { name: 'Add a step' }).click()
  await choose(page, /^Event of 2/, 'order completed')
  await choose(page, /^Breakdown:/, '$browser')
  await page.getByRole('combobox', { name: "A person's value" }).selectOption({ label: 'By the value on 2. order completed' })
  await page.waitForURL(/breakdownAttributionValue/)
  assert.equal(askedIn(page).funnelsFilter.breakdownAttributionType, 'step')
  await looked(opened, 'insight-attributed')
  // The series go along to another kind and back.
  await page.getByRole('tab', { name: 'Trends' }).click()
  await page.getByRole('button', { name: /^Event of B: order completed/ }).waitFor()
  await page.getByRole('tab', { name: 'Funnel' }).click()
  await page.getByRole('button', { name: /^Event of 2: order completed/ }).waitFor()
}

async function filteredRetention(opened) {
  const { page } = opened
  await page.goto(at('insights/new'))
  await page.getByRole('tab', { name: 'Retention' }).click()
  await page.getByText(/^Computed/).waitFor()
  await choose(page, /^Filter: Event that starts: add/, '$browser')
  await choose(page, /^Event that starts 1, values/, 'Firefox')
  await page.keyboard.press('Escape')
  await page.waitForURL(/Firefox/)
  await settled(page)
  const query = askedIn(page)
  assert.deepEqual(query.retentionFilter.targetEntity.properties[0].value, ['Firefox'])
  const largest = (await ask(page, query)).results.map(({ values }) => values[0].count).sort((one, two) => two - one)[0]
  await page.getByRole('button', { name: new RegExp(`${largest} of ${largest}`) }).first().waitFor()
  await looked(opened, 'insight-retention-filtered')
}

async function sqlInsight(opened) {
  const { page } = opened
  await page.goto(at('insights/new'))
  await page.getByRole('tab', { name: 'SQL' }).click()
  await page.locator('canvas').waitFor()
  await page.getByRole('tab', { name: 'Table' }).click()
  await page.getByRole('columnheader', { name: 'people' }).waitFor()
  const { source } = askedIn(page)
  const [first] = (await ask(page, source)).results
  for (const value of first) await page.getByRole('cell', { name: String(value), exact: true }).first().waitFor()
  await looked(opened, 'insight-sql')
  await page.getByRole('tab', { name: 'Chart' }).click()
  await saved(page, 'Events by SQL')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'CSV' }).click()
  assert.match(readFileSync(await (await download).path(), 'utf8'), /^day,events,people\r\n/)
}

const WALKS = { drawings, compared, severalBreakdowns, attributedToAStep, filteredRetention, sqlInsight }

const browser = await openBrowser()
const opened = await openPage(browser)
opened.page.setDefaultTimeout(20_000)
let step = 'sign in'
try {
  await opened.page.goto(link)
  await opened.page.getByRole('navigation', { name: 'Pages' }).waitFor()
  for (const [name, walk] of Object.entries(WALKS)) {
    step = name
    await walk(opened)
  }
} catch (error) {
  found.push(`${step}: ${error.stack}`, `at ${opened.page.url()}`, ...opened.problems)
  await opened.page.screenshot({ path: '/tmp/hedgerow-insights-failure.png' }).catch(() => undefined)
} finally {
  await browser.close()
}
for (const problem of found) process.stderr.write(`${problem}\n`)
process.exitCode = found.length > 0 ? 1 : 0
