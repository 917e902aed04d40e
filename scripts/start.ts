// `npm start`: the desktop app, or the same page in a browser where Electron cannot run. Options go on to either.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { stopRequested } from '../cli/stop-request.ts'
import { electronBinary } from './start/electron-binary.ts'
import { isBuildStale } from './start/stale-build.ts'

const root = join(import.meta.dirname, '..')
const options = process.argv.slice(2)

if (isBuildStale(root)) {
  console.error('Building, once after each change …')
  const { status } = spawnSync(process.execPath, ['scripts/build.ts'], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}

const electron = await electronBinary(root, console.error)
if (electron.kind === 'none') console.error(`${electron.why}: opening the browser face instead.`)
const [command, args] =
  electron.kind === 'found'
    ? [electron.path, [root, ...options]]
    : [process.execPath, [join(root, 'dist/node/cli.mjs'), 'serve', ...options]]

const program = spawn(command, args, { stdio: 'inherit' })
// The program has the same signals from a terminal; it takes two within a second for one.
void stopRequested().then(() => program.kill('SIGTERM'))
const [code] = (await once(program, 'exit')) as [number | null]
process.exit(code ?? 1)
