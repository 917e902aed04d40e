import { performance } from 'node:perf_hooks'
import { Counter, Gauge, type Registry } from 'prom-client'
import type { StateName } from '../../shared/server.ts'
import type { UsageSample } from '../../shared/usage.ts'
import type { OpenTasks } from './open-tasks.ts'

/** What a scrape looks up at its own moment. */
export interface Readings {
  readonly version: string
  readonly servers: readonly { id: string; state: StateName; wished: boolean; restarts: number }[]
  /** The last look at the processes of servers. */
  readonly usage: UsageSample | null
  readonly tasks: OpenTasks
  readonly approvals: number
  readonly questions: number
  readonly sessions: number
  /** Since the start. */
  readonly logs: readonly { server: string; lines: number; dropped: number; bytes: number }[]
  readonly stores: readonly { store: string; bytes: number }[]
  readonly isDiskFull: boolean
}

/** An older look at processes says nothing of now. */
const usageAgeMs = 180_000

/** The metrics whose values stand somewhere else: set anew by each scrape, so that what is gone leaves no row. */
export class LookUps {
  readonly #registers: [Registry]
  readonly #info
  readonly #state
  readonly #wished
  readonly #ready
  readonly #restarts
  readonly #memory
  readonly #cpu
  readonly #processes
  readonly #tasks
  readonly #approvals
  readonly #questions
  readonly #inFlight
  readonly #sessions
  readonly #logLines
  readonly #logDropped
  readonly #logBytes
  readonly #storeBytes
  readonly #diskFull
  readonly #own
  #loopBefore = performance.eventLoopUtilization()

  constructor(registry: Registry) {
    this.#registers = [registry]
    this.#info = this.#gauge('signalbox_info', 'Always 1; which version runs', ['version'])
    this.#state = this.#gauge('signalbox_server_state', '1 for the state that a server is in', ['server', 'state'])
    this.#wished = this.#gauge('signalbox_server_wished', '1 where its owner wants it on', ['server'])
    this.#ready = this.#gauge('signalbox_server_ready', '1 while it takes calls, or wakes for one', ['server'])
    this.#restarts = this.#counter(
      'signalbox_server_restarts_total',
      'Starts that nobody asked for; begins anew when somebody starts it',
      ['server'],
    )
    this.#memory = this.#gauge('signalbox_server_memory_bytes', 'Of its processes together', ['server'])
    this.#cpu = this.#gauge('signalbox_server_cpu_cores', 'Processor cores in use, mean since the look before', [
      'server',
    ])
    this.#processes = this.#gauge('signalbox_server_processes', 'Processes that it consists of', ['server'])
    this.#tasks = this.#gauge('signalbox_tasks_open', 'Tasks that have not ended, by status', ['status'])
    this.#approvals = this.#gauge('signalbox_approvals_waiting', 'Calls that wait for a person')
    this.#questions = this.#gauge('signalbox_questions_waiting', 'Questions of servers that wait for a person')
    this.#inFlight = this.#gauge('signalbox_gateway_in_flight', 'Calls of MCP clients that have not ended')
    this.#sessions = this.#gauge('signalbox_gateway_sessions', 'Open sessions of clients of the legacy era')
    this.#logLines = this.#counter('signalbox_log_lines_total', 'Log lines taken in since the start', ['server'])
    this.#logDropped = this.#counter('signalbox_log_dropped_lines_total', 'Log lines lost since the start', ['server'])
    this.#logBytes = this.#counter('signalbox_log_bytes_total', 'Characters of log lines taken in', ['server'])
    this.#storeBytes = this.#gauge('signalbox_store_bytes', 'Bytes in use of a database', ['store'])
    this.#diskFull = this.#gauge('signalbox_disk_full', '1 while the disk takes no more')
    this.#own = {
      cpu: this.#counter('process_cpu_seconds_total', 'Processor time of Signalbox itself', []),
      memory: this.#gauge('process_resident_memory_bytes', 'Memory of Signalbox itself'),
      started: this.#gauge('process_start_time_seconds', 'When Signalbox started, in seconds since 1970'),
      heap: this.#gauge('nodejs_heap_size_used_bytes', 'JavaScript heap in use'),
      loop: this.#gauge(
        'nodejs_eventloop_utilization',
        'Share of the time since the scrape before in which the event loop was busy',
      ),
    }
  }

  set(now: Readings): void {
    this.#info.set({ version: now.version }, 1)
    this.#setServers(now)
    for (const [status, count] of Object.entries(now.tasks.byStatus)) this.#tasks.set({ status }, count)
    this.#approvals.set(now.approvals)
    this.#questions.set(now.questions)
    this.#inFlight.set(now.tasks.ofGateway)
    this.#sessions.set(now.sessions)
    for (const metric of [this.#logLines, this.#logDropped, this.#logBytes]) metric.reset()
    for (const { server, lines, dropped, bytes } of now.logs) {
      this.#logLines.inc({ server }, lines)
      this.#logDropped.inc({ server }, dropped)
      this.#logBytes.inc({ server }, bytes)
    }
    for (const { store, bytes } of now.stores) this.#storeBytes.set({ store }, bytes)
    this.#diskFull.set(Number(now.isDiskFull))
    this.#setOwn()
  }

  #setServers({ servers, usage }: Readings): void {
    const perServer = [this.#state, this.#wished, this.#ready, this.#memory, this.#cpu, this.#processes]
    for (const metric of [...perServer, this.#restarts]) metric.reset()
    for (const { id: server, state, wished, restarts } of servers) {
      this.#state.set({ server, state }, 1)
      this.#wished.set({ server }, Number(wished))
      this.#ready.set({ server }, Number(takesCalls.has(state)))
      this.#restarts.inc({ server }, restarts)
    }
    if (usage === null || Date.now() - Date.parse(usage.at) > usageAgeMs) return
    for (const { id: server, memory_mb, cpu_percent, processes } of usage.servers) {
      this.#memory.set({ server }, Math.round(memory_mb * 2 ** 20))
      if (cpu_percent !== null) this.#cpu.set({ server }, cpu_percent / 100)
      this.#processes.set({ server }, processes)
    }
  }

  #setOwn(): void {
    const { cpu, memory, started, heap, loop } = this.#own
    const { user, system } = process.cpuUsage()
    const { rss, heapUsed } = process.memoryUsage()
    cpu.reset()
    cpu.inc((user + system) / 1e6)
    memory.set(rss)
    heap.set(heapUsed)
    started.set(Math.round(performance.timeOrigin) / 1000)
    const sinceStart = performance.eventLoopUtilization()
    loop.set(performance.eventLoopUtilization(sinceStart, this.#loopBefore).utilization)
    this.#loopBefore = sinceStart
  }

  #gauge<L extends string>(name: string, help: string, labelNames: L[] = []): Gauge<L> {
    return new Gauge({ name, help, labelNames, registers: this.#registers })
  }

  #counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: this.#registers })
  }
}

const takesCalls: ReadonlySet<StateName> = new Set(['ready', 'degraded', 'asleep'])
