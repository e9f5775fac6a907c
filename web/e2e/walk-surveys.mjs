// Walks through surveys: makes one, launches it, answers as an SDK does, and reads the results.
// node walk-surveys.mjs LINK PROJECT_KEY [FOLDER_FOR_SCREENSHOTS]
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { walked, walker } from './walker.mjs'

const [link, key, shots] = process.argv.slice(2)
const { origin, found, send, ingested, settled, shoot, checked, checkedHarmless } = walker({ link, key, shots })
const at = (path) => `${origin}/project/1/${path}`
const HOSTILE = '<img src=x onerror="window.__hostile=1">'

/** The running surveys, as SDKs are told. */
async function running() {
  const answer = await fetch(`${origin}/api/surveys/?token=${key}`)
  return (await answer.json()).surveys
}

/** The edge reads what the core has published a moment later. */
async function runningAtLast(name, expected) {
  for (let tries = 0; tries < 100; tries += 1) {
    const survey = (await running()).find((one) => one.name === name)
    if (Boolean(survey) === expected) return survey
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return assert.fail(`${name} should ${expected ? '' : 'not '}run`)
}

async function signIn({ page }) {
  await page.goto(link)
  await page.getByRole('heading', { name: 'Get started' }).waitFor()
  await page.goto(at('surveys'))
  await page.getByText('No surveys yet').waitFor()
  await shoot(page, 'surveys-empty')
  const loaded = await page.evaluate(async () => (await fetch('/api/projects/1/demo', { method: 'POST' })).status)
  assert.equal(loaded, 200)
  await ingested()
}

async function makeASurvey({ page, problems }) {
  await page.goto(at('surveys'))
  await page.getByRole('link', { name: 'New survey' }).click()
  await page.getByRole('button', { name: 'Make the draft' }).click()
  await page.getByText('A survey needs a name.').waitFor()
  await page.getByLabel('Name', { exact: true }).fill('Why did you leave?')
  const first = page.getByRole('region', { name: 'Question 1' })
  await first.getByLabel('Question', { exact: true }).fill('Would you come back?')
  const preview = page.getByRole('group', { name: 'Preview' })
  await preview.getByText('Would you come back?').waitFor()
  await first.getByLabel('Scale').selectOption('5')
  await first.getByLabel('Drawn as').selectOption('emoji')
  assert.equal(await preview.locator('.face').count(), 5)
  await first.getByLabel('Scale').selectOption('10')
  await preview.getByText('10', { exact: true }).waitFor()

  await page.getByRole('button', { name: 'Add a question' }).click()
  await page.getByRole('button', { name: 'One of several choices' }).click()
  const second = page.getByRole('region', { name: 'Question 2' })
  await second.getByLabel('Question', { exact: true }).fill('What was it?')
  await second.getByLabel('Choice 1', { exact: true }).fill('Too dear')
  await second.getByLabel('Choice 2', { exact: true }).fill('Too dear')
  await second.getByText('Two choices are the same.').waitFor()
  await second.getByLabel('Choice 2', { exact: true }).fill('Too slow')
  await preview.getByText('Too slow').waitFor()
  await page.getByRole('button', { name: 'Add a question' }).click()
  await page.getByRole('button', { name: 'Open text' }).click()
  await page.getByRole('region', { name: 'Question 3' }).getByLabel('Question', { exact: true }).fill('What else?')
  await page.getByRole('button', { name: 'Move Question 3 up' }).click()
  await page.getByRole('button', { name: 'Move Question 2 down' }).click()
  await page.getByLabel('What it is compared with').fill('/goodbye')
  await page.getByLabel('Days since they last saw a survey').fill('30')
  await page.getByLabel('People', { exact: true }).selectOption({ label: 'Only who gets new-checkout' })
  await checked(page, 'a new survey', problems)
  await page.getByRole('button', { name: 'Make the draft' }).click()
  await page.getByRole('status').getByText('Draft').waitFor()
  await page.evaluate(() => window.scrollTo(0, 0))
  await shoot(page, 'survey-draft')
  await runningAtLast('Why did you leave?', false)
}

async function launch({ page, problems }) {
  await page.getByLabel('Description', { exact: true }).fill('Asked on the way out')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Your changes are not saved yet.').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Launch' }).click()
  await page.getByText(/Everybody who gets the flag new-checkout is asked on pages whose address contains \/goodbye/).waitFor()
  await checked(page, 'the launch of a survey', problems)
  await page.getByRole('button', { name: 'Launch it' }).click()
  await page.getByRole('status').getByText('Running').waitFor()
  const survey = await runningAtLast('Why did you leave?', true)
  assert.equal(survey.linked_flag_key, 'new-checkout')
  assert.deepEqual(survey.questions.map(({ question }) => question), ['Would you come back?', 'What was it?', 'What else?'])
  const shop = await answeredInABrowser(page)
  await answer(survey)
  await answered(page, survey, 3)
  await shop.close()

  await page.getByRole('tab', { name: 'Results' }).click()
  await page.reload()
  await page.getByRole('region', { name: 'What was it?' }).getByRole('row', { name: 'Too dear 2 66.7%' }).waitFor()
  await page.getByRole('region', { name: 'Would you come back?' }).getByText('-33.3').waitFor()
  await page.getByRole('region', { name: 'What else?' }).getByText(HOSTILE).waitFor()
  await checkedHarmless(page, 'results')
  await page.locator('canvas').waitFor()
  await checked(page, 'new results', problems)
  await page.getByRole('link', { name: 'leaver-3' }).click()
  await page.getByRole('tab', { name: 'Timeline' }).waitFor()
  await page.goBack()
}

