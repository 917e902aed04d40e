import { execFileSync } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import { temporaryHost } from '../test-host.ts'
import { Conversions } from './conversions.ts'
import { baseEnvironment } from './environment.ts'
import { installPackage } from './managed-install.ts'
import { npxPackage } from './npx-package.ts'
import { openTestRegistry } from './test-registry.ts'
import { localSpec } from './test-supervisor.ts'

test.each([
  ['npx', ['-y', 'thing'], { name: 'thing', version: null, args: [] }],
  [
    '/usr/bin/npx',
    ['--yes', '@scope/thing@1.2.3', '/a', '--b'],
    { name: '@scope/thing', version: '1.2.3', args: ['/a', '--b'] },
  ],
  ['C:\\node\\npx.cmd', ['thing@latest'], { name: 'thing', version: 'latest', args: [] }],
  ['cmd', ['/c', 'npx', '-y', 'thing'], { name: 'thing', version: null, args: [] }],
  ['npx', ['-y', '--package=thing', 'other'], null],
  ['npx', ['-y', 'github:a/b'], null],
  ['npx', ['-y', './thing'], null],
  ['npx', ['-y'], null],
  ['node', ['-y', 'thing'], null],
])('%s %j runs %j', (command, args, expected) => {
  expect(npxPackage({ command, args })).toEqual(expected)
})

async function context() {
  const host = await temporaryHost()
  onTestFinished(() => host[Symbol.asyncDispose]())
  const registry = await openTestRegistry()
  onTestFinished(() => registry[Symbol.asyncDispose]())
  const own = { npm_config_registry: registry.url, npm_config_cache: join(host.home, 'npm-cache') }
  return { host, baseEnv: { ...baseEnvironment(process.env, process.platform), ...own } }
}

test('installs a package once and gives the program that Node can run', async () => {
  const given = await context()
  const wanted = { name: '@demo/server', version: null, args: ['one', 'two'] }
  const install = await installPackage(wanted, given)
  expect(install.version).toBe('1.2.0')
  expect(install.program).toContain(join('packages', '@demo+server@1.2.0'))
  expect(execFileSync(process.execPath, [install.program, 'one'], { encoding: 'utf8' })).toBe('one\n')
  expect(await installPackage({ ...wanted, version: '1.2.0' }, given)).toEqual(install)
  expect(await readdir(join(given.host.home, 'packages'))).toEqual(['@demo+server@1.2.0'])
})

test('a package that is not there changes nothing', async () => {
  const given = await context()
  const wanted = { name: '@demo/nothing', version: null, args: [] }
  await expect(installPackage(wanted, given)).rejects.toMatchObject({ code: 'install_failed' })
  expect(await readdir(join(given.host.home, 'packages'))).toEqual([])
})

test('a converted entry runs the package and goes back to exactly what it was', async () => {
  const { host, baseEnv } = await context()
  const id = 'demo' as ServerId
  const before = { command: 'npx', args: ['-y', '@demo/server', 'one'], env: { KEY: '1' }, note: 'mine' }
  let spec = { ...localSpec('demo', before), entry: before as Record<string, unknown> }
  const conversions = new Conversions({
    host,
    supervisor: { baseEnv, spec: () => spec },
    configuration: {
      save: async (_, entry) => {
        spec = { ...localSpec('demo', entry as typeof before), entry }
      },
    },
  })
  expect(conversions.offer(id)).toMatchObject({ kind: 'offered', package: '@demo/server' })
  await conversions.convert(id)
  expect(conversions.offer(id)).toEqual({ kind: 'converted' })
  expect(spec.entry).toMatchObject({ command: '${SIGNALBOX_NODE}', env: { KEY: '1' }, note: 'mine' })
  expect((spec.entry.args as string[])[1]).toBe('one')
  await conversions.revert(id)
  expect(spec.entry).toEqual(before)
  await expect(conversions.revert(id)).rejects.toMatchObject({ code: 'not_convertible' })
})
