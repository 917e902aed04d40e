import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { cliModule } from './test-run.ts'

export interface Serving extends AsyncDisposable {
  readonly child: ChildProcess
  readonly url: string
}

/** A folder for one test, gone afterwards. */
export async function temporaryHome(): Promise<{ home: string } & AsyncDisposable> {
  const home = await mkdtemp(join(tmpdir(), 'signalbox-cli-'))
  return { home, [Symbol.asyncDispose]: () => rm(home, { recursive: true, maxRetries: 5 }) }
}

/** Starts `serve` on any port; resolves once it says where it runs. Disposing ends it cleanly. */
export async function startServe(home: string, env: NodeJS.ProcessEnv = {}): Promise<Serving> {
  const child = spawn(process.execPath, [cliModule, 'serve', '--home', home, '--port', '0', '--no-open'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, npm_lifecycle_event: undefined, ...env },
  })
  for await (const line of createInterface(child.stdout)) {
    const url = /runs at (\S+)$/.exec(line)?.[1]
    if (url === undefined) continue
    return { child, url, [Symbol.asyncDispose]: () => endProcess(child) }
  }
  throw new Error('serve ended without a word')
}

/** Asks a process to end and waits for that. */
export async function endProcess(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}
