import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ownerToken } from '../engine/api/token-file.ts'
import { type Ran, runCli } from './test-run.ts'
import { type Serving, startServe, temporaryHome } from './test-serve.ts'

let folder: Awaited<ReturnType<typeof temporaryHome>>
let serving: Serving
beforeAll(async () => {
  folder = await temporaryHome()
  const hinted = { command: process.execPath, args: [resolve('test-servers/hinted.mjs')] }
  await writeFile(join(folder.home, 'mcp.json'), JSON.stringify({ mcpServers: { hinted } }))
  serving = await startServe(folder.home)
  await run('start', 'hinted', '--wait', '30')
})
afterAll(async () => {
  await serving[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const run = (...words: string[]): Promise<Ran> => runCli([...words, '--home', folder.home])

test('a call that a rule holds is listed, shown, answered and refused from the terminal', async () => {
  const rule = { id: crypto.randomUUID(), name: 'ask', hint: 'destructive' }
  await api('PUT', `/approval-rules/${rule.id}`, rule)
  expect((await run('approvals')).out).toBe('No call waits for you.\n')
  const first = await callRemove()
  expect((await run('approvals')).out).toMatch(/api +hinted +remove +ask/)
  expect((await run('approvals', first.slice(0, 30))).out).toContain('{"path":"a"}')
  expect(await run('approve', first)).toMatchObject({ code: 0, out: 'Allowed: api calls remove of hinted\n' })
  await vi.waitUntil(async () => (await run('task', first)).out.includes('completed'), 20_000)
  const second = await callRemove()
  expect((await run('deny', second)).code).toBe(0)
  await vi.waitUntil(async () => (await run('task', second)).out.includes('approval_denied'), 20_000)
  expect((await run('approve', second)).code).toBe(1)
  expect((await run('approve', second, '--always', '--session')).code).toBe(2)
})

async function callRemove(): Promise<string> {
  const { task_id } = await api('POST', '/tasks', { agent: 'hinted', action: 'remove', parameters: { path: 'a' } })
  await vi.waitUntil(async () => (await run('approvals', '--json')).out.includes(task_id), 20_000)
  return task_id
}

async function api(method: string, path: string, body: object): Promise<{ task_id: string }> {
  const headers = { authorization: `Bearer ${await ownerToken(folder.home)}`, 'content-type': 'application/json' }
  const response = await fetch(`${serving.url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) })
  expect(response.ok).toBe(true)
  return response.json() as Promise<{ task_id: string }>
}