const SDK = createRequire(import.meta.url).resolve('posthog-js/dist/array.full.no-external.js')

/** posthog-js on a page of a shop asks, and sends what is clicked and typed, a moment later. */
async function answeredInABrowser(page) {
  const shop = await page.context().newPage()
  await shop.route(`${origin}/a-shop/**`, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Shop</title><h1>Goodbye</h1>' }),
  )
  await shop.goto(`${origin}/a-shop/goodbye`)
  await shop.addScriptTag({ path: SDK })
  await shop.evaluate(
    ([token, host]) =>
      window.posthog.init(token, {
        api_host: host,
        bootstrap: { distinctID: 'leaver-1', isIdentifiedID: true },
        opt_out_useragent_filter: true,
        request_queue_config: { flush_interval_ms: 250 },
      }),
    [key, origin],
  )
  await shop.getByText('Would you come back?').waitFor()
  await shoot(shop, 'survey-in-a-shop')
  await shop.getByRole('button', { name: '10' }).click()
  await shop.getByRole('button', { name: 'Submit' }).click()
  await shop.getByText('Too dear').click()
  await shop.getByRole('button', { name: 'Submit' }).click()
  await shop.getByRole('textbox').fill('Nothing')
  await shop.getByRole('button', { name: 'Submit' }).click()
  await shop.getByText('Thank you!').waitFor()
  return shop
}

/** Two more people answer, as SDKs send it. */
async function answer(survey) {
  const [rating, choice, open] = survey.questions.map(({ id }) => `$survey_response_${id}`)
  const about = { $survey_id: survey.id, $survey_name: survey.name }
  const given = [
    { [rating]: '2', [choice]: 'Too dear', [open]: 'Nothing' },
    { [rating]: '5', [choice]: 'Too slow', [open]: HOSTILE },
  ]
  await send(
    given.flatMap((properties, index) => [
      { event: 'survey shown', distinct_id: `leaver-${index + 2}`, properties: about },
      { event: 'survey sent', distinct_id: `leaver-${index + 2}`, properties: { ...about, ...properties } },
    ]),
  )
  await ingested()
}

