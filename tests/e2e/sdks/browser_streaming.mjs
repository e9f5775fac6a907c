// A page that captures all the time, until the standard input ends. Says "ready" when some were stored.
// Environment: as of page.mjs.
import { left, opened, stored, storedCount, withBrowser } from './page.mjs'

await withBrowser(async (browser) => {
  const { page, seen } = await opened(browser, 'streaming')
  // Slower than ten a second, above which the SDK itself drops events.
  await page.evaluate(() => {
    window.sent = 0
    window.capturing = setInterval(() => posthog.capture('e2e streamed', { i: window.sent++ }), 150)
  })
  await stored(seen, 'e2e streamed')
  console.log('ready')
  for await (const _ of process.stdin);
  seen.sent = await page.evaluate(() => {
    clearInterval(window.capturing)
    return window.sent
  })
  seen.failed = seen.problems.filter((problem) => problem.startsWith('POST')).length
  seen.errors = []
  await storedCount(seen, 'e2e streamed', seen.sent)
  return left(page, seen)
})
