// Makes src/api/schema.ts from the OpenAPI document on standard input; with --check only compares.
import { readFileSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'

const path = fileURLToPath(new URL('../src/api/schema.ts', import.meta.url))
const made = `// Made from the OpenAPI document by \`make web-types\`; not to be edited.\n${astToString(
  await openapiTS(await text(process.stdin), { alphabetize: true }),
)}`

if (process.argv.includes('--check')) {
  if (readFileSync(path, 'utf8') !== made) {
    process.stderr.write(
      "The API and the web app's types of it differ. Run `make web-types`, then mend what no " +
        'longer fits.\n',
    )
    process.exit(1)
  }
} else {
  writeFileSync(path, made)
}
