import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { promisify } from 'node:util'
import { commandLineOf } from './api/process-identity.ts'
import { listeningSockets, socketInodes } from './listening-sockets.ts'

export interface PortHolder {
  readonly pid: number
  /** Its command line, or its name where that is all that can be known; null when neither is. */
  readonly command: string | null
}

/** For people: `process 4711 (node server.js)`. */
export function nameOfHolder({ pid, command }: PortHolder): string {
  if (command === null) return `process ${pid}`
  const short = command.length > 120 ? `${command.slice(0, 119)}…` : command
  return `process ${pid} (${short})`
}

/** Who listens on a TCP port of this machine; null when that cannot be found out. */
export async function portHolder(port: number): Promise<PortHolder | null> {
  switch (process.platform) {
    case 'linux':
      return linuxHolder(port)
    case 'win32':
      return windowsHolder(port)
    default:
      return lsofHolder(port)
  }
}

async function linuxHolder(port: number): Promise<PortHolder | null> {
  const listening = await listeningSockets('linux')
  if (listening.kind === 'not_run') return null
  const wanted = new Set(listening.sockets.filter((socket) => socket.port === port).map(({ inode }) => inode))
  if (wanted.size === 0) return null
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number)
  for (const pid of pids) {
    const inodes = await socketInodes(pid)
    if (inodes.some((inode) => wanted.has(inode))) return { pid, command: await commandLineOf(pid) }
  }
  return null
}

async function lsofHolder(port: number): Promise<PortHolder | null> {
  // -F prints one field a line: p is the pid, c the command's name.
  const text = await outputOf('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'])
  const pid = /^p(\d+)$/m.exec(text)?.[1]
  return pid === undefined ? null : { pid: Number(pid), command: /^c(.+)$/m.exec(text)?.[1] ?? null }
}

async function windowsHolder(port: number): Promise<PortHolder | null> {
  const listening = (await outputOf('netstat', ['-ano', '-p', 'TCP'])).split(/\r?\n/).map((line) => line.trim())
  const fields = listening.map((line) => line.split(/\s+/)).find((line) => line[1]?.endsWith(`:${port}`) && line[4])
  if (fields === undefined) return null
  const named = await outputOf('tasklist', ['/FI', `PID eq ${fields[4]}`, '/FO', 'CSV', '/NH'])
  return { pid: Number(fields[4]), command: /^"([^"]+)"/.exec(named.trim())?.[1] ?? null }
}

/** What may not be read, or is not installed, leaves the holder unknown, and the message says so. */
async function outputOf(command: string, args: string[]): Promise<string> {
  try {
    return (await promisify(execFile)(command, args, { timeout: 5000, windowsHide: true })).stdout
  } catch {
    return ''
  }
}
