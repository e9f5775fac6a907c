// Walks the web app as a newcomer does, against a server that has just started.
// node walk.mjs LINK PROJECT_KEY [FOLDER_FOR_SCREENSHOTS]
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { hostileEvents } from './hostile.mjs'
import { choose, walked, walker } from './walker.mjs'

const [link, key, shots] = process.argv.slice(2)
const { origin, found, send, ingested, settled, shoot, checked, checkedHarmless } = walker({ link, key, shots })

const PAGES = [
  ['start', 'Get started'],
  ['activity', 'Activity'],
  ['home', 'A shop at a glance'],
  ['dashboards', 'Dashboards'],
  ['web', 'Web analytics'],
  ['insights', 'Insights'],
  ['insights/new', 'New insight'],
  ['people', 'People'],
  ['replay', 'Session replay'],
  ['groups/0', 'People'],
  ['flags', 'Feature flags'],
  ['flags/new', 'New feature flag'],
  ['surveys', 'Surveys'],
  ['surveys/new', 'New survey'],
  ['data/events', 'Data'],
  ['data/properties', 'Data'],
  ['data/warnings', 'Data'],
  ['data/dead-letters', 'Data'],
  ['data/transfer', 'Data'],
  ['sql', 'SQL'],
  ['settings/project', 'Settings'],
  ['settings/privacy', 'Settings'],
  ['settings/keys', 'Settings'],
  ['settings/members', 'Settings'],
  ['settings/account', 'Settings'],
  ['settings/health', 'Settings'],
]

async function firstMinutes({ page, problems }) {
  await page.goto(link)
  await page.getByRole('heading', { name: 'Get started' }).waitFor()
  assert.ok(!page.url().includes('token'), 'the token stays in no history')
  await page.getByText('Waiting for your first event').waitFor()
  await shoot(page, 'start-waiting')

  const refused = await send([{ event: 'lost', distinct_id: 'me' }], 'phc_a_wrong_key')
  assert.equal(refused.status, 401)
  await page.getByText('An event came with a wrong key').waitFor()
  await page.getByText('phc_a_wrong_key').first().waitFor()
  await shoot(page, 'start-wrong-key')

  await page.getByRole('button', { name: 'Send a test event' }).click()
  await page.getByText('Event received:').waitFor()
  await checked(page, 'first event', problems)

  await page.getByRole('button', { name: 'Load it here anyway' }).or(
    page.getByRole('button', { name: 'Load demo data' })).first().click()
  await page.getByRole('heading', { name: 'Activity' }).waitFor()
}

async function followAPerson({ page, problems }) {
  await ingested()
  await page.goto(`${origin}/project/1/activity`)
  await page.getByText('Live', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Pause' }).click()
  await send([{ event: 'followed', distinct_id: 'walker', properties: { plan: 'pro', $set: { email: 'walker@example.com' } } }])
  await page.getByRole('button', { name: /1 new, resume/ }).click()
  const row = page.getByRole('button', { name: /followed/ })
  await row.click()
  await page.getByRole('rowheader', { name: 'plan' }).waitFor()
  await shoot(page, 'activity-open')
  await checked(page, 'an open event', problems)
  await page.getByRole('tab', { name: 'Raw JSON' }).click()
  await page.getByText('"plan": "pro"').waitFor()
  await page.getByRole('link', { name: 'Open person' }).click()
  await page.getByRole('heading', { name: 'walker@example.com' }).waitFor()
  await page.getByRole('button', { name: /followed/ }).waitFor()

  // A merge is seen at once: what the anonymous visitor did belongs to the person.
  await send([{ event: 'before', distinct_id: 'anonymous-1' }])
  await send([{ event: '$identify', distinct_id: 'walker', properties: { $anon_distinct_id: 'anonymous-1' } }])
  await ingested()
  await page.reload()
  await page.getByRole('button', { name: /before/ }).waitFor()
  await page.getByRole('tab', { name: 'Distinct ids' }).click()
  await page.getByText('anonymous-1').waitFor()
  await checked(page, 'person', problems)
}

async function aRichPerson({ page }, name) {
  await page.goto(`${origin}/project/1/people?search=example.com`)
  await page.locator('table a').nth(3).click()
  await page.getByRole('tab', { name: 'Timeline' }).waitFor()
  await settled(page)
  await shoot(page, name)
}

async function askInSql({ page, problems }) {
  await page.goto(`${origin}/project/1/sql`)
  await page.locator('.cm-content').waitFor()
  await page.locator('.cm-content').click()
  await page.keyboard.press('Control+Enter')
  await page.getByText(/rows? in/).waitFor()
  await page.getByRole('tab', { name: 'Chart' }).click()
  await page.locator('canvas').waitFor()
  await page.waitForTimeout(500)
  await shoot(page, 'sql-chart')
  await checked(page, 'sql chart', problems)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'CSV' }).click()
  const csv = readFileSync(await (await download).path(), 'utf8')
  assert.match(csv, /^day,events,people\r\n/)
  // The page shows the same digits as the API.
  const counted = await page.evaluate(async () => {
    const query = { kind: 'HogQLQuery', query: 'SELECT count() FROM events' }
    const answer = await fetch('/api/projects/1/query', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    return (await answer.json()).results[0][0]
  })
  await page.goto(`${origin}/project/1/sql?q=SELECT%20count()%20FROM%20events`)
  await page.getByRole('button', { name: 'Run' }).click()
  await page.getByRole('cell', { name: String(counted), exact: true }).waitFor()
  await page.goto(`${origin}/project/1/sql?q=SELECT%20nothing%20FROM%20events`)
  await page.getByRole('button', { name: 'Run' }).click()
  await page.getByText('There is no column').waitFor()
  problems.length = 0
}

