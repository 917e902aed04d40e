import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LaunchSpec } from '../config/server-spec.ts'
import { resolveLaunch } from './launch.ts'

let folder: string

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'signalbox-launch-')))
  await mkdir(join(folder, 'bin'))
  await mkdir(join(folder, 'with space'))
  await mkdir(join(folder, 'folder-as-program'))
  await writeFile(join(folder, 'bin', 'tool'), '#!/bin/sh\n')
  await chmod(join(folder, 'bin', 'tool'), 0o755)
  await writeFile(join(folder, 'bin', 'plain'), 'text')
})

afterAll(() => rm(folder, { recursive: true }))

function resolve(spec: Partial<LaunchSpec>) {
  const context = {
    baseEnv: { PATH: `/nowhere:${join(folder, 'bin')}` },
    platform: 'linux' as const,
    userHome: folder,
  }
  return resolveLaunch({ command: 'tool', args: [], env: {}, cwd: null, ...spec }, context)
}

describe('resolveLaunch', () => {
  test('finds a name on PATH and keeps arguments byte for byte', async () => {
    const args = ['a b', '$(x)', '"', "'", '\u{1f980}', '\u05d0', '']
    expect(await resolve({ args, env: { KEY: 'value' } })).toEqual({
      command: join(folder, 'bin', 'tool'),
      args,
      cwd: folder,
      env: { PATH: `/nowhere:${join(folder, 'bin')}`, KEY: 'value' },
      path: ['/nowhere', join(folder, 'bin')],
    })
  })

  test.each([
    ['~/bin/tool', null],
    ['./bin/tool', '~'],
    ['../bin/tool', '~/with space'],
  ])('finds %s from folder %s', async (command, cwd) => {
    expect((await resolve({ command, cwd })).command).toBe(join(folder, 'bin', 'tool'))
  })

  test("looks on the entry's own PATH where it sets one", async () => {
    await expect(resolve({ env: { PATH: '/empty' } })).rejects.toMatchObject({
      code: 'command_not_found',
      message: 'tool is not on PATH; looked in 1 folder',
    })
  })

  test.each([
    [{ command: ' ' }, 'empty_command', 'command is empty'],
    [{ args: ['a\0b'] }, 'invalid_argument', 'NUL'],
    [{ command: 'uvx' }, 'command_not_found', 'uvx is not on PATH; looked in 2 folders'],
    [{ command: './uvx' }, 'command_not_found', 'uvx does not exist'],
    [{ command: 'plain' }, 'not_executable', 'plain is not an executable file'],
    [{ command: '~/folder-as-program' }, 'not_executable', 'folder-as-program'],
    [{ cwd: '~/missing' }, 'cwd_missing', 'missing does not exist'],
    [{ cwd: '~/bin/tool' }, 'cwd_not_a_folder', 'is a file'],
  ])('refuses %j with %s', async (spec, code, part) => {
    await expect(resolve(spec)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(part),
      hint: expect.any(String),
    })
  })
})
