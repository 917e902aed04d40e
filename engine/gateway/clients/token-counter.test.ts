import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { TokenCounter } from './token-counter.ts'

test('tokens are counted in another process, and a text that was counted before is not counted again', async () => {
  const host = {
    node: process.execPath,
    env: process.env,
    tokenCounter: resolve('engine/gateway/clients/count-tokens.ts'),
  }
  await using counter = new TokenCounter(host)
  const [hello, special, none] = await counter.count(['hello world', '<|endoftext|>', ''])
  expect([hello, none]).toEqual([2, 0])
  expect(special).toBeGreaterThan(1)

  // Nothing can be run any more, so what is answered was remembered.
  host.node = resolve('nowhere')
  expect(await counter.count(['', 'hello world'])).toEqual([0, 2])
  await expect(counter.count(['something new'])).rejects.toMatchObject({ code: 'token_count_failed' })
})
