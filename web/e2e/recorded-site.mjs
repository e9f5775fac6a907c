// A small shop that posthog-js records, as a visitor's browser shows it.
import http from 'node:http'

const page = (host) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title>
<link rel="icon" href="data:,">
<style>
  body { font: 16px sans-serif; margin: 0; background: #f3f7f1 url(/leaf.svg); }
  main { max-width: 720px; margin: 60px auto; padding: 32px; background: #fff; border-radius: 12px; }
  .cta { padding: 10px 18px; border: 0; border-radius: 8px; background: #1d7347; color: #fff; }
</style>
<script src="${host}/static/array.js"></script>
<main><h1>Hedges for small gardens</h1><img src="/leaf.svg" alt="" width="60">
<p><input id="name" placeholder="Your name" aria-label="Name"></p>
<button id="buy" class="cta">Buy a hedge</button><ul id="cart"></ul></main>
<script>
  document.getElementById('buy').addEventListener('click', () => {
    const item = document.createElement('li')
    item.textContent = 'A beech hedge'
    document.getElementById('cart').append(item)
    posthog.capture('hedge bought', { price: 12 })
    console.error('The cart is slow today')
  })
</script></html>`

const LEAF = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle cx="20" cy="20" r="12" fill="#9c9"/></svg>'

/** Records one visit and answers with its session's id, and how often the site was asked for pictures. */
export async function recordAVisit(browser, host, key) {
  let pictures = 0
  const site = http.createServer((request, response) => {
    const isPicture = request.url === '/leaf.svg'
    if (isPicture) pictures += 1
    response.writeHead(200, { 'content-type': isPicture ? 'image/svg+xml' : 'text/html' })
    response.end(isPicture ? LEAF : page(host))
  })
  await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve))
  const address = `http://localhost:${site.address().port}`
  const context = await browser.newContext({ viewport: { width: 1100, height: 700 } })
  const visit = await context.newPage()
  let parts = 0
  visit.on('response', (answer) => {
    if (new URL(answer.url()).pathname === '/s/' && answer.ok()) parts += 1
  })
  await visit.goto(`${address}/hedges`)
  const session = await visit.evaluate(
    ({ host, key }) =>
      new Promise((resolve) => {
        posthog.init(key, {
          api_host: host,
          opt_out_useragent_filter: true,
          person_profiles: 'always',
          loaded: (loaded) => resolve(loaded.get_session_id()),
        })
      }),
    { host, key },
  )
  await visit.evaluate(() => posthog.identify('visitor-1', { email: 'visitor@example.com' }))
  for (let round = 0; parts < 3 && round < 60; round += 1) {
    await visit.fill('#name', `secret ${round}`)
    await visit.mouse.move(200 + round * 5, 200)
    await visit.click('#buy')
    await visit.waitForTimeout(500)
  }
  if (parts < 3) throw new Error('posthog-js sent no recording')
  await visit.goto('about:blank')
  await visit.waitForTimeout(500)
  await context.close()
  return { session, address, site, pictures: () => pictures }
}