/** Waits until so many answers have come. */
async function answered(page, { id }, wanted) {
  for (let tries = 0; tries < 100; tries += 1) {
    const counts = await page.evaluate(async () => (await fetch('/api/projects/1/surveys/responses_count')).json())
    if (counts[id] === wanted) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  assert.fail(`${wanted} answers should have come`)
}

async function stopAndExport({ page, problems }) {
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'CSV of all 3 answers' }).click()
  const csv = readFileSync(await (await download).path(), 'utf8')
  assert.match(csv, /^time,distinct_id,person_id,Would you come back\?,What was it\?,What else\?\r\n/)
  assert.equal(csv.trim().split('\r\n').length, 4)
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.getByRole('status').getByText('Ended').waitFor()
  await runningAtLast('Why did you leave?', false)
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByRole('status').getByText('Running').waitFor()
  await runningAtLast('Why did you leave?', true)
  await page.getByRole('button', { name: 'More for this survey' }).click()
  await page.getByRole('button', { name: /^Archive/ }).click()
  await page.getByRole('status').getByText('Archived').waitFor()
  await runningAtLast('Why did you leave?', false)
  await page.getByRole('link', { name: 'All surveys' }).click()
  await page.getByRole('tab', { name: 'Archived' }).click()
  await page.getByRole('row', { name: /Why did you leave\?.*3/ }).waitFor()
  await checked(page, 'archived surveys', problems)
}

/** The digits are the API's. */
async function digits({ page }) {
  await page.goto(at('surveys'))
  await page.getByRole('link', { name: 'After the order' }).click()
  await page.getByRole('region', { name: /recommend us/ }).waitFor()
  const id = new URL(page.url()).pathname.split('/').pop()
  const stats = await page.evaluate(async (one) => (await fetch(`/api/projects/1/surveys/${one}/stats`)).json(), id)
  const rating = stats.questions[0]
  const card = page.getByRole('region', { name: rating.question })
  await card.getByText(String(rating.nps.score), { exact: true }).waitFor()
  await card.getByText(String(rating.average), { exact: true }).waitFor()
  assert.deepEqual(
    await card.locator('.rating-count').allTextContents(),
    rating.counts.map(({ count }) => String(count)),
  )
  await page.getByText(`${stats.rates.response_rate}%`, { exact: true }).waitFor()
  for (const { choice, count } of stats.questions[2].choices) {
    await page.getByRole('row', { name: `${choice} ${count}`, exact: true }).waitFor()
  }
}

async function everyPage({ page, problems }, suffix) {
  await page.goto(at('surveys'))
  await settled(page)
  await checked(page, `surveys ${suffix}`, problems)
  await shoot(page, `surveys-${suffix}`)
  await page.getByRole('link', { name: 'After the order' }).click()
  await page.locator('canvas').waitFor()
  await settled(page)
  await checked(page, `results ${suffix}`, problems)
  await shoot(page, `survey-results-${suffix}`)
  await page.getByRole('tab', { name: 'Definition' }).click()
  await page.getByRole('button', { name: 'Next' }).click()
  await checked(page, `a survey ${suffix}`, problems)
  await shoot(page, `survey-${suffix}`)
}

async function hostile({ page, problems }) {
  const id = await page.evaluate(async (text) => {
    const answer = await fetch('/api/projects/1/surveys', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        name: text,
        description: text,
        questions: [
          { type: 'single_choice', question: text, description: text, choices: [text], buttonText: text },
          { type: 'rating', question: text, scale: 5, lowerBoundLabel: text, upperBoundLabel: text },
        ],
        appearance: { backgroundColor: text, widgetLabel: text, thankYouMessageHeader: text },
        conditions: { url: text },
      }),
    })
    return (await answer.json()).id
  }, HOSTILE)
  for (const path of ['surveys', `surveys/${id}`, `surveys/${id}?tab=results`]) {
    await page.goto(at(path))
    await settled(page)
    await checkedHarmless(page, path)
  }
  for (const problem of problems.splice(0)) found.push(`hostile: ${problem}`)
}

await walked({
  found,
  steps: { signIn, makeASurvey, launch, stopAndExport, digits },
  looks: everyPage,
  last: { hostile },
})
