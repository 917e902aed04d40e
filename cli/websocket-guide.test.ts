import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { mostSockets, mostSocketsOfAClient, socketLimits } from '../engine/api/ws/socket-limits.ts'
import { type Serving, startServe, temporaryHome } from './test-serve.ts'

const run = promisify(execFile)

let temporary: Awaited<ReturnType<typeof temporaryHome>>
let serving: Serving
let token: string
let guide: string

beforeAll(async () => {
  guide = await readFile('docs/guides/websocket.md', 'utf8')
  temporary = await temporaryHome()
  const { home } = temporary
  const demo = { command: process.execPath, args: [resolve('test-servers/echo.mjs')] }
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers: { demo } }))
  serving = await startServe(home)
  token = (await readFile(join(home, 'token'), 'utf8')).trim()
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  await fetch(`${serving.url}/api/v1/servers/demo/start?wait_s=60`, { method: 'POST', headers })
  for (const [, program, name] of guide.matchAll(/^```js\n(\/\/ (\S+\.mjs).*?)^```/gms)) {
    await writeFile(join(home, name!), program!)
  }
})
afterAll(async () => {
  await serving[Symbol.asyncDispose]()
  await temporary[Symbol.asyncDispose]()
})

/** What a program of the guide prints. */
async function printed(name: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [join(temporary.home, name), serving.url, token, ...args])
  return stdout
}

it('the program that calls a tool prints what streams, and the end', async () => {
  const lines = (await printed('call.mjs')).trim().split('\n')
  expect(lines[0]).toBe('status {"status":"queued"}')
  expect(lines.filter((line) => line.startsWith('progress'))).not.toEqual([])
  expect(lines.at(-1)).toBe('completed 3 steps done')
})

it('the program that follows comes back after a break and misses nothing', async () => {
  const following = printed('follow.mjs', 'tasks', '4')
  // Calls go on until it has seen enough: nobody else knows when it follows.
  let isDone = false
  const done = following.finally(() => {
    isDone = true
  })
  while (!isDone) await printed('call.mjs')
  const numbers = (await done)
    .trim()
    .split('\n')
    .map((line) => line.split(' ').slice(0, 2).join(' '))
  expect(numbers).toEqual(['tasks 1', 'tasks 2', 'tasks 3', 'tasks 4'])
})

it('the guide names the limits as they are', () => {
  const thousands = (count: number): string => count.toLocaleString('en')
  for (const said of [
    `${socketLimits.subscriptions} a connection`,
    `${socketLimits.open_requests} open ones a connection`,
    `${mostSocketsOfAClient} of a client, ${thousands(mostSockets)} in all`,
    `newest ${thousands(socketLimits.kept_messages)}\nmessages`,
    `more than ${socketLimits.message_bytes / 2 ** 20} MB`,
  ]) {
    expect(guide).toContain(said)
  }
})
