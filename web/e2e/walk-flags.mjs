// Walks through feature flags and surveys, and asks the server as SDKs do whether it obeys.
// node walk-flags.mjs LINK PROJECT_KEY [FOLDER_FOR_SCREENSHOTS]
import assert from 'node:assert/strict'
import { choose, walked, walker } from './walker.mjs'

const [link, key, shots] = process.argv.slice(2)
const { origin, found, ingested, settled, shoot, checked, checkedHarmless } = walker({ link, key, shots })
const at = (path) => `${origin}/project/1/${path}`

/** What an SDK is told of one flag. */
async function told(flag, distinctId) {
  const answer = await fetch(`${origin}/flags/?v=2`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: key, distinct_id: distinctId }),
  })
  return (await answer.json()).flags[flag]
}

/** The edge reads what the core has published a moment later. */
async function toldAtLast(flag, distinctId, expected) {
  let last
  for (let tries = 0; tries < 100; tries += 1) {
    last = await told(flag, distinctId)
    if (expected(last)) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  assert.fail(`${flag} is still ${JSON.stringify(last)}`)
}

async function signIn({ page }) {
  await page.goto(link)
  await page.getByRole('heading', { name: 'Get started' }).waitFor()
  await page.goto(at('flags'))
  await page.getByText('No feature flags yet').waitFor()
  await shoot(page, 'flags-empty')
  const loaded = await page.evaluate(async () => (await fetch('/api/projects/1/demo', { method: 'POST' })).status)
  assert.equal(loaded, 200)
  await ingested()
}

async function makeAFlag({ page, problems }) {
  await page.goto(at('flags'))
  await page.getByRole('link', { name: 'New flag' }).click()
  await page.getByRole('button', { name: 'Make the flag' }).click()
  await page.getByText('A flag needs a key.').waitFor()
  await page.getByLabel('Key', { exact: true }).fill('no spaces')
  await page.getByText('Only letters, digits').waitFor()
  await page.getByLabel('Key', { exact: true }).fill('new-checkout')
  await page.getByRole('button', { name: 'Make the flag' }).click()
  await page.getByText('There is already a feature flag with this key.').waitFor()
  // The browser tells of the refusal too.
  problems.length = 0
  await page.getByLabel('Key', { exact: true }).fill('gift-wrap')
  await page.getByLabel('Description', { exact: true }).fill('Wrap orders as gifts')
  await page.getByRole('radio', { name: /Several variants/ }).check()
  await page.getByLabel('Share of variant 1 in percent').fill('40')
  await page.getByText('The shares add up to 90%, not to 100%.').waitFor()
  await page.getByLabel('Share of variant 2 in percent').fill('60')
  await page.getByLabel('Key of variant 2').fill('ribbon')
  await page.getByLabel('Payload of ribbon').fill('{"colour": red}')
  await page.getByText('This is not JSON.').waitFor()
  await page.getByLabel('Payload of ribbon').fill('{"colour": "red"}')
  await choose(page, /add to Set 1$/, 'email')
  await page.getByRole('button', { name: /^Condition 1 of Set 1, values/ }).click()
  await page.getByRole('combobox', { name: /: search$/ }).fill('ada@example.com')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await page.getByLabel('Rollout of Set 1', { exact: true }).fill('100')
  await page.getByLabel('They get').selectOption('ribbon')
  await page.getByRole('button', { name: 'Add a set' }).click()
  await page.getByLabel('Rollout of Set 2', { exact: true }).fill('50')
  await page.getByRole('button', { name: 'Move Set 2 up' }).click()
  await page.getByRole('button', { name: 'Move Set 1 down' }).click()
  await shoot(page, 'flag-made')
  await checked(page, 'a new flag', problems)
  await page.getByRole('button', { name: 'Make the flag' }).click()
  await page.getByRole('heading', { name: 'gift-wrap', level: 1 }).waitFor()
  await toldAtLast('gift-wrap', 'nobody-special', (flag) => flag !== undefined)
}

async function whoGetsIt({ page, problems }) {
  await choose(page, /^Person: /, 'somebody')
  await settled(page)
  // The page says what an SDK is told.
  for (const id of ['somebody', 'somebody-else', 'a-third']) {
    await page.getByRole('button', { name: /^Person: / }).click()
    await page.getByRole('combobox', { name: /: search$/ }).fill(id)
    await page.keyboard.press('Enter')
    const flag = await told('gift-wrap', id)
    const aside = page.getByRole('complementary')
    await aside.getByText(flag.enabled ? flag.variant : 'Off', { exact: true }).waitFor()
    await aside.getByText(flag.enabled ? 'Set 2 matches.' : /the percentage leaves this one out/).waitFor()
  }
  await checked(page, 'who gets it', problems)
}

async function editAndSwitch({ page, problems }) {
  await page.getByLabel('Rollout of Set 2', { exact: true }).fill('100')
  await page.getByText('As it is saved, not as it is being edited.').waitFor()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Your changes are not saved yet.').waitFor({ state: 'detached' })
  for (const id of ['somebody', 'somebody-else', 'a-third']) {
    await toldAtLast('gift-wrap', id, (flag) => flag.enabled && ['control', 'ribbon'].includes(flag.variant))
  }
  await page.getByRole('switch', { name: 'On', exact: true }).click()
  await page.getByText('Off for everyone', { exact: true }).waitFor()
  await toldAtLast('gift-wrap', 'somebody', (flag) => !flag.enabled && flag.reason.code === 'flag_disabled')

  await page.goto(at('flags'))
  const row = page.getByRole('row', { name: /gift-wrap/ })
  await row.getByRole('switch').click()
  await page.getByText('gift-wrap is on.').waitFor()
  await toldAtLast('gift-wrap', 'somebody', (flag) => flag.enabled)
  await shoot(page, 'flags-switched')
  await checked(page, 'a switched flag', problems)
  await page.getByRole('button', { name: 'Undo' }).click()
  await toldAtLast('gift-wrap', 'somebody', (flag) => !flag.enabled)
  await page.getByRole('button', { name: 'Delete gift-wrap' }).click()
  await page.getByText('gift-wrap is deleted.').waitFor()
  await row.waitFor({ state: 'detached' })
  await toldAtLast('gift-wrap', 'somebody', (flag) => flag === undefined)
  await page.getByRole('button', { name: 'Undo' }).click()
  await row.getByRole('link', { name: 'gift-wrap' }).click()
  await page.getByRole('tab', { name: 'History' }).click()
  await page.getByText('It was brought back.').waitFor()
  await page.getByText(/^Released to: People where email is ada@example.com, as ribbon; or everyone/).waitFor()
  await shoot(page, 'flag-history')
  await checked(page, 'the history of a flag', problems)
}

/** Somebody else changes the flag while it is edited here: nothing of theirs is lost. */
async function conflict({ page, problems }) {
  await page.getByRole('tab', { name: 'Definition' }).click()
  await page.getByLabel('Description', { exact: true }).fill('Mine')
  const id = new URL(page.url()).pathname.split('/').pop()
  await page.evaluate(
    (flag) =>
      fetch(`/api/projects/1/feature_flags/${flag}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'Theirs' }),
      }),
    id,
  )
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText(/The flag was changed meanwhile/).waitFor()
  await page.getByRole('button', { name: 'Discard' }).click()
  await page.getByText('Theirs', { exact: true }).waitFor()
  assert.equal(await page.getByLabel('Description', { exact: true }).inputValue(), 'Theirs')
  // The browser tells of the refusal too.
  problems.length = 0
}

async function byGroup({ page, problems }) {
  await page.goto(at('flags/new'))
  await page.getByLabel('Key', { exact: true }).fill('wholesale')
  await page.getByLabel('Decided for').selectOption({ label: 'Each company' })
  await choose(page, /add to Set 1$/, 'industry')
  await page.getByRole('button', { name: /^Condition 1 of Set 1, values/ }).click()
  await page.getByRole('combobox', { name: /: search$/ }).fill('landscaping')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await page.getByLabel('Rollout of Set 1', { exact: true }).fill('100')
  await page.getByRole('button', { name: 'Make the flag' }).click()
  await page.getByText('For: Each company where industry is landscaping').waitFor()
  await choose(page, /^Person: /, 'anybody')
  const aside = page.getByRole('complementary')
  await aside.getByText(/none of that type was given/).waitFor()
  await aside.getByLabel('Key of the company').fill('greenline')
  await aside.getByText('Set 1 matches.').waitFor()
  await aside.getByLabel('Key of the company').fill('courtyard')
  await aside.getByText('No set of conditions matches.').waitFor()
  await checked(page, 'a flag by company', problems)
}

async function usage({ page, problems }) {
  await page.goto(at('flags?search=new-checkout'))
  await page.getByRole('link', { name: 'new-checkout' }).click()
  await page.getByRole('tab', { name: 'Usage' }).click()
  await page.locator('canvas').waitFor()
  await settled(page)
  // The digits are the API's.
  const counts = await page.evaluate(async () => {
    const query = {
      kind: 'HogQLQuery',
      query:
        "SELECT properties.$feature_flag_response AS answer, count() FROM events WHERE event = '$feature_flag_called' AND properties.$feature_flag = 'new-checkout' AND timestamp >= toStartOfDay(now() - INTERVAL 30 DAY) GROUP BY answer ORDER BY answer",
    }
    const answer = await fetch('/api/projects/1/query', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    return (await answer.json()).results
  })
  assert.deepEqual(counts.map(([variant]) => variant), ['control', 'test'])
  for (const [variant, count] of counts) {
    await page.getByRole('button', { name: `${variant}, in all: ${count.toLocaleString('en-US')}. Who?` }).waitFor()
  }
  await shoot(page, 'flag-usage')
  await checked(page, 'the usage of a flag', problems)
}

const HOSTILE = '<img src=x onerror="window.__hostile=1">'

async function hostile({ page, problems }) {
  const made = await page.evaluate(async (text) => {
    const post = async (path, body) => {
      const answer = await fetch(`/api/projects/1/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      return answer.json()
    }
    const properties = [{ key: text, type: 'person', operator: 'exact', value: [text] }]
    return post('feature_flags', {
      key: 'hostile',
      name: text,
      filters: {
        groups: [{ properties, rollout_percentage: 50 }],
        multivariate: { variants: [{ key: text, name: text, rollout_percentage: 100 }] },
        payloads: { [text]: JSON.stringify(text) },
      },
    })
  }, HOSTILE)
  for (const path of ['flags', `flags/${made.id}`, `flags/${made.id}?tab=history`]) {
    await page.goto(at(path))
    await settled(page)
    await checkedHarmless(page, path)
  }
  for (const problem of problems.splice(0)) found.push(`hostile: ${problem}`)
}

async function everyPage({ page, problems }, suffix) {
  await page.goto(at('flags'))
  await page.getByRole('link', { name: 'free-delivery' }).click()
  await choose(page, /^Person: /, 'somebody')
  await page.getByRole('complementary').getByRole('status').waitFor()
  await settled(page)
  await checked(page, `a flag ${suffix}`, problems)
  await shoot(page, `flag-${suffix}`)
}

await walked({
  found,
  steps: { signIn, makeAFlag, whoGetsIt, editAndSwitch, conflict, byGroup, usage },
  looks: everyPage,
  last: { hostile },
})
