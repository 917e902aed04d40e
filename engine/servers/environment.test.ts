import { expect, test } from 'vitest'
import { baseEnvironment, childEnvironment, pathFolders, readVariable } from './environment.ts'

test('takes out what npm, Electron, test tools and Signalbox put there, and keeps the rest', () => {
  const env = {
    HOME: '/home/ada',
    LANG: 'C.UTF-8',
    PATH: '/srv/app/node_modules/.bin:/opt/npm/lib/node-gyp-bin:/usr/bin:/home/ada/.local/bin:/usr/bin',
    npm_config_registry: 'https://example.org/',
    npm_lifecycle_event: 'start',
    NPM_TOKEN_FILE: '/x',
    INIT_CWD: '/srv/app',
    NODE: '/srv/app/node',
    NODE_OPTIONS: '--inspect',
    NODE_ENV: 'test',
    NODE_EXTRA_CA_CERTS: '/etc/ca.pem',
    ELECTRON_RUN_AS_NODE: '1',
    VITEST: 'true',
    VITEST_POOL_ID: '1',
    SIGNALBOX_HOME: '/tmp/home',
    UNSET: undefined,
  }
  expect(baseEnvironment(env, 'linux')).toEqual({
    HOME: '/home/ada',
    LANG: 'C.UTF-8',
    NODE_EXTRA_CA_CERTS: '/etc/ca.pem',
    PATH: '/usr/bin:/home/ada/.local/bin',
  })
})

test("appends the login shell's folders that are not there yet", () => {
  expect(baseEnvironment({ PATH: '/usr/bin' }, 'darwin', '/opt/homebrew/bin:/usr/bin')).toEqual({
    PATH: '/usr/bin:/opt/homebrew/bin',
  })
})

test("lets the entry's variables win", () => {
  const base = { PATH: '/usr/bin', HOME: '/home/ada' }
  expect(childEnvironment(base, { PATH: '/opt/bin' }, 'linux')).toEqual({ PATH: '/opt/bin', HOME: '/home/ada' })
})

test('treats names without regard to case on Windows only', () => {
  const base = baseEnvironment({ Path: 'C:\\Windows;C:\\app\\node_modules\\.bin' }, 'win32')
  expect(base).toEqual({ Path: 'C:\\Windows' })
  expect(childEnvironment(base, { PATH: 'D:\\bin' }, 'win32')).toEqual({ PATH: 'D:\\bin' })
  expect(readVariable(base, 'PATH', 'win32')).toBe('C:\\Windows')
  expect(readVariable({ Path: '/usr/bin' }, 'PATH', 'linux')).toBeUndefined()
})

test('leaves relative folders of PATH out', () => {
  expect(pathFolders('.:bin::/usr/bin', 'linux')).toEqual(['/usr/bin'])
})
