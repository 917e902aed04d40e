import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

export type ElectronBinary = { kind: 'found'; path: string } | { kind: 'none'; why: string }

const downloadMs = 90_000
const probeMs = 15_000

/** Electron's binary, fetched if it is not here yet, and shown to run; else why not, as a sentence. */
export async function electronBinary(root: string, say: (line: string) => void): Promise<ElectronBinary> {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return none('There is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set)')
  }
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    return none('Electron does not run as root')
  }
  if (!isDownloaded(root)) say('Fetching Electron, once …')
  // The module fetches the binary when it is first asked for its path.
  const fetched = await outcomeOf(process.execPath, ['-e', 'console.log(require("electron"))'], root, downloadMs)
  const path = fetched.out.trim().split('\n').at(-1) ?? ''
  if (fetched.code !== 0 || !existsSync(path)) {
    return none(`Electron's binary is not here and could not be downloaded (${fetched.why})`)
  }
  const probed = await outcomeOf(path, ['--version'], root, probeMs)
  return probed.code === 0 ? { kind: 'found', path } : none(`Electron does not run here (${probed.why})`)
}

function isDownloaded(root: string): boolean {
  const folder = join(root, 'node_modules', 'electron')
  const pathFile = join(folder, 'path.txt')
  return existsSync(pathFile) && existsSync(join(folder, 'dist', readFileSync(pathFile, 'utf8')))
}

interface Outcome {
  readonly code: number | null
  readonly out: string
  /** The line of its stderr that says what is wrong. */
  readonly why: string
}

/** Runs a program to its end, but no longer than this; then it and all that it started are ended. */
async function outcomeOf(command: string, args: string[], cwd: string, limitMs: number): Promise<Outcome> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32' })
  let isOver = false
  const timer = setTimeout(() => {
    isOver = true
    endTree(child.pid)
  }, limitMs)
  try {
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    const why = isOver ? `no answer within ${limitMs / 1000} s` : reasonIn(err)
    return { code: isOver ? null : child.exitCode, out, why }
  } catch (error) {
    return { code: null, out: '', why: (error as Error).message }
  } finally {
    clearTimeout(timer)
  }
}

function endTree(pid: number | undefined): void {
  if (pid === undefined) return
  if (process.platform === 'win32') spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' })
  else process.kill(-pid, 'SIGKILL')
}

/** The first line that names an error; a stack trace around it is of no use to a person. */
export function reasonIn(text: string): string {
  const lines = text.split('\n').map((line) => line.trim())
  const named =
    lines.find((line) => /error/i.test(line) && !line.startsWith('at ')) ?? lines.find((line) => line !== '')
  return named === undefined ? 'it said nothing' : named.slice(0, 200)
}

function none(why: string): ElectronBinary {
  return { kind: 'none', why }
}
