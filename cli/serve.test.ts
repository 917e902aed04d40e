import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runCli } from './test-run.ts'

let home: string
let children: ChildProcess[]
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'signalbox-serve-'))
  children = []
})
afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await rm(home, { recursive: true, maxRetries: 5 })
})

interface Announced {
  pid: number
  url: string
  version: string
  startedAt: string
}

/** Starts `serve` and resolves with what it announces on its first line. */
async function serve(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['cli/main.ts', 'serve', '--home', home, '--port', '0', '--no-open'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, npm_lifecycle_event: undefined },
  })
  children.push(child)
  for await (const line of createInterface(child.stdout)) {
    const url = /runs at (\S+)$/.exec(line)?.[1]
    if (url !== undefined) return { child, url }
  }
  throw new Error('serve ended without a word')
}

const runtime = async (): Promise<Announced> => JSON.parse(await readFile(join(home, 'runtime.json'), 'utf8'))

it('announces itself, answers, and ends cleanly on SIGTERM', async () => {
  const { child, url } = await serve()
  expect(await runtime()).toMatchObject({ pid: child.pid, url, version: expect.any(String) })
  const listed = await runCli(['ls', '--json', '--home', home])
  expect(listed.code).toBe(0)
  expect(JSON.parse(listed.out)).toMatchObject({ items: [] })
  expect((await runCli(['status', '--home', home])).out).toContain(url)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(existsSync(join(home, 'runtime.json'))).toBe(false)
})

it('is one program a home: a second serve names the first and exits 0', async () => {
  const { url } = await serve()
  const second = await runCli(['serve', '--home', home, '--port', '0', '--no-open'])
  expect([second.code, second.out]).toEqual([0, `Signalbox already runs at ${url}\n`])
})

it('starts again after it was killed', async () => {
  const first = await serve()
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')
  expect((await runCli(['ls', '--home', home])).code).toBe(3)
  const second = await serve()
  expect((await runtime()).pid).toBe(second.child.pid)
})

it('names who holds a taken port, and --port', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const { port } = holder.address() as AddressInfo
  const ran = await runCli(['serve', '--home', home, '--port', String(port), '--no-open'])
  holder.close()
  expect([ran.code, ran.out]).toEqual([1, ''])
  expect(ran.err).toContain(String(port))
  expect(ran.err).toContain('--port')
  if (process.platform === 'linux') expect(ran.err).toContain(`process ${process.pid}`)
})

it('names a home that cannot be used', async () => {
  await writeFile(join(home, 'file'), '')
  const ran = await runCli(['serve', '--home', join(home, 'file'), '--port', '0', '--no-open'])
  expect([ran.code, ran.out]).toEqual([1, ''])
  expect(ran.err).toContain(join(home, 'file'))
  expect(ran.err).toContain('--home')
})

it('ends with the npm that started it, also when that is killed', async () => {
  // A wrapper like npm: it starts the program below itself and does nothing for it.
  const script = `
    const { spawn } = require('node:child_process')
    spawn(process.execPath, ['cli/main.ts', 'serve', '--home', ${JSON.stringify(home)}, '--port', '0', '--no-open'], {
      stdio: 'inherit', env: { ...process.env, npm_lifecycle_event: 'signalbox' },
    })
    setInterval(() => {}, 1000)`
  const wrapper = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(wrapper)
  await once(wrapper.stdout, 'data')
  const { url } = await runtime()
  const ended = once(wrapper.stdout, 'close')
  wrapper.kill('SIGKILL')
  // The program holds the other end of that pipe: it closes when both are gone.
  await ended
  await expect(fetch(url)).rejects.toThrow()
  expect(existsSync(join(home, 'runtime.json'))).toBe(false)
})
