import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { doctorReportSchema } from '../shared/doctor-contract.ts'
import { cliModule, runCli } from './test-run.ts'
import { startServe, temporaryHome } from './test-serve.ts'

const echo = resolve('test-servers/echo.mjs')

let temporary: Awaited<ReturnType<typeof temporaryHome>>
let home: string
beforeEach(async () => {
  temporary = await temporaryHome()
  home = temporary.home
})
afterEach(() => temporary[Symbol.asyncDispose]())

async function configure(servers: Record<string, unknown>): Promise<void> {
  await writeFile(join(home, 'mcp.json'), `${JSON.stringify({ mcpServers: servers }, null, 2)}\n`, { mode: 0o600 })
}

const demo = { command: process.execPath, args: [echo] }
const crooked = { command: `${process.execPath} ${echo}` }
const examine = (...words: string[]) => runCli(['doctor', '--home', home, '--port', '0', ...words])

describe('without a running program', () => {
  it('ends with 0 where all is well, with 1 where something is not, with 4 for an unknown name', async () => {
    await configure({ demo, crooked })
    expect((await examine('demo', '--run')).code).toBe(0)
    const found = await examine('--run', '--json')
    expect(found.code).toBe(1)
    expect(doctorReportSchema.parse(JSON.parse(found.out))).toMatchObject({
      first: 'command_not_found',
      server_running: false,
      port_open: false,
      permissions: true,
      environment: true,
    })
    expect((await examine('other')).code).toBe(4)
  })

  it('shows a fix and leaves all as it is, unless it is told to apply it', async () => {
    await configure({ crooked })
    const before = await readFile(join(home, 'mcp.json'), 'utf8')
    const shown = await examine('crooked', '--fix', '--run')
    expect([shown.code, await readFile(join(home, 'mcp.json'), 'utf8')]).toEqual([1, before])
    expect(shown.err).toContain(`+       "args": ["${echo}"]`)
    expect((await examine('crooked', '--fix', '--yes', '--run')).code).toBe(0)
    expect(JSON.parse(await readFile(join(home, 'mcp.json'), 'utf8')).mcpServers.crooked).toEqual(demo)
  })

  it('mends a home in which nothing else works', async () => {
    await mkdir(join(home, 'backups'))
    await writeFile(join(home, 'backups', 'mcp.json'), '{ "mcpServers": {} }\n')
    await writeFile(join(home, 'mcp.json'), '{ "mcpServers": ')
    await writeFile(join(home, 'token'), 'cut off', { mode: 0o600 })
    expect((await examine('--fix', '--yes')).code).toBe(0)
    expect(await readFile(join(home, 'mcp.json'), 'utf8')).toBe('{ "mcpServers": {} }\n')
  })
})

it('asks the running program, which knows what runs', async () => {
  await configure({ demo })
  await using _serving = await startServe(home)
  await runCli(['start', 'demo', '--wait', '60', '--home', home])
  const { code, out } = await runCli(['doctor', 'demo', '--json', '--home', home])
  expect([code, JSON.parse(out)]).toMatchObject([0, { server_running: true, first: null }])
})

it.skipIf(process.platform === 'win32')('each command of the guide works as it is written', async () => {
  await configure({ demo, crooked })
  const guide = await readFile('docs/guides/doctor.md', 'utf8')
  const lines = [...guide.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block]) => block!.trim().split('\n'))
  for (const line of lines) {
    const signalbox = `signalbox() { '${process.execPath}' '${cliModule}' "$@"; }`
    const env = { ...process.env, SIGNALBOX_HOME: home }
    const child = spawn('bash', ['-c', `${signalbox}\n${line}`], { cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const said = await Promise.all([readAll(child.stdout), readAll(child.stderr), once(child, 'exit')])
    expect([line, child.exitCode, child.exitCode === 0 ? '' : said]).toEqual([line, 0, ''])
  }
  expect(lines.length).toBeGreaterThan(3)
  expect(JSON.parse(await readFile(join(home, 'report.json'), 'utf8'))).toMatchObject({ server: 'demo', problems: 0 })
})
