import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { claimHome } from './home-lock.ts'
import { readRuntimeFile, writeRuntimeFile } from './runtime-file.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'signalbox-lock-'))
})
afterEach(() => rm(home, { recursive: true }))

async function healthy(): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((request, response) => response.writeHead(request.url === '/healthz' ? 200 : 404).end())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}

const about = { pid: process.pid, version: '0.0.0', startedAt: '2026-11-22T14:00:00.000Z' }

describe('a home', () => {
  it('belongs to one program, and the second is told which', async () => {
    await using program = await healthy()
    const first = await claimHome(home)
    if (first.kind !== 'ours') throw new Error('the home was taken')
    using _lock = first.lock
    const second = claimHome(home)
    await using _announced = await writeRuntimeFile(home, { ...about, url: program.url })
    expect(await second).toEqual({ kind: 'held', holder: { ...about, url: program.url } })
  })

  it('goes to the next when its program ends', async () => {
    const first = await claimHome(home)
    if (first.kind !== 'ours') throw new Error('the home was taken')
    const second = claimHome(home)
    first.lock[Symbol.dispose]()
    const claim = await second
    expect(claim.kind).toBe('ours')
    if (claim.kind === 'ours') claim.lock[Symbol.dispose]()
  })

  it('is free again after its program was killed', async () => {
    const module = JSON.stringify(new URL('home-lock.ts', import.meta.url).href)
    const script = `const { claimHome } = await import(${module}); const claim = await claimHome(${JSON.stringify(home)}); console.log(claim.kind); setInterval(() => claim, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    expect(String((await once(child.stdout, 'data'))[0]).trim()).toBe('ours')
    const second = claimHome(home)
    child.kill('SIGKILL')
    const claim = await second
    expect(claim.kind).toBe('ours')
    if (claim.kind === 'ours') claim.lock[Symbol.dispose]()
  })

  it('that cannot be made is named', async () => {
    await writeFile(join(home, 'file'), '')
    await expect(claimHome(join(home, 'file', 'home'))).rejects.toMatchObject({ code: 'home_unusable' })
  })
})

describe('runtime.json', () => {
  it('stands while the program runs, with exactly the fields for scripts', async () => {
    await using program = await healthy()
    const info = { ...about, url: program.url }
    {
      await using _announced = await writeRuntimeFile(home, info)
      expect(JSON.parse(await readFile(join(home, 'runtime.json'), 'utf8'))).toEqual(info)
      expect(await readRuntimeFile(home)).toEqual(info)
    }
    expect(await readRuntimeFile(home)).toBeNull()
  })

  it('of a dead process, of a pid that is used by another, or broken, counts as none', async () => {
    const dead = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
    await once(dead, 'exit')
    await using program = await healthy()
    for (const info of [
      JSON.stringify({ ...about, pid: dead.pid, url: program.url }),
      JSON.stringify({ ...about, url: 'http://127.0.0.1:1' }),
      '{"pid":',
    ]) {
      await writeFile(join(home, 'runtime.json'), info)
      expect(await readRuntimeFile(home)).toBeNull()
    }
  })
})
