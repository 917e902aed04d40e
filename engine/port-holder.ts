import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { promisify } from 'node:util'
import { commandLineOf } from './api/process-identity.ts'

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
  const sockets = new Set<string>()
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const inode of listeningInodes(await textOf(table), port)) sockets.add(`socket:[${inode}]`)
  }
  if (sockets.size === 0) return null
  for (const pid of (await namesIn('/proc')).filter((name) => /^\d+$/.test(name))) {
    for (const fd of await namesIn(`/proc/${pid}/fd`)) {
      if (sockets.has(await targetOf(`/proc/${pid}/fd/${fd}`))) {
        return { pid: Number(pid), command: await commandLineOf(Number(pid)) }
      }
    }
  }
  return null
}

/** Inodes of listening sockets (state 0A) on a port, from the text of `/proc/net/tcp`. */
export function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A' && fields[1]?.endsWith(suffix))
    .map((fields) => fields[9]!)
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

// For all below: what may not be read, or is not installed, leaves the holder unknown, and the message says so.

async function outputOf(command: string, args: string[]): Promise<string> {
  try {
    return (await promisify(execFile)(command, args, { timeout: 5000, windowsHide: true })).stdout
  } catch {
    return ''
  }
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => [])
}

async function targetOf(path: string): Promise<string> {
  return readlink(path).catch(() => '')
}
