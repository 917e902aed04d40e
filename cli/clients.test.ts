import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Ran, runCli } from './test-run.ts'
import { type Serving, startServe, temporaryHome } from './test-serve.ts'

let folder: Awaited<ReturnType<typeof temporaryHome>>
let serving: Serving
beforeAll(async () => {
  folder = await temporaryHome()
  const echo = { command: process.execPath, args: [resolve('test-servers/echo.mjs')] }
  await writeFile(join(folder.home, 'mcp.json'), JSON.stringify({ mcpServers: { echo } }))
  serving = await startServe(folder.home)
})
afterAll(async () => {
  await serving[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const run = (...words: string[]): Promise<Ran> => runCli([...words, '--home', folder.home])

test('a client is issued, rotated, revoked and removed by its name', async () => {
  const issued = await run('clients', 'issue', 'my script')
  expect(issued).toMatchObject({ code: 0, out: expect.stringMatching(/^sbx_[\w-]{43}\n$/) })
  expect((await run('clients', 'issue', 'My Script')).code).toBe(1)
  const rotated = await run('clients', 'rotate', 'my script')
  expect(rotated.out).toMatch(/^sbx_/)
  expect(rotated.out).not.toBe(issued.out)
  expect((await run('clients')).out).toContain(`…${rotated.out.trim().slice(-4)}`)
  expect((await run('clients', 'revoke', 'my script')).code).toBe(0)
  expect((await run('clients')).out).toMatch(/my script +everything +revoked/)
  expect((await run('clients', 'remove', 'my script')).code).toBe(0)
  expect(await run('clients', 'rotate', 'my script')).toMatchObject({ code: 4, out: '' })
})

test('a profile is made, switched and held by a client, and says why something is missing', async () => {
  expect((await run('profiles', 'add', 'work', '--others', 'off')).code).toBe(0)
  expect((await run('profiles', 'on', 'work', 'echo')).code).toBe(0)
  expect((await run('profiles', 'off', 'work', 'echo', 'say')).code).toBe(0)
  expect((await run('profiles')).out).toMatch(/work +work +off +echo on, 1 tool off/)
  await run('clients', 'issue', 'held', '--profile', 'work')
  expect((await run('profiles', 'remove', 'work')).code).toBe(1)
  const why = await run('clients', 'why', 'held', 'echo', 'say', '--json')
  expect(JSON.parse(why.out)).toMatchObject({ broken: 'server_wished' })
  expect((await run('profiles', 'on', 'nothing', 'echo')).code).toBe(4)
})

test('the token of a client does not open what is for the owner', async () => {
  const { out } = await run('clients', 'issue', 'curious')
  const headers = { authorization: `Bearer ${out.trim()}` }
  expect((await fetch(`${serving.url}/api/v1/clients`, { headers })).status).toBe(403)
})
