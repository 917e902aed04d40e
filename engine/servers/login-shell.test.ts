import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { loginShellPath } from './login-shell.ts'
import { findSearchPath } from './search-path.ts'

const posix = process.platform !== 'win32'

/** A shell with a start file of its own, as far as `-ilc` goes. */
async function shell(startFile: string): Promise<{ path: string; userHome: string }> {
  const userHome = await mkdtemp(join(tmpdir(), 'signalbox-shell-'))
  onTestFinished(() => rm(userHome, { recursive: true }))
  const path = join(userHome, 'shell')
  await writeFile(path, `#!/bin/sh\n[ "$1" = -ilc ] || exit 9\n${startFile}\neval "$2"\n`)
  await chmod(path, 0o700)
  return { path, userHome }
}

test.runIf(posix)('takes the PATH that start files make, whatever they print', async () => {
  const { path } = await shell('echo "Welcome PATH=/nowhere"; PATH=/one:/two:$PATH; export PATH')
  const env = { PATH: '/usr/bin:/bin' }
  expect(await loginShellPath({ shell: path, env })).toBe('/one:/two:/usr/bin:/bin')
})

test.runIf(posix)('reads the shell of the system, which may keep the last word that it saw', async () => {
  const { userHome } = await shell('')
  await writeFile(join(userHome, '.profile'), 'PATH="/one folder:$PATH"\n')
  const env = { PATH: '/usr/bin:/bin', HOME: userHome }
  expect(await loginShellPath({ shell: '/bin/sh', env })).toMatch(/^\/one folder:/)
})

test.runIf(posix)('gives up on a shell that does not come to its end, and on one that is none', async () => {
  const { path } = await shell('sleep 600')
  const env = { PATH: '/usr/bin:/bin' }
  await expect(loginShellPath({ shell: path, env, timeoutMs: 200 })).rejects.toMatchObject({ code: 'shell_timeout' })
  await expect(loginShellPath({ shell: '/no/shell', env })).rejects.toMatchObject({ code: 'shell_failed' })
})

test.runIf(posix)('asks only where no shell has started us, or when it is told to', async () => {
  const { path, userHome } = await shell('PATH=/mine:$PATH; export PATH')
  await mkdir(join(userHome, '.local/bin'), { recursive: true })
  const host = { platform: process.platform, userHome }
  const env = { SHELL: path, PATH: '/usr/bin:/bin' }
  const fromMenu = await findSearchPath({ ...host, env })
  expect([fromMenu.shell, fromMenu.folders[0], fromMenu.folders.includes(join(userHome, '.local/bin'))]).toEqual([
    path,
    '/mine',
    true,
  ])
  const inTerminal = { ...host, env: { ...env, SHLVL: '1' } }
  expect((await findSearchPath(inTerminal)).shell).toBeNull()
  expect((await findSearchPath(inTerminal, { force: true })).folders[0]).toBe('/mine')
})

test.runIf(posix)('keeps the well-known folders where the shell fails, and says why', async () => {
  const { userHome } = await shell('')
  const found = await findSearchPath({ platform: process.platform, userHome, env: { SHELL: '/no/shell' } })
  expect(found.problem?.code).toBe('shell_failed')
})
