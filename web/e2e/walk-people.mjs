// Cohorts by criteria and by list, and what can be done with a person: merged, split, deleted.
// node walk-people.mjs LINK PROJECT_KEY [FOLDER_FOR_SCREENSHOTS]
import assert from 'node:assert/strict'
import { asked, walked, walker } from './walker.mjs'

const [link, key, shots] = process.argv.slice(2)
const { origin, found, send, ingested, settled, shoot, checked } = walker({ link, key, shots })
const at = (path) => `${origin}/project/1/${path}`
const HOSTILE = '<img src=x onerror="window.__hostile=1">'

const PEOPLE = ['ada', 'bela', 'chidi', 'dana']

async function someEvents({ page }) {
  await page.goto(link)
  await page.getByRole('heading', { name: 'Get started' }).waitFor()
  const events = PEOPLE.flatMap((name, number) => [
    { event: 'signed up', distinct_id: `${name}-anonymous` },
    { event: '$identify', distinct_id: name, properties: { $anon_distinct_id: `${name}-anonymous`, $set: { email: `${name}@example.com`, plan: number < 2 ? 'pro' : 'free' } } },
    ...Array.from({ length: number + 1 }, () => ({ event: 'order completed', distinct_id: name, properties: { revenue: 10 } })),
  ])
  events.push({ event: 'signed up', distinct_id: HOSTILE, properties: { $set: { name: HOSTILE } } })
  assert.equal((await send(events)).status, 200)
  await ingested()
}

/** Chooses in a list with a search. */
async function choose(page, button, text) {
  await page.getByRole('button', { name: button }).click()
  await page.getByRole('combobox', { name: /: search$/ }).fill(text)
  await page.getByRole('option', { name: text }).first().waitFor()
  await page.keyboard.press('Enter')
}

async function byCriteria({ page, problems }) {
  await page.goto(at('cohorts'))
  await page.getByText('No cohorts yet').waitFor()
  await checked(page, 'no cohorts', problems)
  await page.getByRole('link', { name: 'New cohort' }).first().click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Faithful pros')
  await choose(page, 'Property or cohort: Group 1', 'plan')
  await page.getByRole('button', { name: /^Group 1, criterion 1, values/ }).click()
  await page.getByRole('combobox', { name: /: search$/ }).fill('pro')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await choose(page, 'Did something: Group 1', 'order completed')
  await page.getByRole('combobox', { name: 'Group 1, criterion 2: did or did not' }).selectOption('performed_event_multiple')
  await page.getByRole('button', { name: 'Add a group' }).click()
  await choose(page, 'Did something: Group 2', 'signed up')
  await checked(page, 'criteria', problems)
  await shoot(page, 'cohort-new')
  await page.getByRole('button', { name: 'Make the cohort' }).click()
  await page.getByRole('heading', { name: 'Faithful pros' }).waitFor()
  await page.getByRole('link', { name: 'bela@example.com' }).waitFor()
  const members = page.locator('tbody tr')
  assert.equal(await members.count(), 1, 'only one pro has ordered twice')
  await shoot(page, 'cohort')
  await checked(page, 'a cohort', problems)

  // Changed, it is another set of people, counted as the API counts it.
  await page.getByRole('tab', { name: 'Criteria' }).click()
  await page.getByRole('spinbutton', { name: 'Group 1, criterion 2: how often' }).fill('1')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved.').waitFor()
  await page.getByRole('tab', { name: 'People' }).click()
  await page.getByRole('link', { name: 'ada@example.com' }).waitFor()
  const { count } = await asked(page, '/api/projects/1/cohorts/1')
  await page.locator('.figure', { hasText: 'People' }).getByText(String(count), { exact: true }).waitFor()
  assert.equal(count, 2)
}

async function inAnInsight({ page, problems }) {
  await page.getByRole('link', { name: 'Use in an insight' }).click()
  await page.getByRole('combobox', { name: /comparison$/ }).waitFor()
  await page.getByText('Faithful pros').waitFor()
  await settled(page)
  const query = JSON.parse(new URL(page.url()).searchParams.get('q'))
  assert.deepEqual(query.properties, [{ key: 'id', type: 'cohort', operator: 'in', value: 1 }])
  await checked(page, 'a cohort in an insight', problems)
}