async function saved(page, name) {
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { name, level: 1 }).waitFor()
}

async function makeATrend({ page, problems }) {
  await page.goto(`${origin}/project/1/insights/new`)
  await choose(page, /^Event of A/, 'order completed')
  await choose(page, /^What to count of A/, 'Unique users')
  await choose(page, /^Breakdown/, 'plan')
  await page.getByRole('button', { name: 'No breakdown' }).click()
  await page.getByRole('button', { name: /^order completed, in all/ }).waitFor()
  await page.locator('canvas').waitFor()
  await page.waitForTimeout(400)
  await shoot(page, 'trends-made')
  await checked(page, 'a trend', problems)

  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'CSV' }).click()
  const csv = readFileSync(await (await download).path(), 'utf8')
  const total = /\r\norder completed,current,(\d+),/.exec(csv)?.[1]
  // The page shows the digits of the API, and the question is all in the address.
  const query = JSON.parse(new URL(page.url()).searchParams.get('q'))
  const results = await page.evaluate(async (asked) => {
    const answer = await fetch('/api/projects/1/query', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: asked }),
    })
    return (await answer.json()).results
  }, query)
  assert.equal(total, String(results[0].count))
  await page.getByRole('button', { name: `order completed, in all: ${results[0].count.toLocaleString('en-US')}. Who?` }).click()
  await page.getByRole('dialog').getByRole('link').first().waitFor()
  await shoot(page, 'trends-people')
  await checked(page, 'people behind a point', problems)
  await page.keyboard.press('Escape')
  await saved(page, 'People who ordered')
  await page.reload()
  await page.getByRole('heading', { name: 'People who ordered' }).waitFor()
}

async function makeAFunnel({ page, problems }) {
  await page.goto(`${origin}/project/1/insights/new`)
  await page.getByRole('tab', { name: 'Funnel' }).click()
  await page.getByText('A funnel needs two steps').waitFor()
  await choose(page, /^Event of 1/, 'product viewed')
  for (const [number, event] of [[2, 'product added to cart'], [3, 'checkout started'], [4, 'order completed']]) {
    await page.getByRole('button', { name: 'Add a step' }).click()
    await choose(page, new RegExp(`^Event of ${number}`), event)
  }
  const dropped = page.getByRole('button', { name: /left before order completed/ })
  await dropped.waitFor()
  await settled(page)
  await shoot(page, 'funnel-made')
  await checked(page, 'a funnel', problems)
  await dropped.click()
  await page.getByRole('dialog').getByRole('link').first().click()
  await page.getByRole('tab', { name: 'Timeline' }).waitFor()
  await page.goBack()
  await page.getByRole('tab', { name: 'Funnel', selected: true }).waitFor()
  await saved(page, 'From a look to an order')
}

