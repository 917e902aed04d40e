import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import type { Failure } from '../../shared/app-error.ts'
import type { Server } from '../../shared/server.ts'
import type { Json } from '../program.ts'
import type { EngineUnderTest } from './engine-under-test.ts'
import type { ExpectedCall, ExpectedState } from './fault.ts'
import { machineMs } from './machine-clock.ts'

/** What is right must show this long after it is due. */
const promptMs = 2000

/** Settings under which no row has to wait long for a deadline. */
const quickSettings = {
  start_timeout_ms: 5000,
  // Limits go by the clock, also on a busy machine: a call that is to meet its limit has one of its own.
  timeout_ms: 60_000,
  stop_grace_ms: 400,
  max_message_bytes: 10 * 1024 * 1024,
  restart: false,
}

/** What the script of one row works with: one engine, one server of the row's own, one folder. */
export class Bench implements AsyncDisposable {
  readonly engine: EngineUnderTest
  readonly id: string
  /** In the environment of every process that the row starts. */
  readonly mark: string
  /** For files of the row; processes that the mark cannot tell write their pids to `pids` in it. */
  readonly folder: string
  /** Ids of the calls of this row. */
  readonly calls: string[] = []
  /** How much longer than the two seconds anything may take: what a healthy start takes on this machine now. */
  readonly #startMs: number
  readonly #remotes: ChildProcess[] = []

  constructor(engine: EngineUnderTest, id: string, folder: string, startMs: number) {
    this.engine = engine
    this.id = id
    this.mark = `${id}-${engine.pid}`
    this.folder = folder
    this.#startMs = startMs
  }

  /** The server as it stands now. */
  get server(): Server {
    const server = this.engine.server(this.id)
    assert.ok(server !== null, `${this.id} is known`)
    return server
  }

  get failure(): Failure | null {
    const { detail, last_error } = this.server
    return 'failure' in detail ? detail.failure : last_error
  }

  patienceMs(afterMs = 0): number {
    return afterMs + promptMs + this.#startMs
  }

  /** Writes the server's entry. */
  async configure(entry: Json): Promise<void> {
    const env = { FAULT_MARK: this.mark, FAULT_FOLDER: this.folder, ...entry.env }
    const whole = {
      ...entry,
      ...(entry.url === undefined && { env }),
      signalbox: { ...quickSettings, ...entry.signalbox },
    }
    const { status, body } = await this.engine.request('PUT', `/servers/${this.id}/config`, { entry: whole })
    assert.equal(status, 200, JSON.stringify(body))
    await this.engine.until(`server ${this.id}`, () => this.engine.server(this.id) !== null, this.patienceMs())
  }

  async ask(what: 'start' | 'stop' | 'restart'): Promise<void> {
    const { status, body } = await this.engine.request('POST', `/servers/${this.id}/${what}`)
    assert.equal(status, 202, JSON.stringify(body))
  }

  async becomes(expected: ExpectedState): Promise<void> {
    const states = [expected.state].flat()
    const holds = (): boolean => {
      const server = this.engine.server(this.id)
      if (server === null || !(states as string[]).includes(server.state)) return false
      if (expected.code !== undefined && this.failure?.code !== expected.code) return false
      return expected.message === undefined || expected.message.test(this.failure?.message ?? '')
    }
    const what = `${this.id} ${states.join(' or ')} ${expected.code ?? ''} ${expected.message ?? ''}`
    await this.engine.until(what, holds, this.patienceMs(expected.afterMs)).catch((error: Error) => {
      const { state, failure } = { state: this.server.state, failure: this.failure }
      throw new Error(`${error.message}; it is ${state}: ${JSON.stringify(failure)}`)
    })
  }

  /** Starts a call without waiting for it. */
  async call(tool: string, args: Json = {}, timeoutMs?: number): Promise<string> {
    const id = await this.engine.call(this.id, tool, args, timeoutMs)
    this.calls.push(id)
    return id
  }

  ended(call: string, afterMs = 0): Promise<Json> {
    return this.engine.ended(call, this.patienceMs(afterMs))
  }

