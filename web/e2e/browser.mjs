// A real browser that notes everything that must not happen.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const DESKTOP = { width: 1280, height: 800 }
const PHONE = { width: 390, height: 844 }

export async function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  })
}

/** A page whose `problems` fill with console errors, failed scripts, dialogs and policy reports. */
export async function openPage(browser, { phone = false, dark = false, cookies = [] } = {}) {
  const context = await browser.newContext({
    viewport: phone ? PHONE : DESKTOP,
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    acceptDownloads: true,
  })
  await context.addCookies(cookies)
  const page = await context.newPage()
  const problems = []
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`))
  page.on('dialog', async (dialog) => {
    problems.push(`dialog: ${dialog.message()}`)
    await dialog.dismiss()
  })
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`)
    })
  })
  return { context, page, problems }
}

/** What axe finds against WCAG A and AA. */
export async function accessibilityProblems(page) {
  await page.evaluate(AXE)
  const { violations } = await page.evaluate(() =>
    axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }),
  )
  return violations.map(
    ({ id, nodes }) => `axe ${id}: ${nodes.map(({ target, html }) => `${target} ${html.slice(0, 120)}`).slice(0, 3).join(' | ')}`,
  )
}

/** On a phone nothing may stick out to the right. */
export async function sidewaysPixels(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
}
