// Before unit tests: the program but for its page, built from the sources as they are. Every engine in a test starts two
// threads of the store, and every test of the terminal some processes: reading those from their sources took most of their time.
import { cpSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { rolldown } from 'rolldown'
import { alias, external } from '../bundle-options.ts'
import { programModules } from '../program-modules.ts'

/** Builds it beside the other results, within reach of the packages that it loads; gone after the run. */
export async function setup(): Promise<() => void> {
  const folder = resolve('test-results', `program-${process.pid}`)
  await using bundled = await rolldown({
    input: programModules,
    external,
    resolve: { alias },
    platform: 'node',
    logLevel: 'warn',
  })
  const dir = resolve(folder, 'dist/node')
  await bundled.write({ dir, entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs', format: 'esm' })
  cpSync('templates', resolve(dir, 'templates'), { recursive: true })
  cpSync('package.json', resolve(folder, 'package.json'))
  process.env.SIGNALBOX_TEST_PROGRAM = dir
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
