import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { errorsPage } from './errors-page.ts'
import { readCodes } from './read-codes.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-errors-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('tells of every code its cause and its cure', () => {
  expect(errorsPage().problems).toEqual([])
})

it('is what stands in docs/errors.md; if not: node scripts/errors-page.ts', () => {
  expect(readFileSync('docs/errors.md', 'utf8')).toBe(errorsPage().text)
})

it('finds codes however a failure is made', () => {
  const file = join(folder, 'source.ts')
  writeFileSync(
    file,
    `
    throw new AppError('thrown_here', \`No \${name} at \${place.path}\`, { hint: 'Look again.' })
    const failure = { code: isOne ? 'one_way' : 'other_way', message: 'Either', hint: null }
    function refused(code: string, message: string) {
      const hint = 'Ask nicely.'
      return new AppError(code, message, { hint })
    }
    refused('through_wrapper', 'It was refused')
    new AppError('No Code', 'x')
    `,
  )
  const { wordings, unread } = readCodes([file])
  expect(wordings.map(({ code, message, hint }) => [code, message, hint])).toEqual([
    ['thrown_here', 'No {name} at {path}', 'Look again.'],
    ['one_way', 'Either', null],
    ['other_way', 'Either', null],
    ['through_wrapper', 'It was refused', 'Ask nicely.'],
  ])
  expect(unread).toEqual([`${file}: "No Code"`])
})
