import { readFile, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { describe, expect, it } from 'vitest'
import { doctorReportSchema } from '../../shared/doctor-contract.ts'
import type { ServerId } from '../../shared/ids.ts'
import { createEngine, type Engine } from '../engine.ts'
import { memoryVault } from '../secrets/memory-vault.ts'
import { temporaryHost } from '../test-host.ts'
import { openHeadlessDoctor } from './headless.ts'

const it_ = 'it' as ServerId
const echo = [resolve('test-servers/echo.mjs')]

function clientOf(engine: Engine) {
  return createRouterClient(engine.router, { context: { origin: 'page' } })
}

async function configure(home: string, entry: Record<string, unknown>): Promise<void> {
  await writeFile(join(home, 'mcp.json'), `${JSON.stringify({ mcpServers: { it: entry } }, null, 2)}\n`)
}

describe('in the running program', () => {
  it('tells of a server that runs without starting another', async () => {
    await using host = await temporaryHost()
    await configure(host.home, { command: process.execPath, args: echo })
    await using engine = await createEngine(host)
    const api = clientOf(engine)
    const { pid } = await api.servers.start({ id: it_, wait_s: 60 })
    const report = await api.doctor.examine({ server: it_ })
    expect(doctorReportSchema.parse(report)).toMatchObject({
      server: 'it',
      server_running: true,
      port_open: null,
      permissions: true,
      environment: true,
      problems: 0,
    })
    expect(report.checks.find(({ check }) => check === 'spawn')?.message).toContain(String(pid))
    expect((await api.servers.runs({ id: it_ })).items).toHaveLength(1)
  })

  it('starts what nobody agreed to only when it is told to, and that is no agreement', async () => {
    await using host = await temporaryHost()
    await configure(host.home, { command: process.execPath, args: echo })
    await using engine = await createEngine(host)
    const api = clientOf(engine)
    const careful = await api.doctor.examine({ server: it_ })
    expect(careful).toMatchObject({ first: 'needs_consent', server_running: false })
    expect(careful.checks.find(({ check }) => check === 'spawn')).toMatchObject({
      status: 'skipped',
      because: 'consent',
    })
    expect((await api.doctor.examine({ server: it_, run: true })).first).toBeNull()
    expect(await api.servers.consent({ id: it_ })).toMatchObject({ status: 'new' })
    expect(await api.servers.get({ id: it_ })).toMatchObject({ state: 'stopped', wished: false })
  })

  it('shows a fix, applies it as it was shown, and refuses it once the file says something else', async () => {
    await using host = await temporaryHost({ vault: memoryVault(new Map()) })
    await configure(host.home, { command: `${process.execPath} ${echo[0]}` })
    await using engine = await createEngine(host)
    const api = clientOf(engine)
    const find = async () =>
      (await api.doctor.examine({ server: it_ })).checks.find(({ fix }) => fix?.title.startsWith('Split'))
    const fix = (await find())!.fix!
    expect(fix.changes[0]!.hunks[0]!.lines).toContainEqual({ kind: 'added', text: `      "args": ["${echo[0]}"]` })

    await api.servers.saveConfig({ id: it_, entry: { command: `${process.execPath} -v` } })
    await expect(api.doctor.fix({ fix: fix.id })).rejects.toMatchObject({ code: 'preview_stale', status: 409 })
    await configure(host.home, { command: `${process.execPath} ${echo[0]}` })
    await expect.poll(() => find().then((found) => found?.fix?.id)).toBe(fix.id)
    await api.doctor.fix({ fix: fix.id })
    const { entry } = await api.servers.config({ id: it_ })
    expect(entry).toEqual({ command: process.execPath, args: echo })
    await expect(api.doctor.fix({ fix: fix.id })).rejects.toMatchObject({ code: 'unknown_fix', status: 404 })
  })

  it('asks for a value before it fixes what only a person knows, and keeps it in the vault', async () => {
    const kept = new Map<string, string>()
    await using host = await temporaryHost({ vault: memoryVault(kept) })
    await configure(host.home, { command: process.execPath, args: echo, env: { KEY: '${DOCTOR_TEST_KEY}' } })
    await using engine = await createEngine(host)
    const api = clientOf(engine)
    const { checks } = await api.doctor.examine({ server: it_ })
    const { fix } = checks.find(({ code }) => code === 'variable_missing')!
    await expect(api.doctor.fix({ fix: fix!.id })).rejects.toMatchObject({ code: 'value_needed', status: 422 })
    await api.doctor.fix({ fix: fix!.id, value: 'planted-4711' })
    expect([...kept]).toEqual([['DOCTOR_TEST_KEY', 'planted-4711']])
    expect(await readFile(join(host.home, 'mcp.json'), 'utf8')).toContain('${secret:DOCTOR_TEST_KEY}')
  })

  it('refuses a server that is not configured', async () => {
    await using host = await temporaryHost()
    await using engine = await createEngine(host)
    const examined = clientOf(engine).doctor.examine({ server: 'other' as ServerId })
    await expect(examined).rejects.toMatchObject({ code: 'unknown_server', status: 404 })
  })
})

describe('without a program', () => {
  it('keeps to what was agreed to in the home, and leaves the home as it was', async () => {
    await using host = await temporaryHost()
    await configure(host.home, { command: process.execPath, args: echo })
    {
      await using engine = await createEngine(host)
      await clientOf(engine).servers.start({ id: it_, wait_s: 60 })
    }
    const { mtimeMs } = await stat(join(host.home, 'signalbox.db'))
    await using opened = await openHeadlessDoctor(host, 0)
    const report = await opened.doctor.examine({ server: it_ }, AbortSignal.timeout(60_000))
    expect(report).toMatchObject({ server_running: false, problems: 0 })
    expect(report.checks.find(({ check }) => check === 'tools')?.status).toBe('ok')
    expect((await stat(join(host.home, 'signalbox.db'))).mtimeMs).toBe(mtimeMs)
  })

  it('masks what a server says of its secrets', async () => {
    await using host = await temporaryHost()
    const code = 'console.error("cannot sign in with " + process.env.API_TOKEN); process.exit(1)'
    const env = { API_TOKEN: 'planted-and-worth-hiding-4711' }
    await configure(host.home, { command: process.execPath, args: ['-e', code], env })
    await using opened = await openHeadlessDoctor(host, 0)
    const report = await opened.doctor.examine({ run: true }, AbortSignal.timeout(60_000))
    expect(report.first).toBe('server_exited')
    expect(JSON.stringify(report)).not.toContain(env.API_TOKEN)
  })
})
