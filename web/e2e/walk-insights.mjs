// Walks insights, dashboards and web analytics on the demo shop, comparing numbers with the API.
// node walk-insights.mjs LINK PROJECT_KEY [FOLDER_FOR_SCREENSHOTS]
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { asked, choose, walked, walker } from './walker.mjs'

const [link, key, shots] = process.argv.slice(2)
const { origin, found, settled: drawn, shoot, checked } = walker({ link, key, shots })
const at = (path) => `${origin}/project/1/${path}`

const shown = (value) => value.toLocaleString('en-US', { maximumFractionDigits: 2 })

/** The API's answer, asked as the page asks. */
const ask = (page, query) => asked(page, '/api/projects/1/query', { method: 'POST', body: { query } })

const askedIn = (page) => JSON.parse(new URL(page.url()).searchParams.get('q'))

async function settled(page) {
  await drawn(page)
  await page.locator('.refreshing').first().waitFor({ state: 'detached' })
  await page.waitForTimeout(150)
}

async function looked({ page, problems }, name) {
  await settled(page)
  await shoot(page, name)
  await checked(page, name, problems)
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
  await page.getByRole('checkbox', { name: 'Other', exact: true }).uncheck()
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

/** Tiles by their names, in their order. */
const tileNames = (page) => page.locator('[data-tile]').evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('aria-label')))

async function fromTheMenu(page, text) {
  await page.getByRole('button', { name: 'More for this dashboard' }).click()
  await page.getByRole('button', { name: text }).click()
}

/** The centre of what is shown. */
async function centre(locator) {
  const { x, y, width, height } = await locator.boundingBox()
  return [x + width / 2, y + height / 2]
}

async function drag(page, from, to) {
  await page.mouse.move(...(await centre(from)))
  await page.mouse.down()
  await page.mouse.move(...to, { steps: 8 })
  await page.mouse.up()
}

async function dashboard(opened) {
  const { page } = opened
  await page.goto(at('insights/new'))
  await saved(page, 'Pageviews')
  await page.goto(at('dashboards'))
  await page.getByRole('button', { name: 'New dashboard' }).first().click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Shop')
  await page.getByRole('button', { name: 'Make it' }).click()
  for (const name of ['Pageviews', 'Events by SQL']) {
    await page.getByRole('button', { name: 'Add an insight' }).first().click()
    await page.getByRole('button', { name: `Add ${name}` }).click()
    await page.getByRole('region', { name }).waitFor()
  }
  await fromTheMenu(page, 'Add text')
  await page.getByRole('textbox', { name: 'Text' }).fill('<img src=x onerror=alert(1)> is only text')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText('is only text').waitFor()

  // By key: the text to the front, then wider and higher; the handle keeps the focus.
  const move = page.getByRole('button', { name: /^Move Text/ })
  await move.focus()
  await page.keyboard.press('ArrowLeft')
  await page.getByRole('button', { name: /^Move Text: place 2 of 3/ }).waitFor()
  await page.keyboard.press('ArrowUp')
  await page.getByRole('button', { name: /^Move Text: place 1 of 3/ }).waitFor()
  await page.getByRole('button', { name: /^Size of Text/ }).focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await page.getByRole('button', { name: /^Size of Text: 6 of 6 columns/ }).waitFor()
  await settled(page)
  await page.reload()
  await page.getByRole('region', { name: 'Text' }).waitFor()
  await settled(page)
  assert.deepEqual(await tileNames(page), ['Text', 'Pageviews', 'Events by SQL'])
  await page.getByRole('button', { name: /^Size of Text: 6 of 6 columns/ }).waitFor()

  // By hand: the last over the second, and larger.
  await drag(page, page.getByRole('button', { name: /^Move Events by SQL/ }), await centre(page.getByRole('region', { name: 'Pageviews' })))
  await page.getByRole('button', { name: /^Move Events by SQL: place 2 of 3/ }).waitFor()
  const corner = page.getByRole('button', { name: /^Size of Events by SQL/ })
  await corner.scrollIntoViewIfNeeded()
  const [x, y] = await centre(corner)
  await drag(page, corner, [x + 170, y + 110])
  await page.getByRole('button', { name: /^Size of Events by SQL: 4 of 6 columns, height 2/ }).waitFor()
  await settled(page)
  await page.reload()
  await page.getByRole('region', { name: 'Text' }).waitFor()
  await settled(page)
  assert.deepEqual(await tileNames(page), ['Text', 'Events by SQL', 'Pageviews'])

  // Dates in the address go over every tile, until they are kept.
  await page.getByRole('button', { name: /^Dates/ }).click()
  await page.getByRole('button', { name: 'Last 7 days' }).click()
  await page.waitForURL(/from=-7d/)
  await page.getByRole('button', { name: 'Keep these dates' }).click()
  await page.waitForURL((url) => !url.search.includes('from'))
  await page.getByRole('button', { name: 'Dates: Last 7 days' }).waitFor()
  await page.getByRole('button', { name: /^Refresh all/ }).click()
  await page.getByRole('button', { name: /^Refresh all/ }).and(page.locator(':enabled')).waitFor()
  await looked(opened, 'dashboard-tiles')

  await fromTheMenu(page, 'Full screen')
  await page.waitForFunction(() => document.fullscreenElement?.id === 'content')
  await page.evaluate(() => document.exitFullscreen())
  await page.emulateMedia({ media: 'print' })
  assert.equal(await page.getByRole('navigation', { name: 'Pages' }).isVisible(), false)
  await page.emulateMedia({ media: 'screen' })

  await fromTheMenu(page, 'Name and description')
  await page.getByRole('textbox', { name: 'Description' }).fill('What we look at on Mondays')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await page.getByText('What we look at on Mondays').waitFor()
  await fromTheMenu(page, 'Duplicate')
  await page.getByRole('heading', { name: 'Shop (copy)' }).waitFor()
  await page.getByRole('region', { name: 'Text' }).waitFor()
  await settled(page)
  assert.deepEqual(await tileNames(page), ['Text', 'Events by SQL', 'Pageviews'])
  await page.goto(origin)
  await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor()
}

