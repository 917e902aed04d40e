import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ServerId } from '../../shared/ids.ts'
import type { Server } from '../../shared/server.ts'
import type { ServerSettings, ServerSpec } from '../config/server-spec.ts'
import { agreesToAll } from '../consent/agrees-to-all.ts'
import type { Host } from '../host.ts'
import type { LogPipeline, NewLogLine } from '../logs/log-pipeline.ts'
import { Masker } from '../secrets/masker.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { storeWorker } from '../store/test-store.ts'
import { createSupervisor } from './create-supervisor.ts'
import { ProcessRegistry } from './process-registry.ts'
import { processTable } from './process-table.ts'
import { defaultRestartRules } from './restart-policy.ts'
import type { Supervisor } from './supervisor.ts'
import type { SupervisorRules } from './supervisor-rules.ts'

const root = join(import.meta.dirname, '..', '..')

/** Rules under which a test need not wait for a second try. */
const quickRules: Partial<SupervisorRules> = {
  restart: { ...defaultRestartRules, delaysMs: [1] },
  random: () => 0.5,
  relistMs: 1,
}

/** Absolute path of a program of `test-servers/`. */
export function testServer(name: string): string {
  return join(root, 'test-servers', `${name}.mjs`)
}

export function packageFile(path: string): string {
  return join(root, 'node_modules', path)
}

interface SpecOptions {
  command?: string
  args?: string[]
  env?: Record<string, string>
  cwd?: string | null
  number?: number
  settings?: Partial<ServerSettings>
}

export function localSpec(id: string, options: SpecOptions): ServerSpec {
  const launch = {
    command: options.command ?? process.execPath,
    args: options.args ?? [],
    env: options.env ?? {},
    cwd: options.cwd ?? null,
  }
  return {
    id: id as ServerId,
    number: options.number ?? 1,
    transport: 'stdio',
    launch,
    remote: null,
    settings: { ...settings, ...options.settings },
    entry: {},
    hash: JSON.stringify(launch),
    problem: null,
  }
}

export function remoteSpec(id: string, url: string, headers: Record<string, string> = {}): ServerSpec {
  const remote = { url, headers }
  return { ...localSpec(id, {}), transport: 'http', launch: null, remote, hash: JSON.stringify(remote) }
}

const settings: ServerSettings = {
  timeoutMs: 10_000,
  maxTotalTimeoutMs: 20_000,
  startTimeoutMs: 20_000,
  stopGraceMs: 5000,
  maxMessageBytes: 1_000_000,
  restart: true,
  restartUnresponsive: false,
  era: 'auto',
  memoryLimitMb: null,
  cpuLimitPercent: null,
  onDemand: false,
  idleStopMs: null,
  watch: [],
  slug: null,
  clientProcesses: null,
}

/** A supervisor with a real store in a folder of its own, and all that it told. */
export class TestSupervisor implements AsyncDisposable {
  readonly changes: Server[] = []
  readonly lines: NewLogLine[] = []
  readonly notices: unknown[] = []
  readonly store: Store
  readonly installId = randomUUID()
  readonly #home: string
  /** In place of the log's thread, which the supervisor does not look into. */
  readonly #logs: Pick<LogPipeline, 'write' | 'read'> = {
    write: (line) => this.#note(line),
    read: (origin, pipe) => {
      createInterface({ input: pipe }).on('line', (text) => this.#note({ ...origin, text }))
    },
  }
  readonly #watchers = new Set<() => void>()
  #supervisor: Supervisor

  private constructor(home: string, store: Store, rules: Partial<SupervisorRules>, vault: Host['vault']) {
    this.#home = home
    this.store = store
    this.#supervisor = this.#create(rules, vault)
  }

  static async open(
    specs: ServerSpec[],
    rules: Partial<SupervisorRules> = {},
    vault: Host['vault'] = null,
  ): Promise<TestSupervisor> {
    const home = await mkdtemp(join(tmpdir(), 'signalbox-supervisor-'))
    const { store } = await openStore({ file: join(home, 'signalbox.db'), worker: storeWorker })
    const test = new TestSupervisor(home, store, { ...quickRules, ...rules }, vault)
    await test.supervisor.configure(specs)
    return test
  }

  get supervisor(): Supervisor {
    return this.#supervisor
  }

  /** Quits, and begins again as the next start of the app would. */
  async reopen(specs: ServerSpec[]): Promise<void> {
    await this.#supervisor[Symbol.asyncDispose]()
    this.#supervisor = this.#create(quickRules, null)
    await this.#supervisor.configure(specs)
  }

  server(id: string): Server {
    return this.#supervisor.get(id as ServerId)!
  }

  start(id: string): Promise<Server> {
    this.#supervisor.start(id as ServerId)
    return this.settled(id)
  }

  stop(id: string): Promise<Server> {
    this.#supervisor.stop(id as ServerId)
    return this.settled(id)
  }

  settled(id: string): Promise<Server> {
    return this.#supervisor.settled(id as ServerId, 25_000)
  }

  /** Resolves at the first change after which the fact holds. */
  async until(fact: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const look = (): void => {
      if (fact()) resolve()
    }
    this.#watchers.add(look)
    look()
    await promise
    this.#watchers.delete(look)
  }

  /** Names of the states that a server went through, each once in a row. */
  states(id: string): string[] {
    const names = this.changes.filter((server) => server.id === id).map((server) => server.state)
    return names.filter((name, index) => name !== names[index - 1])
  }

  said(id: string): string[] {
    return this.lines.filter((line) => line.server === id && line.stream === 'supervisor').map((line) => line.text)
  }

  /** The pids that were ever told and still live. */
  async leftovers(more: number[] = []): Promise<number[]> {
    const told = new Set([...this.changes.map((server) => server.pid), ...more])
    return (await processTable(process.platform)).map((row) => row.pid).filter((pid) => told.has(pid))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#supervisor[Symbol.asyncDispose]()
    await this.store[Symbol.asyncDispose]()
    await rm(this.#home, { recursive: true })
  }

  #create(rules: Partial<SupervisorRules>, vault: Host['vault']): Supervisor {
    const host: Host = {
      home: this.#home,
      version: '0.0.0',
      storeWorker: '',
      tokenCounter: '',
      samples: '',
      templates: '',
      cli: '',
      node: process.execPath,
      env: process.env,
      userHome: this.#home,
      platform: process.platform,
      vault,
    }
    return createSupervisor({
      host,
      store: this.store.servers,
      logs: this.#logs,
      masker: new Masker(),
      consent: agreesToAll,
      installId: this.installId,
      registry: new ProcessRegistry({ home: this.#home, platform: process.platform, watchdog: null }),
      rules,
      onChange: (server) => {
        this.changes.push(server)
        this.#tell()
      },
      onRemove: () => {},
      onNotice: (notice) => this.notices.push(notice),
    })
  }

  #note(line: NewLogLine): void {
    this.lines.push(line)
    this.#tell()
  }

  #tell(): void {
    for (const look of this.#watchers) look()
  }
}
