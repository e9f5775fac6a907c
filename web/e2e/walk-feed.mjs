// The live feed by properties, and visitors without cookies.
// node walk-feed.mjs LINK PROJECT_KEY [FOLDER_FOR_SCREENSHOTS]
import assert from 'node:assert/strict'
import { asked, walked, walker } from './walker.mjs'

const [link, key, shots] = process.argv.slice(2)
const { origin, found, send, ingested, settled, shoot, checked } = walker({ link, key, shots })
const at = (path) => `${origin}/project/1/${path}`
const HOSTILE = '<img src=x onerror="window.__hostile=1">'

const order = (plan, total) => ({ event: 'order', distinct_id: `of ${plan}`, properties: { plan, total, $current_url: 'https://shop.example/cart' } })

async function someEvents({ page }) {
  await page.goto(link)
  await page.getByRole('heading', { name: 'Get started' }).waitFor()
  assert.equal((await send([order('pro', 20), order('free', 5), order(HOSTILE, 1), { event: 'visit', distinct_id: 'me' }])).status, 200)
  await ingested()
}

async function chips({ page, problems }) {
  await page.goto(at('activity'))
  await page.getByRole('button', { name: /of pro/ }).waitFor()
  await page.getByRole('button', { name: /^Properties.*on the rows$/ }).click()
  for (const name of ['plan', 'total']) {
    await page.getByRole('combobox', { name: /: search$/ }).fill(name)
    await page.getByRole('option', { name, exact: true }).waitFor()
    await page.keyboard.press('Enter')
  }
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /of pro.*plan pro total 20/ }).waitFor()
  await page.getByRole('button', { name: /visit/ }).waitFor()
  await checked(page, 'chips', problems)
  await shoot(page, 'feed-chips')
}

async function filters({ page, problems }) {
  await page.getByRole('button', { name: 'Filter by a property' }).click()
  await page.getByRole('combobox', { name: /: search$/ }).fill('plan')
  await page.getByRole('option', { name: 'plan', exact: true }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /^Filter 1, values/ }).click()
  await page.getByRole('combobox', { name: /: search$/ }).fill('pro')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /of free/ }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: /of pro/ }).waitFor()
  await checked(page, 'a filter', problems)
  await shoot(page, 'feed-filter')
  // What arrives is filtered as well, and a link shows the same.
  await page.getByText('Live', { exact: true }).waitFor()
  await send([order('free', 6), order('pro', 21)])
  await page.getByRole('button', { name: /total 21/ }).waitFor()
  assert.equal(await page.getByRole('button', { name: /total 6/ }).count(), 0)
  await page.reload()
  await page.getByRole('button', { name: /total 21/ }).waitFor()
  assert.equal(await page.getByRole('button', { name: /of free/ }).count(), 0)
  await page.getByRole('button', { name: 'Remove Filter 1' }).click()
  await page.getByRole('button', { name: /total 6/ }).waitFor()
  assert.equal(await page.evaluate(() => window.__hostile ?? null), null, 'a value ran script')
}

async function cookieless({ page, problems }) {
  await page.goto(at('settings/privacy'))
  const choice = page.getByRole('combobox', { name: 'Events of SDKs in cookieless mode' })
  await page.getByText('cookieless_team_disabled').waitFor()
  await choice.selectOption('2')
  await page.getByText('A session ends after 30 minutes').waitFor()
  await page.getByText("cookieless_mode: 'always'").waitFor()
  await checked(page, 'cookieless', problems)
  await shoot(page, 'cookieless')
  assert.equal((await asked(page, '/api/projects/1')).cookieless_server_hash_mode, 2)
}

async function everyLook({ page, problems }, look) {
  const filter = encodeURIComponent(JSON.stringify([{ key: 'total', type: 'event', operator: 'gt', value: '0' }]))
  for (const [name, path] of Object.entries({ feed: `activity?show=plan&show=total&filters=${filter}`, privacy: 'settings/privacy' })) {
    await page.goto(at(path))
    await page.getByText(name === 'feed' ? /of pro/ : 'A session ends').first().waitFor()
    await settled(page)
    await checked(page, `${name} ${look}`, problems)
    await shoot(page, `${name}-${look}`)
  }
}

await walked({ found, steps: { someEvents, chips, filters, cookieless }, looks: everyLook })