async function webAnalytics(opened) {
  const { page } = opened
  await page.goto(at('web'))
  const common = { dateRange: { date_from: '-7d', date_to: null }, properties: [] }
  const compareFilter = { compare: true }
  const tiles = (await ask(page, { kind: 'WebOverviewQuery', ...common, compareFilter })).results
  const items = (await ask(page, { kind: 'WebTrendsQuery', interval: 'day', ...common, compareFilter })).results
  await page.getByText('Numbers of the chart').click()
  // What can be added up over days adds up to the tile, and the table has the API's digits.
  for (const [key, title, metric] of [['views', 'Views', 'PageViews'], ['sessions', 'Sessions', 'Sessions']]) {
    const { value } = tiles.find((tile) => tile.key === key)
    assert.equal(items.reduce((sum, { metrics }) => sum + metrics[metric], 0), value)
    await page.getByRole('button', { name: new RegExp(`^${title} ${shown(value)}`) }).click()
    const numbers = page.getByRole('region', { name: `${title}: numbers of the chart` })
    await numbers.getByRole('cell', { name: shown(items[0].metrics[metric]), exact: true }).first().waitFor()
    await numbers.getByRole('cell', { name: shown(items[0].previous.metrics[metric]), exact: true }).first().waitFor()
  }
  await page.getByRole('button', { name: /^Bounce rate/ }).click()
  const bounces = `${items[0].metrics.Bounces.toFixed(1)}%`
  await page.getByRole('region', { name: 'Bounce rate: numbers of the chart' }).getByRole('cell', { name: bounces }).first().waitFor()

  await page.getByRole('button', { name: 'Choose goals' }).click()
  await choose(page, /^Event of the goal/, 'order completed')
  await page.getByRole('textbox', { name: 'Name' }).fill('An order')
  await page.getByRole('button', { name: 'Add the goal' }).click()
  await page.getByRole('button', { name: 'Remove the goal An order' }).waitFor()
  await looked(opened, 'web-goals-dialog')
  await page.getByRole('button', { name: 'Close' }).click()
  const [[, [people]]] = (await ask(page, { kind: 'WebGoalsQuery', ...common, limit: 10 })).results
  await page.getByRole('row', { name: `An order ${shown(people)}` }).waitFor()
  await page.getByRole('tab', { name: 'Outbound' }).click()
  await page.getByText('No clicks on links to other sites').waitFor()
  await page.getByRole('tab', { name: 'Countries' }).click()
  await page.getByRole('button', { name: 'Germany' }).click()
  await page.waitForURL(/geoip_country_code/)
  await page.getByRole('region', { name: 'Visitors by the hour of the week' }).waitFor()
  await looked(opened, 'web')
}

async function columnsForProperties(opened) {
  const { page } = opened
  // What is asked for often is offered.
  for (let limit = 1; limit <= 10; limit += 1) {
    await ask(page, { kind: 'HogQLQuery', query: `SELECT properties.revenue, count() FROM events GROUP BY 1 LIMIT ${limit}` })
  }
  await page.goto(at('data/transfer'))
  await page.getByText('No property has one yet.').waitFor()
  await page.getByRole('listitem').filter({ hasText: 'revenue' }).getByRole('button', { name: 'Give it a column' }).click()
  await page.getByRole('listitem').filter({ hasText: /revenue.*filled/ }).waitFor()
  await choose(page, 'Give a property a column', '$viewport_width')
  await page.getByRole('listitem').filter({ hasText: /viewport_width.*filled/ }).waitFor()
  await looked(opened, 'data-transfer')
  await page.getByRole('button', { name: 'Take the column of $viewport_width away' }).click()
  await page.getByRole('button', { name: 'Take the column of revenue away' }).click()
  await page.getByText('No property has one yet.').waitFor()
}

async function byKey(opened) {
  const { page } = opened
  await page.goto(at('home'))
  await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('w')
  await page.getByRole('heading', { name: 'Web analytics', level: 1 }).waitFor()
  await page.keyboard.press('m')
  await page.getByRole('button', { name: 'Dates: Last 30 days' }).waitFor()
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keys' }).waitFor()
  await looked(opened, 'keys')
  await page.getByRole('switch', { name: 'Keys without Ctrl' }).uncheck()
  await page.keyboard.press('Escape')
  await page.keyboard.press('w')
  await page.getByRole('button', { name: 'Dates: Last 30 days' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: /^Search/ }).fill('events by sql')
  await page.getByRole('option', { name: /Events by SQL/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Events by SQL', level: 1 }).waitFor()
}

async function signIn({ page }) {
  await page.goto(link)
  await page.getByRole('navigation', { name: 'Pages' }).waitFor()
}

await walked({
  found,
  steps: {
    ...{ signIn, drawings, compared, severalBreakdowns, attributedToAStep, filteredRetention, sqlInsight },
    ...{ dashboard, webAnalytics, columnsForProperties, byKey },
  },
})