async function aList({ page, problems }) {
  await page.goto(at('cohorts/new'))
  await page.getByRole('textbox', { name: 'Name' }).fill(HOSTILE)
  await page.getByRole('tab', { name: 'A fixed list' }).click()
  await page.getByLabel('File of distinct ids').setInputFiles({ name: 'ids.csv', mimeType: 'text/csv', buffer: Buffer.from('name,distinct_id\n"C, C.",chidi-anonymous\nnobody,unknown-id\n') })
  await page.getByText('2 ids').waitFor()
  await checked(page, 'a list', problems)
  await shoot(page, 'cohort-list')
  await page.getByRole('button', { name: 'Make the cohort' }).click()
  await page.getByText('2 ids were sent; 1 person was found').waitFor()
  await page.getByRole('link', { name: 'chidi@example.com' }).waitFor()

  await page.getByRole('button', { name: 'Add people' }).click()
  await page.getByRole('textbox', { name: /^Distinct ids/ }).fill('dana\nada')
  await checked(page, 'adding people', problems)
  await page.getByRole('button', { name: 'Add them' }).click()
  await page.getByText('2 ids were sent; 2 people were found').waitFor()
  await page.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('button', { name: 'Take dana@example.com off the list' }).click()
  await page.getByRole('link', { name: 'dana@example.com' }).waitFor({ state: 'detached' })
  await page.getByRole('link', { name: 'All cohorts' }).click()
  await page.getByRole('row', { name: /Faithful pros/ }).getByRole('cell', { name: '2', exact: true }).waitFor()
  await page.getByRole('row', { name: /onerror/ }).getByRole('cell', { name: '2', exact: true }).waitFor()
  await shoot(page, 'cohorts')
  await checked(page, 'cohorts', problems)
}

const personOf = async (page, id) => (await asked(page, `/api/projects/1/persons?distinct_id=${id}`)).results[0]

async function onThePerson({ page, problems }) {
  const ada = await personOf(page, 'ada')
  await page.goto(at(`people/${ada.id}?tab=cohorts`))
  await page.getByRole('link', { name: 'Faithful pros' }).waitFor()
  await page.getByRole('link', { name: HOSTILE }).waitFor()
  await checked(page, 'cohorts of a person', problems)
  await page.getByRole('tab', { name: 'Distinct ids' }).click()
  await page.getByRole('region', { name: 'How they came together' }).getByText('joined').waitFor()
  await page.getByRole('row', { name: /^ada-anonymous/ }).getByRole('cell', { name: '1', exact: true }).waitFor()
  await shoot(page, 'person-ids')
  await checked(page, 'ids of a person', problems)
}

async function split({ page, problems }) {
  await page.getByRole('button', { name: 'Split' }).click()
  await page.getByRole('combobox', { name: 'Keeps the properties' }).selectOption('ada')
  await checked(page, 'before splitting', problems)
  await shoot(page, 'person-split')
  await page.getByRole('dialog').getByRole('button', { name: 'Split' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('heading', { name: 'ada@example.com' }).waitFor()
  await page.getByRole('button', { name: 'Split' }).waitFor({ state: 'detached' })
  assert.deepEqual((await personOf(page, 'ada')).distinct_ids, ['ada'])
  assert.deepEqual((await personOf(page, 'ada-anonymous')).distinct_ids, ['ada-anonymous'])
}

async function removeOne({ page, problems }, id, withEvents) {
  const person = await personOf(page, id)
  await page.goto(at(`people/${person.id}`))
  await page.getByRole('button', { name: 'Delete' }).click()
  const dialog = page.getByRole('dialog')
  if (withEvents) await dialog.getByRole('switch', { name: 'Delete the events too' }).check()
  const button = dialog.getByRole('button', { name: withEvents ? 'Delete person and events' : 'Delete person', exact: true })
  assert.ok(await button.isDisabled(), 'it is meant only once the word is there')
  await dialog.getByRole('textbox').fill('delete')
  await checked(page, 'before deleting', problems)
  await shoot(page, 'person-delete')
  await button.click()
  await page.getByRole('heading', { name: 'People', level: 1 }).waitFor()
  await page.getByRole('link', { name: `${id}@example.com` }).waitFor({ state: 'detached' })
}

async function remove(opened) {
  const eventsOf = async (id) => {
    const query = { kind: 'HogQLQuery', query: `SELECT count() FROM events WHERE distinct_id = '${id}'` }
    return (await asked(opened.page, '/api/projects/1/query', { method: 'POST', body: { query } })).results[0][0]
  }
  await removeOne(opened, 'chidi', false)
  assert.equal(await eventsOf('chidi'), 4)
  await removeOne(opened, 'dana', true)
  assert.equal(await eventsOf('dana'), 0)
}

async function everyLook({ page, problems }, look) {
  await page.goto(at('people'))
  const bela = await personOf(page, 'bela')
  const paths = {
    cohorts: 'cohorts',
    'cohort-new': 'cohorts/new',
    cohort: 'cohorts/1',
    'cohort-list': 'cohorts/2',
    'person-ids': `people/${bela.id}?tab=ids`,
  }
  for (const [name, path] of Object.entries(paths)) {
    await page.goto(at(path))
    await page.getByRole('heading', { level: 1 }).waitFor()
    await settled(page)
    await checked(page, `${name} ${look}`, problems)
    await shoot(page, `${name}-${look}`)
  }
  await page.goto(at('cohorts/1'))
  await page.getByRole('tab', { name: 'Criteria' }).click()
  await page.getByRole('button', { name: 'Save' }).waitFor()
  await checked(page, `criteria ${look}`, problems)
  await shoot(page, `cohort-criteria-${look}`)
  assert.equal(await page.evaluate(() => window.__hostile ?? null), null, 'a name ran script')
}

await walked({ found, steps: { someEvents, byCriteria, inAnInsight, aList, onThePerson, split, remove }, looks: everyLook })
