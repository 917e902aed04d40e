import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cliModule, type Ran, runCli } from './test-run.ts'
import { type Serving, startServe, temporaryHome } from './test-serve.ts'

const everything = {
  command: process.execPath,
  args: [resolve('node_modules/@modelcontextprotocol/server-everything/dist/index.js'), 'stdio'],
}

let folder: Awaited<ReturnType<typeof temporaryHome>>
let serving: Serving
beforeAll(async () => {
  folder = await temporaryHome()
  const mcpServers = { 'every/thing': everything, broken: { command: 'no-such-command-here' } }
  await writeFile(join(folder.home, 'mcp.json'), JSON.stringify({ mcpServers }))
  serving = await startServe(folder.home)
  const started = await run('start', 'every/thing')
  expect([started.code, started.out]).toEqual([0, 'every/thing  ● ready\n'])
})
afterAll(async () => {
  await serving[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const run = (...words: string[]): Promise<Ran> => runCli([...words, '--home', folder.home])

/** A command that goes on until it is interrupted. */
function running(...words: string[]) {
  const child = spawn(process.execPath, [cliModule, ...words, '--home', folder.home])
  const out = text(child.stdout)
  return { child, out }
}

describe('on a real server', () => {
  it('lists tools and calls them', async () => {
    expect((await run('tools', 'every/thing')).out).toMatch(/^echo +message +Echoes/m)
    expect(await run('call', 'every/thing', 'echo', 'message=hello')).toEqual({
      code: 0,
      out: 'Echo: hello\n',
      err: '',
    })
  })

  it('exits 5 when the task fails, and says why on stderr', async () => {
    const ran = await run('call', 'every/thing', 'echo', 'message:=5')
    expect([ran.code, ran.out]).toEqual([5, ''])
    expect(ran.err).toContain('invalid_arguments')
    const timedOut = await run(
      'call',
      'every/thing',
      'trigger-long-running-operation',
      'duration:=30',
      'steps:=1',
      '--timeout',
      '50',
    )
    expect(timedOut.code).toBe(5)
    expect(timedOut.err).toContain('timed out')
  })

  it('exits 4 for a tool that is none', async () => {
    expect((await run('call', 'every/thing', 'none')).code).toBe(4)
  })

  it('says why a server does not start, and exits 1', async () => {
    const ran = await run('start', 'broken')
    expect([ran.code, ran.out]).toEqual([1, 'broken  ✖ failed\n'])
    expect(ran.err).toContain('no-such-command-here')
  })

  it('cancels the call at Ctrl+C', async () => {
    const { child, out } = running(
      'call',
      'every/thing',
      'trigger-long-running-operation',
      'duration:=60',
      'steps:=600',
      '--json',
    )
    await once(child.stderr, 'data')
    child.kill('SIGINT')
    const [code] = await once(child, 'exit')
    expect([code, JSON.parse(await out)]).toEqual([5, expect.objectContaining({ status: 'cancelled' })])
  })

  it('follows a log until Ctrl+C, and exits 0', async () => {
    const child = spawn(process.execPath, [cliModule, 'logs', 'every/thing', '-f', '--home', folder.home])
    // Opened before anything is awaited: lines that come while nobody reads would be lost.
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    const untilReady = async (): Promise<void> => {
      for (let next = await lines.next(); !next.done; next = await lines.next()) if (/ready in/.test(next.value)) return
    }
    await untilReady()
    await run('restart', 'every/thing')
    await untilReady()
    child.kill('SIGINT')
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  it('stops it', async () => {
    expect(await run('stop', 'every/thing')).toMatchObject({ code: 0, out: 'every/thing  ○ stopped\n' })
    expect((await run('call', 'every/thing', 'echo', 'message=hello')).err).toContain('server_not_running')
  })
})
