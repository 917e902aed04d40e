// Writes docs/errors.md from the sources: `node scripts/errors-page.ts`. Ends with 1 where a code lacks its cause or cure.
import { writeFileSync } from 'node:fs'
import { errorsPage } from './errors/errors-page.ts'

const { text, codes, problems } = errorsPage()
for (const problem of problems) console.error(problem)
if (problems.length > 0) {
  console.error('Say it where the failure is made, or in scripts/errors/worded-elsewhere.ts.')
  process.exitCode = 1
} else {
  writeFileSync('docs/errors.md', text)
  console.log(`docs/errors.md: ${codes.length} codes`)
}
