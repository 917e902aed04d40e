import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import { createEngine } from '../engine.ts'
import { temporaryHost } from '../test-host.ts'

/** Stands in for npm, which would ask a registry: links what is installed here, or fails with what it is told. */
const npm = `#!/bin/sh
[ -z "$FAILS_WITH" ] || { echo "$FAILS_WITH" >&2; exit 1; }
ln -s '${resolve('node_modules')}' node_modules
`
const lamp = 'lamp' as ServerId

async function engineWith(env: Record<string, string> = {}) {
  const host = await temporaryHost()
  onTestFinished(() => host[Symbol.asyncDispose]())
  const bin = join(host.home, 'bin')
  await mkdir(bin)
  await writeFile(join(bin, 'npm'), npm)
  await chmod(join(bin, 'npm'), 0o755)
  // No npm lies beside this Node, so the one on PATH is taken.
  const node = join(bin, 'node')
  await symlink(process.execPath, node)
  const path = `${bin}:${process.env.PATH}`
  const engine = await createEngine({ ...host, node, env: { ...process.env, PATH: path, ...env } })
  onTestFinished(() => engine[Symbol.asyncDispose]())
  return { host, api: createRouterClient(engine.router, { context: { origin: 'api' } }) }
}

describe.skipIf(process.platform === 'win32')('a server of one’s own', () => {
  it('is written, put into mcp.json, given its packages and started', async () => {
    const { host, api } = await engineWith()
    const begun = await api.custom.begin({ name: 'lamp', dir: '~/projects/lamp', start: true })
    const dir = join(host.userHome, 'projects', 'lamp')
    expect(begun).toEqual({ id: lamp, dir, next: ['npm test'], problem: null })
    expect(existsSync(join(dir, 'src', 'create-server.ts'))).toBe(true)
    expect(await api.servers.start({ id: lamp, wait_s: 60 })).toMatchObject({ state: 'ready', wished: true })
    const { entry } = await api.servers.config({ id: lamp })
    expect(entry).toMatchObject({ cwd: dir, signalbox: { watch: ['src'] } })
  })

  it('stays, switched off, where its packages cannot be had', async () => {
    const { host, api } = await engineWith({ FAILS_WITH: 'npm error 404' })
    const begun = await api.custom.begin({ name: 'lamp', start: true })
    expect(begun).toMatchObject({
      dir: join(host.userHome, 'lamp'),
      next: ['npm install', 'npm test', 'signalbox start lamp'],
      problem: { code: 'install_failed', message: expect.stringContaining('npm error 404') },
    })
    expect(await api.servers.get({ id: lamp })).toMatchObject({ state: 'stopped', wished: false })
  })

  it('is only written where no start is wished', async () => {
    const { api } = await engineWith({ FAILS_WITH: 'it was not to be asked' })
    expect(await api.custom.begin({ name: 'lamp' })).toMatchObject({ problem: null })
    expect(await api.servers.get({ id: lamp })).toMatchObject({ state: 'stopped', wished: false })
  })

  it('overwrites nothing and leaves nothing behind when it is refused', async () => {
    const { host, api } = await engineWith()
    const begin = (wanted: { name: string; dir?: string }) => api.custom.begin(wanted)
    await begin({ name: 'lamp' })
    const source = await readFile(join(host.userHome, 'lamp', 'package.json'), 'utf8')
    await expect(begin({ name: 'other', dir: '~/lamp' })).rejects.toMatchObject({ code: 'folder_not_empty' })
    await expect(begin({ name: 'lamp', dir: '~/two' })).rejects.toMatchObject({ code: 'server_exists' })
    await expect(begin({ name: 'Lamp', dir: '~/two' })).rejects.toMatchObject({ code: 'bad_server_name' })
    await expect(begin({ name: 'three', dir: 'two' })).rejects.toMatchObject({ code: 'bad_folder' })
    expect(existsSync(join(host.userHome, 'two'))).toBe(false)
    expect(await readFile(join(host.userHome, 'lamp', 'package.json'), 'utf8')).toBe(source)
    expect((await api.servers.list()).items.map(({ id }) => id)).toEqual([lamp])
  })
})
