// Before unit tests: the store's worker as one program. Every engine in a test starts two of these threads, and reading them
// from their sources took two thirds of the processor time of opening an engine.
import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { rolldown } from 'rolldown'
import { alias, external } from '../bundle-options.ts'

/** Builds it beside the other results, within reach of the packages that it loads; gone after the run. */
export async function setup(): Promise<() => Promise<void>> {
  const folder = resolve('test-results', `store-worker-${process.pid}`)
  await using bundled = await rolldown({
    input: { 'store-worker': 'engine/store/store-worker.ts' },
    external,
    resolve: { alias },
    platform: 'node',
    logLevel: 'warn',
  })
  await bundled.write({ dir: folder, entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs', format: 'esm' })
  process.env.SIGNALBOX_TEST_STORE_WORKER = resolve(folder, 'store-worker.mjs')
  return () => rm(folder, { recursive: true, force: true, maxRetries: 5 })
}
