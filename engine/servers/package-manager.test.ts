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
