import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { cliModule, runCli } from './test-run.ts'
import { endProcess, startServe, temporaryHome } from './test-serve.ts'

async function announced(home: string): Promise<{ pid: number; url: string; version: string; startedAt: string }> {
  return JSON.parse(await readFile(join(home, 'runtime.json'), 'utf8'))
}

it('announces itself, answers, and ends cleanly on SIGTERM', async () => {
  await using folder = await temporaryHome()
  const { home } = folder
  await using serving = await startServe(home)
  expect(await announced(home)).toMatchObject({ pid: serving.child.pid, url: serving.url })
  const listed = await runCli(['ls', '--json', '--home', home])
  expect([listed.code, JSON.parse(listed.out)]).toEqual([0, { items: [], next_before: null }])
  expect((await runCli(['status', '--home', home])).out).toContain(serving.url)
  await endProcess(serving.child)
  expect([serving.child.exitCode, existsSync(join(home, 'runtime.json'))]).toEqual([0, false])
})

it('is one program a home: a second serve names the first and exits 0', async () => {
  await using folder = await temporaryHome()
  await using serving = await startServe(folder.home)
  const second = await runCli(['serve', '--home', folder.home, '--port', '0', '--no-open'])
  expect([second.code, second.out]).toEqual([0, `Signalbox already runs at ${serving.url}\n`])
})

it('starts again after it was killed', async () => {
  await using folder = await temporaryHome()
  const first = await startServe(folder.home)
  await endProcess(first.child, 'SIGKILL')
  expect((await runCli(['ls', '--home', folder.home])).code).toBe(3)
  await using second = await startServe(folder.home)
  expect((await announced(folder.home)).pid).toBe(second.child.pid)
})

it('names who holds a taken port, and --port', async () => {
  await using folder = await temporaryHome()
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const { port } = holder.address() as AddressInfo
  const ran = await runCli(['serve', '--home', folder.home, '--port', String(port), '--no-open'])
  holder.close()
  expect([ran.code, ran.out]).toEqual([1, ''])
  expect(ran.err).toContain(String(port))
  expect(ran.err).toContain('--port')
  if (process.platform === 'linux') expect(ran.err).toContain(`process ${process.pid}`)
})

it('names a home that cannot be used', async () => {
  await using folder = await temporaryHome()
  const file = join(folder.home, 'file')
  await writeFile(file, '')
  const ran = await runCli(['serve', '--home', file, '--port', '0', '--no-open'])
  expect([ran.code, ran.out]).toEqual([1, ''])
  expect(ran.err).toContain(file)
  expect(ran.err).toContain('--home')
})

it('runs with a broken mcp.json, names line and column, and leaves the file alone', async () => {
  await using folder = await temporaryHome()
  const broken = '{ "mcpServers": {\n  "a": ] } }'
  await writeFile(join(folder.home, 'mcp.json'), broken)
  await using _serving = await startServe(folder.home)
  expect((await runCli(['status', '--home', folder.home])).out).toContain(`${join(folder.home, 'mcp.json')}:2:`)
  expect(await readFile(join(folder.home, 'mcp.json'), 'utf8')).toBe(broken)
})

it('ends with the npm that started it, also when that is killed', async () => {
  await using folder = await temporaryHome()
  const words = [cliModule, 'serve', '--home', folder.home, '--port', '0', '--no-open']
  // A wrapper like npm: it starts the program below itself and does nothing for it.
  const script = `
    require('node:child_process').spawn(process.execPath, ${JSON.stringify(words)}, {
      stdio: ['ignore', 'inherit', 'ignore'], env: { ...process.env, npm_lifecycle_event: 'signalbox' },
    })
    setInterval(() => {}, 1000)`
  const wrapper = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(wrapper.stdout, 'data')
  const { url } = await announced(folder.home)
  const ended = once(wrapper.stdout, 'close')
  await endProcess(wrapper, 'SIGKILL')
  // The program holds the other end of that pipe: it closes when both are gone.
  await ended
  await expect(fetch(url)).rejects.toThrow()
  expect(existsSync(join(folder.home, 'runtime.json'))).toBe(false)
})

it('ends cleanly also when nobody reads what it says any more', async () => {
  await using folder = await temporaryHome()
  const words = [cliModule, 'serve', '--home', folder.home, '--port', '0', '--no-open']
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] })
  await once(child.stdout, 'data')
  child.stdout.destroy()
  child.stderr.destroy()
  await endProcess(child)
  expect([child.exitCode, existsSync(join(folder.home, 'runtime.json'))]).toEqual([0, false])
})

it('exits by itself when it cannot start, under npm too', async () => {
  await using folder = await temporaryHome()
  await writeFile(join(folder.home, 'file'), '')
  const words = ['serve', '--home', join(folder.home, 'file'), '--port', '0', '--no-open']
  expect((await runCli(words, { npm_lifecycle_event: 'signalbox' })).code).toBe(1)
})
