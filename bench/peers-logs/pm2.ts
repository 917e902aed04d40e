import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { cpuMsOf } from '../thread-cpu.ts'

const folder = import.meta.dirname
const program = join(folder, 'node_modules', 'pm2', 'bin', 'pm2')
/** A file that has not grown for so long is complete, or will never be. */
const quietMs = 5_000

/** pm2 with a daemon of its own, in a folder of its own; installed from the lock file beside this one where it is missing. */
export class Pm2 implements Disposable {
  readonly #home: string

  constructor(home: string) {
    if (!existsSync(program)) run('npm', ['ci', '--omit=optional', '--no-audit', '--no-fund'], folder, process.env)
    this.#home = home
    this.#run('ping')
  }

  /**
   * Has it run `cat FILE` with timestamps; resolves with the milliseconds from the first to the last byte in its log, those of
   * processor time of its daemon (null where the system does not tell), and the log.
   */
  async takeIn(file: string, bytes: number): Promise<{ ms: number; cpuMs: number | null; log: string }> {
    const daemon = Number(readFileSync(join(this.#home, 'pm2.pid'), 'utf8'))
    const cpuBefore = cpuMsOf(daemon)
    const log = join(this.#home, 'out.log')
    const quiet = ['--interpreter', 'none', '--no-autorestart', '--time']
    this.#run('start', '/bin/cat', ...quiet, '-o', log, '-e', join(this.#home, 'err.log'), '--', file)
    let size = 0
    for (let grownMs = performance.now(); performance.now() - grownMs < quietMs; await wait(50)) {
      const now = statSync(log, { throwIfNoEntry: false })?.size ?? 0
      if (now > size) grownMs = performance.now()
      size = now
    }
    if (size < bytes) throw new Error(`pm2 wrote ${size} of at least ${bytes} bytes`)
    const { birthtimeMs, mtimeMs } = statSync(log)
    const cpuAfter = cpuMsOf(daemon)
    this.#run('delete', 'all')
    const cpuMs = cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore
    return { ms: mtimeMs - birthtimeMs, cpuMs, log }
  }

  [Symbol.dispose](): void {
    this.#run('kill')
  }

  #run(...args: string[]): void {
    run(process.execPath, [program, ...args], this.#home, { ...process.env, PM2_HOME: this.#home })
  }
}

function run(command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv): void {
  const { status, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')} failed: ${stderr}`)
}
