import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryHost } from '../test-host.ts'
import { runInstaller } from './package-manager.ts'

it.each([
  ['npm error code E404\nnpm error 404 Not Found', 'npm error code E404'],
  [
    '  error: subprocess-exited\n  ERROR: No matching distribution found for x\n  note: see above',
    'ERROR: No matching distribution found for x',
  ],
])('a failure says the line that tells most: %j', async (said, told) => {
  await using host = await temporaryHost()
  const context = { host, baseEnv: {} }
  const fail = 'process.stderr.write(process.argv[1]); process.exitCode = 1'
  const run = runInstaller([process.execPath, '-e'], [fail, said], {
    folder: host.home,
    what: 'It',
    hint: 'Wait.',
    context,
  })
  await expect(run).rejects.toMatchObject({ code: 'install_failed', message: `It cannot be installed: ${told}` })
})

it.skipIf(process.platform === 'win32')(
  'runs the npm.cmd of Windows through cmd.exe, which Node refuses to run by itself',
  async () => {
    await using host = await temporaryHost()
    // Stands where the system's own would: it writes down how it was called.
    const cmd = join(host.home, 'cmd.exe')
    await writeFile(cmd, `#!/bin/sh\nprintf '%s\\n' "$@" > "${join(host.home, 'called')}"\n`)
    await chmod(cmd, 0o755)
    const context = { host: { ...host, platform: 'win32' as const }, baseEnv: { PATH: `${host.home}:/usr/bin:/bin` } }
    await runInstaller(['C:\\Program Files\\npm.cmd'], ['install', 'a&b'], {
      folder: host.home,
      what: 'It',
      hint: 'Wait.',
      context,
    })
    const called = (await readFile(join(host.home, 'called'), 'utf8')).split('\n')
    expect(called.slice(0, 4)).toEqual([
      '/d',
      '/s',
      '/c',
      '"C:\\Program^ Files\\npm.cmd ^^^"install^^^" ^^^"a^^^&b^^^""',
    ])
  },
)