  async answers(expected: ExpectedCall): Promise<Json> {
    const task = await this.ended(await this.call(expected.tool, expected.args, expected.timeoutMs), expected.afterMs)
    this.holds(task, expected)
    return task
  }

  holds(task: Json, { tool, status, code, message, raw, result }: ExpectedCall): void {
    const seen = `${tool} ${task.status}: ${JSON.stringify(task.error ?? null).slice(0, 500)}`
    assert.equal(task.status, status, seen)
    if (code !== undefined) assert.equal(task.error?.code, code, seen)
    if (message !== undefined) assert.match(task.error?.message ?? '', message, seen)
    if (raw !== undefined) assert.match(task.error?.raw ?? '', raw, seen)
    if (result !== undefined) assert.match(JSON.stringify(task.result ?? null), result, seen)
  }

  /** Waits for a fact that no event tells of. */
  async sees(what: string, fact: () => boolean | Promise<boolean>, afterMs = 0): Promise<void> {
    const deadline = machineMs() + this.patienceMs(afterMs)
    while (!(await fact())) {
      assert.ok(machineMs() < deadline, `${what} did not show`)
      await delay(50)
    }
  }

  /** Lines of the server's log with a text in them, newest first. */
  async lines(text: string, limit = 100): Promise<Json[]> {
    const query = new URLSearchParams({ server: this.id, q: text, limit: String(limit) })
    return (await this.engine.get(`/logs?${query}`)).items
  }

  async logs(text: string, afterMs = 0): Promise<void> {
    await this.sees(`a log line with "${text}"`, async () => (await this.lines(text, 1)).length > 0, afterMs)
  }

  async tools(): Promise<Json[]> {
    return (await this.engine.get(`/servers/${this.id}/tools`)).items
  }

  async run(): Promise<Json> {
    return (await this.engine.get(`/servers/${this.id}/runs?limit=1`)).items[0]
  }

  /** The time line of a call, entries of one kind. */
  async events(call: string, kind: string): Promise<Json[]> {
    return (await this.engine.get(`/tasks/${call}/events`)).items.filter((event: Json) => event.kind === kind)
  }

  /** Starts an HTTP server of `test-servers/` and gives its address. It ends with the row. */
  async listen(name: string, ...args: string[]): Promise<string> {
    const env = { ...process.env, FAULT_MARK: this.mark, FAULT_FOLDER: this.folder }
    const child = spawn(process.execPath, [testServer(name), ...args], { stdio: ['pipe', 'pipe', 'inherit'], env })
    this.#remotes.push(child)
    for await (const line of createInterface(child.stdout)) {
      const url = /^listening (\S+)/.exec(line)?.[1]
      if (url !== undefined) return url
    }
    throw new Error(`${name} ended before it listened`)
  }

  /** What a fault server wrote to a file of its folder, line by line. */
  async noted(file: string): Promise<string[]> {
    const text = await readFile(join(this.folder, file), 'utf8').catch(() => '')
    return text.split('\n').filter((line) => line !== '')
  }

  /** Remembers a process that the mark cannot tell. */
  async notePid(pid: number): Promise<void> {
    await appendFile(join(this.folder, 'pids'), `${pid}\n`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#remotes) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    }
  }
}

export function testServer(name: string): string {
  return resolve('test-servers', name.includes('.') ? name : `${name}.mjs`)
}

/** The entry of a stdio server of `test-servers/`. */
export function stdio(name: string, ...args: string[]): () => Json {
  return () => ({ command: process.execPath, args: [testServer(name), ...args], signalbox: { era: 'legacy' } })
}

/** The same with settings of its own. */
export function tuned(signalbox: Json, name: string, ...args: string[]): () => Json {
  return () => ({ ...stdio(name, ...args)(), signalbox: { era: 'legacy', ...signalbox } })
}

/** The entry of an HTTP server of `test-servers/`, which is started first. */
export function http(name: string, ...args: string[]): (bench: Bench) => Promise<Json> {
  return async (bench) => ({
    type: 'http',
    url: `${await bench.listen(name, ...args)}/mcp`,
    signalbox: { era: 'legacy' },
  })
}
