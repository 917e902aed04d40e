import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { request as requestHttp } from 'node:http'
import { join, resolve } from 'node:path'
import type { Server } from '../../shared/server.ts'
import { applyEvent, type Snapshot, type StreamMessage } from '../../shared/snapshot.ts'
import { isFinished } from '../../shared/task.ts'
import type { Json } from '../program.ts'
import { startedProgram } from '../program.ts'
import type { ProbeReading, ProbeRequest } from './engine-probe.ts'
import { machineMs } from './machine-clock.ts'

/** How often a deadline is looked at. */
const lookMs = 100

/** The program as built, on a home of its own, with the probe in it; followed by its own stream of events. */
export class EngineUnderTest implements AsyncDisposable {
  readonly pid: number
  readonly home: string
  readonly url: string
  readonly token: string
  readonly #child: ChildProcess
  readonly #stream = new AbortController()
  readonly #watchers = new Set<() => void>()
  /** How often each task was told to have ended. */
  readonly #ends = new Map<string, number>()
  /** States that servers were told to be in, in order. */
  readonly #states = new Map<string, string[]>()
  #snapshot: Snapshot | null = null

  private constructor(child: ChildProcess, home: string, url: string, token: string) {
    this.#child = child
    this.pid = child.pid!
    this.home = home
    this.url = url
    this.token = token
  }

  static async start(home: string, env: NodeJS.ProcessEnv = {}): Promise<EngineUnderTest> {
    const probe = resolve('figures/faults/engine-probe.ts')
    const child = fork(resolve('dist/node/cli.mjs'), ['serve', '--home', home, '--port', '0', '--no-open'], {
      execArgv: ['--import', probe],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, npm_lifecycle_event: undefined, ...env },
    })
    const { url } = await startedProgram(child, home)
    const engine = new EngineUnderTest(child, home, url, await readFile(join(home, 'token'), 'utf8'))
    void engine.#follow()
    await engine.until('the first snapshot', () => engine.#snapshot !== null, 10_000)
    return engine
  }

  get snapshot(): Snapshot {
    return this.#snapshot!
  }

  server(id: string): Server | null {
    return this.snapshot.servers.find((server) => server.id === id) ?? null
  }

  /** States that a server went through, each once in a row. */
  states(id: string): readonly string[] {
    return this.#states.get(id) ?? []
  }

  timesEnded(task: string): number {
    return this.#ends.get(task) ?? 0
  }

  /** One request on a connection of its own; the body comes back parsed, whatever the status. */
  async request(method: string, path: string, body?: unknown): Promise<{ status: number; body: Json }> {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: Json }>()
    const sent = requestHttp(`${this.url}/api/v1${path}`, {
      method,
      agent: false,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
    })
    sent.on('error', reject)
    sent.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) as Json }),
      )
    })
    sent.end(body === undefined ? undefined : JSON.stringify(body))
    return promise
  }

  async get(path: string): Promise<Json> {
    const { status, body } = await this.request('GET', path)
    if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${JSON.stringify(body)}`)
    return body
  }

  /** Starts a call and answers with its id. */
  async call(agent: string, action: string, parameters: Json = {}, timeout_ms?: number): Promise<string> {
    const { status, body } = await this.request('POST', '/tasks', { agent, action, parameters, timeout_ms })
    if (status !== 202) throw new Error(`POST /tasks answered ${status}: ${JSON.stringify(body)}`)
    return String(body.task_id)
  }

  /** The task, whole, once it has ended. */
  async ended(task: string, withinMs: number): Promise<Json> {
    await this.until(`the end of task ${task}`, () => this.timesEnded(task) > 0, withinMs)
    return this.get(`/tasks/${task}`)
  }

  /** Resolves at the first event after which the fact holds; rejects with what was waited for, by the machine's clock. */
  async until(what: string, fact: () => boolean, withinMs: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const deadline = machineMs() + withinMs
    const look = (): void => {
      if (fact()) resolve()
      else if (machineMs() > deadline) reject(new Error(`${what} did not come within ${Math.round(withinMs)} ms`))
    }
    const timer = setInterval(look, lookMs)
    this.#watchers.add(look)
    look()
    await promise.finally(() => {
      clearInterval(timer)
      this.#watchers.delete(look)
    })
  }

  /** What the probe has seen since it was asked last. */
  async probe(request: ProbeRequest = {}): Promise<ProbeReading> {
    const answer = once(this.#child, 'message')
    this.#child.send(request)
    return (await answer)[0] as ProbeReading
  }

  /** Ends the program, by a signal that it can or cannot answer, and waits until it is gone. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.#stream.abort()
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exited = once(this.#child, 'exit')
      this.#child.kill(signal)
      await exited
    }
    return this.#child.exitCode
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end()
  }

  async #follow(): Promise<void> {
    const headers = { authorization: `Bearer ${this.token}`, accept: 'text/event-stream' }
    const sent = requestHttp(`${this.url}/api/v1/events`, { agent: false, headers, signal: this.#stream.signal })
    // The stream ends with the program; whoever waits for an event then says what did not come.
    sent.on('error', () => {})
    sent.on('response', (response) => {
      let rest = ''
      response.setEncoding('utf8').on('error', () => {})
      response.on('data', (chunk: string) => {
        const events = (rest + chunk).split('\n\n')
        rest = events.pop()!
        for (const event of events) {
          const data = event.split('\n').find((line) => line.startsWith('data: '))
          if (data !== undefined && /^event: (snapshot|changes)$/m.test(event)) this.#take(JSON.parse(data.slice(6)))
        }
        for (const look of this.#watchers) look()
      })
    })
    sent.end()
  }

  #take(message: StreamMessage): void {
    if (message.kind === 'snapshot') {
      this.#snapshot = message.snapshot
      for (const server of message.snapshot.servers) this.#sawState(server)
      return
    }
    for (const event of message.events) {
      this.#snapshot = applyEvent(this.#snapshot!, event)
      if (event.type === 'server.changed') this.#sawState(event.server)
      if (event.type === 'task.changed' && isFinished(event.task.status)) {
        this.#ends.set(event.task.task_id, this.timesEnded(event.task.task_id) + 1)
      }
    }
  }

  #sawState({ id, state }: Server): void {
    const seen = this.#states.get(id) ?? []
    if (seen.at(-1) !== state) this.#states.set(id, [...seen, state])
  }
}