async function makeADashboard({ page, problems }) {
  await page.goto(`${origin}/project/1/home`)
  await page.getByRole('region', { name: 'Who comes back' }).waitFor()
  await page.getByText(/^Computed/).nth(4).waitFor()
  await page.waitForTimeout(400)
  await shoot(page, 'home-default')
  await checked(page, 'home without a dashboard', problems)
  await page.goto(`${origin}/project/1/dashboards`)
  await page.getByRole('button', { name: 'New dashboard' }).first().click()
  await page.getByRole('textbox', { name: 'Name' }).fill('A shop at a glance')
  await page.getByRole('button', { name: 'Make it' }).click()
  await page.getByRole('heading', { name: 'A shop at a glance' }).waitFor()
  for (const name of ['From a look to an order', 'People who ordered']) {
    await page.getByRole('button', { name: 'Add an insight' }).first().click()
    await page.getByRole('button', { name: `Add ${name}` }).click()
    await page.getByRole('region', { name }).waitFor()
  }
  await page.getByRole('button', { name: 'More for this dashboard' }).click()
  await page.getByRole('button', { name: 'Add text' }).click()
  await page.getByRole('textbox', { name: 'Text' }).fill('Orders are counted when they are paid.')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText('Orders are counted').waitFor()
  await page.getByRole('button', { name: 'More for this dashboard' }).click()
  await page.getByRole('button', { name: 'Show on home' }).click()
  await page.getByRole('button', { name: 'More for this dashboard' }).click()
  await page.getByRole('button', { name: 'Take off home' }).waitFor()
  await page.keyboard.press('Escape')
  await settled(page)
  await shoot(page, 'dashboard')
  await checked(page, 'a dashboard', problems)
}

async function otherInsights({ page, problems }) {
  for (const kind of ['Retention', 'Paths', 'Stickiness', 'Lifecycle']) {
    await page.goto(`${origin}/project/1/insights/new`)
    await page.getByRole('tab', { name: kind }).click()
    await page.getByText(/^Computed/).waitFor()
    await settled(page)
    await checked(page, kind, problems)
    await shoot(page, `insight-${kind.toLowerCase()}`)
  }
}

async function everyPage({ page, problems }, suffix) {
  for (const [path, title] of PAGES) {
    await page.goto(`${origin}/project/1/${path}`)
    await page.getByRole('heading', { name: title, level: 1 }).waitFor()
    await settled(page)
    await checked(page, `${path} ${suffix}`, problems)
    await shoot(page, `${path.replace('/', '-')}-${suffix}`)
  }
}

async function hostile({ page, problems }) {
  const answer = await send(hostileEvents())
  assert.equal(answer.status, 200)
  await ingested()
  for (const path of ['activity', 'people', 'data/events', 'data/properties', 'data/warnings', 'groups/0', 'groups/2']) {
    await page.goto(`${origin}/project/1/${path}`)
    await settled(page)
    if (path === 'activity') {
      const rows = page.locator('.feed-line')
      for (let row = 0; row < 12; row += 1) await rows.nth(row).click()
    }
    await checkedHarmless(page, path)
  }
  await page.goto(`${origin}/project/1/sql?q=${encodeURIComponent("SELECT event, properties, distinct_id FROM events WHERE properties.hostile = 'yes'")}`)
  await page.getByRole('button', { name: 'Run' }).click()
  await page.getByText(/rows? in/).waitFor()
  await checkedHarmless(page, 'sql')
  for (const problem of problems.splice(0)) found.push(`hostile: ${problem}`)
}

async function account({ page, problems }) {
  await page.goto(`${origin}/project/1/settings/account`)
  await page.getByLabel('Name').fill('Ada Adler')
  await page.getByLabel('E-mail address').fill('ada@example.com')
  await page.getByLabel('Password').fill('correct horse battery')
  await page.getByRole('button', { name: 'Make the account' }).last().click()
  await page.getByRole('button', { name: 'Sign out Ada Adler' }).click()
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  await shoot(page, 'sign-in')
  await checked(page, 'sign in', problems)
  await page.getByLabel('E-mail address').fill('ada@example.com')
  await page.getByLabel('Password').fill('wrong horse battery')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('The address or the password is wrong.').waitFor()
  problems.length = 0
  await page.getByLabel('Password').fill('correct horse battery')
  await page.getByRole('button', { name: 'Sign in' }).click()
  // Signed in again, one is where one was.
  await page.getByRole('heading', { name: 'Settings' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Search pages and people' }).fill('sql')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'SQL' }).waitFor()
}

await walked({
  found,
  steps: { firstMinutes, followAPerson, askInSql, makeATrend, makeAFunnel, otherInsights, makeADashboard, account },
  looks: async (opened, suffix) => {
    await everyPage(opened, suffix)
    await aRichPerson(opened, `person-${suffix}`)
    await checked(opened.page, `person ${suffix}`, opened.problems)
  },
  last: { hostile },
})
