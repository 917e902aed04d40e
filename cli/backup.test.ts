import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { runCli } from './test-run.ts'
import { startServe, temporaryHome } from './test-serve.ts'

const value = 'correct horse/battery+staple'

/** A home with one server, one call on record and one secret; what was called with it. */
async function usedHome(home: string): Promise<void> {
  const entry = { command: process.execPath, args: [resolve('test-servers/echo.mjs')], env: { A: '${secret:A}' } }
  writeFileSync(join(home, 'mcp.json'), JSON.stringify({ mcpServers: { echo: entry } }))
}

it('sets, exports, backs up and restores, and no secret leaves the vault', async () => {
  await using folder = await temporaryHome()
  await using other = await temporaryHome()
  const { home } = folder
  const run = (...words: string[]) => runCli([...words, '--home', home])
  const file = join(other.home, 'all.backup')
  await usedHome(home)
  {
    await using serving = await startServe(home)
    const token = readFileSync(join(home, 'token'), 'utf8')
    await fetch(`${serving.url}/api/v1/secrets/A`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ value }),
    })
    expect((await run('start', 'echo', '--wait', '60')).code).toBe(0)
    expect((await run('call', 'echo', 'echo', `text=${value}`)).code).toBe(0)

    expect((await run('settings', 'retention_log_days')).out).toBe('30\n')
    expect((await run('settings', 'retention_log_days', '7')).code).toBe(0)
    expect(JSON.parse((await run('settings', '--json')).out).settings).toMatchObject({ retention_log_days: 7 })
    expect((await run('settings', 'retention_log_days', 'soon')).code).not.toBe(0)
    expect((await run('settings', 'retention')).err).toContain('retention_task_days')

    const exported = (await run('export', 'tasks')).out
    expect(
      exported
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).action),
    ).toEqual(['echo'])
    expect(exported).not.toContain(value)
    expect((await run('export', 'logs')).code).toBe(0)
    expect((await run('export', 'rules')).err).toContain('cannot be exported')

    expect((await run('backup', file)).code).toBe(0)
    expect((await run('backup', file)).err).toContain('exists already')
    expect((await run('restore', file)).err).toContain('Signalbox is running')
  }
  const bytes = readFileSync(file)
  const token = readFileSync(join(home, 'token'), 'utf8')
  for (const secret of [value, token, Buffer.from(value).toString('base64')]) expect(bytes.includes(secret)).toBe(false)
  expect(statSync(file).mode & 0o777).toBe(0o600)

  writeFileSync(join(home, 'mcp.json'), '{}')
  const restored = await run('restore', file)
  expect([restored.code, restored.err]).toEqual([0, ''])
  expect(readFileSync(join(home, 'mcp.json'), 'utf8')).toContain('echo')
  // Another home knows nothing of it, so its servers wait to be looked at.
  expect((await runCli(['restore', file, '--home', join(other.home, 'new')])).err).toContain('Another home made it')
})

it.each([
  ['a text', Buffer.from('this has never been a backup '.repeat(200))],
  ['nothing', Buffer.alloc(0)],
  ['another database', null],
])('refuses %s as a backup and changes nothing', async (_, content) => {
  await using folder = await temporaryHome()
  const { home } = folder
  await usedHome(home)
  const file = join(home, 'file.backup')
  const before = readFileSync(join(home, 'mcp.json'), 'utf8')
  if (content === null) {
    const { default: Database } = await import('better-sqlite3')
    const database = new Database(file)
    database.exec('create table parts (name text, bytes integer, sha256 text)')
    database.close()
  } else writeFileSync(file, content)
  const { code, err } = await runCli(['restore', file, '--home', home])
  expect([code === 0, err]).toEqual([false, expect.stringContaining('is damaged or no backup of Signalbox')])
  expect(readFileSync(join(home, 'mcp.json'), 'utf8')).toBe(before)
})
