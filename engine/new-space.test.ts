import { execFile } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

/** Makes garbage with the bound in force, and again after V8 has made the space small; MiB of the space at each moment. */
const program = `
  const { boundNewSpace } = await import(${JSON.stringify(pathToFileURL('engine/new-space.ts').href)})
  const { getHeapSpaceStatistics } = await import('node:v8')
  const size = () => getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size / 2 ** 20
  const load = async () => {
    let live = []
    let most = 0
    for (let turn = 0; turn < 200; turn++) {
      for (let made = 0; made < 10_000; made++) {
        live.push({ made, text: 'x' + made, list: [made] })
        if (live.length > 20_000) live = live.slice(10_000)
      }
      await new Promise(setImmediate)
      most = Math.max(most, size())
    }
    return most
  }
  using bound = boundNewSpace()
  const loaded = await load()
  globalThis.gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  const quiet = size()
  await new Promise(setImmediate)
  console.log(JSON.stringify({ loaded, quiet, again: await load() }))
`

test('the space for new objects stays within its bound, and grows again after a quiet while', async () => {
  const words = ['--expose-gc', '--input-type=module', '--eval', program]
  const { stdout } = await promisify(execFile)(process.execPath, words)
  const { loaded, quiet, again } = JSON.parse(stdout)
  expect(loaded).toBe(32)
  expect(quiet).toBeLessThan(32)
  expect(again).toBe(32)
})
