import { expect, test } from 'vitest'
import { temporaryHost } from '../test-host.ts'
import { createImports } from './imports.ts'

test('the way back to us is known by the port that we listen on', async () => {
  await using host = await temporaryHost()
  const imports = createImports(
    host,
    () => [],
    () => 'http://127.0.0.1:9999',
  )
  const problems = (port: number) =>
    imports.read(`{"url":"http://127.0.0.1:${port}/mcp"}`).map(({ problem }) => problem !== null)
  expect([problems(9999), problems(7420)]).toEqual([[true], [false]])
})
