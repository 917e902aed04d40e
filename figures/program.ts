import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** How long anything here is waited for before it counts as missing. */
const patienceMs = 60_000

interface Runtime {
  pid: number
  url: string
}

/** The built program, started as a person would start it, and spoken to over REST alone. */
export class Program implements AsyncDisposable {
  readonly pid: number
  readonly url: string
  readonly #child: ChildProcess
  /** The owner's. */
  readonly token: string

  readonly #said: () => string

  private constructor(child: ChildProcess, runtime: Runtime, token: string, said: () => string) {
    this.#said = said
    this.#child = child
    this.pid = runtime.pid
    this.url = runtime.url
    this.token = token
  }

  /** Starts `signalbox serve` on a home folder, or another script that serves it, and waits until it takes requests. */
  static async start(
    home: string,
    env: Readonly<Record<string, string>> = {},
    words = ['dist/node/cli.mjs', 'serve', '--home', home, '--port', '0', '--no-open'],
  ): Promise<Program> {
    const child = spawn(process.execPath, words, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => (said += chunk))
    child.stderr.on('data', (chunk: Buffer) => (said += chunk))
    const runtime = await startedProgram(child, home)
    return new Program(child, runtime, await readFile(join(home, 'token'), 'utf8'), () => said)
  }

  /** One request; the body comes back parsed, whatever the status. */
  async request(method: string, path: string, body?: unknown): Promise<{ status: number; body: Json }> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as Json }
  }

  async get(path: string): Promise<Json> {
    const { status, body } = await this.request('GET', path)
    if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${JSON.stringify(body)}`)
    return body
  }

  /** A link that opens the page once. */
  async pageLink(): Promise<string> {
    return String((await this.request('POST', '/page-links')).body.url)
  }

  /** Starts a call and answers with its id. */
  async call(agent: string, action: string, parameters: unknown, timeout_ms?: number): Promise<string> {
    const { status, body } = await this.request('POST', '/tasks', { agent, action, parameters, timeout_ms })
    if (status !== 202) throw new Error(`POST /tasks answered ${status}: ${JSON.stringify(body)}`)
    return String(body.task_id)
  }

  /** The task once a condition holds for it. */
  async task(id: string, holds: (task: Json) => boolean = isFinished): Promise<Json> {
    const deadline = Date.now() + patienceMs
    for (;;) {
      const task = await this.get(`/tasks/${id}`)
      if (holds(task)) return task
      if (Date.now() > deadline) throw new Error(`task ${id} is still ${JSON.stringify(task)}`)
      await delay(50)
    }
  }

  /** All that it said on stdout and stderr so far. */
  get said(): string {
    return this.#said()
  }

  /** Asks the program to end, as the system does, and waits for its last word. */
  async end(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      process.kill(this.pid, 'SIGTERM')
      await once(this.#child, 'exit')
    }
    return this.#child.exitCode
  }

  /** Kills it at once, as a crash or the system's memory guard would. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const exited = once(this.#child, 'exit')
    process.kill(this.pid, signal)
    await exited
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end()
  }
}

/** Waits until a program that was just started takes requests; rejects with its last words when it ends before. */
export async function startedProgram(child: ChildProcess, home: string): Promise<Runtime> {
  let said = ''
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk))
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk))
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`serve ended with ${code} before it took requests:\n${said}`)
  })
  const runtime = await Promise.race([ended, runtimeOf(home, child.pid)])
  ended.catch(() => {})
  return runtime
}

/** JSON as a script sees it: what is in it is for the checks to find out. */
// biome-ignore lint/suspicious/noExplicitAny: the point of a figure is to look at what really comes over the wire
export type Json = Record<string, any>

const isFinished = (task: Json): boolean => !['queued', 'running', 'input_required'].includes(task.status)

async function runtimeOf(home: string, pid: number | undefined): Promise<Runtime> {
  const deadline = Date.now() + patienceMs
  while (Date.now() < deadline) {
    const text = await readFile(join(home, 'runtime.json'), 'utf8').catch(() => null)
    const runtime = text === null ? null : (JSON.parse(text) as Runtime)
    if (runtime !== null && runtime.pid === pid) return runtime
    await delay(50)
  }
  throw new Error(`no runtime.json in ${home}`)
}
