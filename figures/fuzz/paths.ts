import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { createRoutes } from '../../engine/api/routes.ts'
import type { Property } from './property.ts'
import { routeParts } from './route-parts.ts'

const outside = 'a word from outside the folder'

const piece = fc.oneof(
  fc.constantFrom(
    '..',
    '.',
    '/',
    '\\',
    '%2e',
    '%2E%2E',
    '%2f',
    '%5c',
    '%00',
    '\0',
    '..;',
    '%c0%ae',
    '%252e',
    '//',
    'C:',
  ),
  fc.constantFrom(
    'assets',
    'app.js',
    'secret.txt',
    'home',
    '.hidden',
    '~',
    'file:',
    '....',
    '%u002e',
    '\u2025',
    '\uff0e',
  ),
  fc.string({ unit: 'binary', maxLength: 4 }),
)
const path = fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join(''))

export const paths: Property = {
  name: 'page files: any path is a file of the page or nothing, on the real file system',
  share: 2,
  async run(runs, watch) {
    const root = mkdtempSync(join(tmpdir(), 'signalbox-fuzz-'))
    try {
      const routes = createRoutes({ ...routeParts, report: () => {}, pageDir: pageBelow(root) })
      await fc.assert(
        fc.asyncProperty(fc.boolean(), path, (isBelow, tail) =>
          watch.asyncInput(async () => {
            const url = `http://localhost/${isBelow ? 'assets/' : ''}${tail}`
            if (!URL.canParse(url)) return
            const response = await routes.fetch(new Request(url), { access: 'open', face: undefined })
            const text = await response.text()
            assert.ok(!text.includes(outside), 'a file from outside was served')
            assert.ok(response.status < 500, `answered ${response.status} ${text}`)
          }),
        ),
        runs,
      )
    } finally {
      rmSync(root, { recursive: true })
    }
  },
}

/** A page of two files in a folder, with files around it that must stay where they are. */
function pageBelow(root: string): string {
  const page = join(root, 'page')
  mkdirSync(join(page, 'assets', 'home'), { recursive: true })
  writeFileSync(join(page, 'index.html'), '<!doctype html>')
  writeFileSync(join(page, 'assets', 'app.js'), 'export {}')
  for (const name of ['secret.txt', 'app.js', '.hidden']) {
    writeFileSync(join(root, name), outside)
    writeFileSync(join(page, name), outside)
  }
  writeFileSync(join(page, 'assets', 'home', 'app.js'), outside)
  symlinkSync('/', join(page, 'root'))
  return page
}
