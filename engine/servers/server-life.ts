import { AppError, type Failure, failureOf } from '../../shared/app-error.ts'
import type { Era } from '../../shared/server.ts'
import type { ServerSpec } from '../config/server-spec.ts'
import type { LinkClient, Listing } from '../links/link.ts'
import type { ListKind } from '../links/notifications.ts'
import { listAll } from '../links/open-link.ts'
import type { ClientProcesses } from './client-processes.ts'
import { clientProcessesOf } from './client-session.ts'
import { type Opened, openInItsEra } from './era-choice.ts'
import { startHeartbeat } from './heartbeat.ts'
import { type LifeContext, type LifeEnd, quitting } from './life-context.ts'
import { isSameList, listStorm, noLists } from './list-changes.ts'
import { LocalSession } from './local-session.ts'
import { limitCauses, type OverLimit } from './over-limit.ts'
import { Relisting } from './relisting.ts'
import { RemoteSession } from './remote-session.ts'
import { seconds } from './seconds.ts'
import type { ServerBoard } from './server-board.ts'
import type { Exit } from './server-process.ts'
import type { Session, SessionContext, SessionEvents } from './session.ts'
import { StartTimeline } from './start-timeline.ts'
import type { SupervisorRules } from './supervisor-rules.ts'
import { toolDifference } from './tool-difference.ts'
import { livenessMethod, type TrackedLink } from './tracked-link.ts'

const warningsShown = 20
/** More tools than this take a good part of a model's attention, whatever it is asked. */
const manyTools = 200
/** A list that is said to have changed this often before it could be asked for changes constantly. */
const stormChanges = 20
/** Of a storm of faults of one kind, one in this time is told. */
const sameFaultMs = 1000

/** One start of a server and what follows until its end. Writes to the board as it goes. Used once. */
export class ServerLife {
  readonly #board: ServerBoard
  readonly #context: LifeContext
  readonly #spec: ServerSpec
  readonly #stop: AbortSignal
  readonly #force: AbortSignal
  readonly #askedBy: string | null
  readonly #clients: ClientProcesses
  #session: Session | null = null
  readonly #closed = Promise.withResolvers<Failure>()
  readonly #relisting: Relisting
  #link: TrackedLink | null = null
  #overLimit: OverLimit['kind'] | null = null
  #isIdle = false
  #faultTimer: NodeJS.Timeout | null = null
  readonly #lastFaults = new Map<string, number>()

  constructor(board: ServerBoard, context: LifeContext, askedBy: string | null, stop: AbortSignal, force: AbortSignal) {
    this.#board = board
    this.#context = context
    this.#stop = stop
    this.#force = force
    this.#relisting = new Relisting(context.rules.relistMs, (changes) => this.#relist(changes))
    const { facts } = board
    this.#spec = facts.spec
    facts.timeline = new StartTimeline(() => this.#showStep())
    Object.assign(facts, { transport: null, noise: 0 })
    this.#askedBy = askedBy
    this.#clients = clientProcessesOf(board, context, force)
  }

  /** Open for calls; null before it is ready and once it ends. */
  get link(): TrackedLink | null {
    return this.#link
  }

  /** Ends it as one that broke a rule; what follows is the restart policy's business. */
  endFor(failure: Failure): void {
    this.#overLimit = limitCauses[failure.code] ?? null
    this.#closed.resolve(failure)
  }

  /** It has no calls any more and is on its way to sleep. */
  get isGoingToSleep(): boolean {
    return this.#isIdle
  }

  /** After a sleep of the machine: ends it where it does not answer within the time. */
  async probe(timeoutMs: number): Promise<void> {
    const link = this.#link
    if (link === null) return
    const options = { timeoutMs, maxTotalMs: timeoutMs, signal: this.#stop }
    const { kind } = await link.request(livenessMethod[link.info.era], {}, options)
    if (this.#stop.aborted || (kind !== 'timed_out' && kind !== 'closed')) return
    const message = `No answer within ${seconds(timeoutMs)} of the machine's waking up`
    this.endFor({ code: 'lost_in_sleep', message, hint: null })
  }

  /** Resolves when the server and all that it started are gone; null when it was asked to stop. */
  async run(place: Disposable): Promise<LifeEnd | 'slept' | null> {
    const { facts } = this.#board
    let readyAt: number | null = null
    let error: unknown
    try {
      using _ = place
      await this.#start()
      readyAt = performance.now()
    } catch (thrown) {
      error = thrown
      facts.timeline!.fail(this.#stop.aborted ? 'stopped' : failureOf(thrown).message)
      // The verdict may be what is wrong: the next start asks anew.
      if (!this.#stop.aborted && facts.info !== null) facts.eraVerdict = null
    }
    const failure = error === undefined ? await this.#untilEnd() : failureOf(error)
    const readyMs = readyAt === null ? null : performance.now() - readyAt
    const exit = await this.#end()
    if (this.#stop.aborted) return null
    if (this.#isIdle) return 'slept'
    return { failure, data: error instanceof AppError ? error.data : {}, exit, readyMs }
  }

  async #start(): Promise<void> {
    const { facts } = this.#board
    const timeline = facts.timeline!
    const { link, unlisted } = await openInItsEra(
      facts,
      { open: (era) => this.#open(era), leave: () => this.#leave(), log: (text) => this.#board.log(text, 'warn') },
      this.#stop,
    )
    facts.eraVerdict = link.info.era
    facts.listing ??= noLists
    const tools = facts.listing?.tools.length ?? 0
    timeline.done('list', plural(tools, 'tool'))
    this.#stop.throwIfAborted()
    this.#link = link
    this.#session?.ready()
    if (this.#spec.launch !== null) link.divide((client) => this.#linkOf(client))
    const tookMs = Date.now() - Date.parse(timeline.snapshot().started_at)
    this.#board.log(`ready in ${seconds(tookMs)}, ${plural(tools, 'tool')}`)
    if (unlisted === null) this.#board.enter({ state: 'ready' }, 'progress')
    else this.#degrade(unlisted.failure)
  }

  /** Null: it shares the process of all. */
  #linkOf(client: LinkClient): Promise<TrackedLink> | null {
    return this.#board.facts.spec.settings.clientProcesses === null ? null : this.#clients.linkOf(client)
  }

  clientLeft(client: LinkClient): void {
    this.#clients.end(client)
  }

  /** One try in one era, up to the lists. */
  async #open(era: 'auto' | Era): Promise<Opened> {
    const { facts } = this.#board
    const timeline = facts.timeline!
    const context: SessionContext = {
      ...this.#context,
      askedBy: this.#askedBy,
      spec: this.#spec,
      timeline,
      era,
      events: this.#events((failure) => {
        // The end of a try that was left is no news.
        if (this.#session === session) this.#closed.resolve(failure)
      }),
    }
    const session = this.#spec.remote === null ? new LocalSession(context) : new RemoteSession(context)
    this.#session = session
    const { link, transport } = await session.open(this.#stop)
    facts.transport = transport
    facts.info = link.info
    timeline.begin('list')
    return { link, unlisted: await this.#list(link) }
  }

  async #leave(): Promise<void> {
    const session = this.#session
    this.#session = null
    const force = AbortSignal.abort()
    const none = { isAsked: false, overLimit: null, drains: false, graceMs: 0, onRung() {} }
    await session?.close({ ...none, wasTry: true, force })
    this.#board.facts.timeline!.rewind('resolve')
  }

  /** Asks for all lists. A server that cannot list still runs: why it cannot is the answer. */
  async #list(link: TrackedLink): Promise<AppError | null> {
    const { facts } = this.#board
    try {
      const before = facts.listing?.tools ?? null
      facts.listing = await listAll(link, {
        timeoutMs: this.#spec.settings.startTimeoutMs,
        signal: this.#stop,
        mirrors: this.#mirrors(link),
      })
      this.#hold(facts.listing)
      const difference = before === null ? null : toolDifference(before, facts.listing.tools)
      if (difference !== null) this.#board.log(`offers other tools than last time: ${difference}`, 'warn')
      this.#warn(facts.listing)
      this.#board.remember()
      return null
    } catch (error) {
      if (!(error instanceof AppError) || !['list_failed', 'list_timeout'].includes(error.code)) throw error
      return error
    }
  }

  /** Whether arguments may have to stand in headers too. */
  #mirrors(link: TrackedLink): boolean {
    return this.#spec.transport === 'http' && link.info.era === 'modern'
  }

  /** Before any of the tools can be called. */
  #hold({ tools }: Listing): void {
    const { facts } = this.#board
    const before = new Set(facts.heldTools)
    facts.heldTools = this.#context.consent.held(this.#board.id, tools)
    const fresh = facts.heldTools.filter((name) => !before.has(name))
    if (fresh.length > 0)
      this.#board.log(`holds back what nobody has agreed to: ${fresh.slice(0, 20).join(', ')}`, 'warn')
  }

  async #relist(changes: ReadonlyMap<ListKind, number>): Promise<void> {
    const { facts } = this.#board
    for (const [only, times] of changes) {
      if (this.#link === null) return
      if (times >= stormChanges) this.#fault(listStorm(only, times, this.#context.rules.relistMs))
      try {
        const previous = facts.listing ?? noLists
        const { timeoutMs } = this.#spec.settings
        const options = { timeoutMs, signal: this.#stop, previous, only, mirrors: this.#mirrors(this.#link) }
        const listing = await listAll(this.#link, options)
        if (isSameList(previous, listing, only)) continue
        facts.listing = listing
        this.#hold(facts.listing)
        this.#board.log(`changed its ${only}: ${facts.listing[only].length}, before ${previous[only].length}`)
        this.#warn(facts.listing)
        this.#board.remember()
        this.#board.announce()
      } catch (error) {
        if (!this.#stop.aborted) this.#fault(failureOf(error))
      }
    }
  }

  async #untilEnd(): Promise<Failure> {
    const { rules } = this.#context
    const stopped = Promise.withResolvers<Failure>()
    const stop = (): void => stopped.resolve({ code: 'stopped', message: 'Stopped', hint: null })
    this.#stop.addEventListener('abort', stop)
    if (this.#stop.aborted) stop()
    using _heartbeat = this.#startHeartbeat(rules)
    using _idle = this.#watchIdleness()
    const end = await Promise.race([this.#closed.promise, stopped.promise])
    this.#stop.removeEventListener('abort', stop)
    return end
  }

  #startHeartbeat(rules: SupervisorRules): Disposable {
    const link = this.#link!
    const failure: Failure = {
      code: 'unresponsive',
      message: `No answer to two pings of ${seconds(rules.pingTimeoutMs)}`,
      hint: 'Look at its log; restart it when nothing moves there.',
    }
    return startHeartbeat(link, {
      afterMs: rules.pingAfterMs,
      timeoutMs: rules.pingTimeoutMs,
      // A long call is not cut off for it.
      onStillSilent: () => {
        if (this.#board.facts.spec.settings.restartUnresponsive && !link.hasInFlight) this.endFor(failure)
      },
      onSilent: () => {
        this.#board.failed(failure)
        this.#board.log('does not answer pings', 'warn')
        this.#board.enter({ state: 'unresponsive', failure })
      },
      onAnswered: () => {
        this.#board.log('answers again')
        this.#board.enter({ state: 'ready' }, 'answered')
      },
    })
  }

  /** Ends it once no call has come for as long as its configuration says. */
  #watchIdleness(): Disposable | null {
    const { idleStopMs } = this.#spec.settings
    const link = this.#link!
    // Without lists there would be nothing to show while it sleeps.
    if (idleStopMs === null || this.#board.facts.listing === null) return null
    let timer = setTimeout(look, idleStopMs)
    const sleep = (): void => {
      this.#isIdle = true
      this.#closed.resolve({ code: 'idle', message: 'Idle', hint: null })
    }
    function look(): void {
      const leftMs = idleStopMs! - link.uncalledMs
      if (leftMs <= 0) sleep()
      else timer = setTimeout(look, leftMs)
    }
    return { [Symbol.dispose]: () => clearTimeout(timer) }
  }

  async #end(): Promise<Exit | null> {
    const isAsked = this.#stop.aborted || this.#isIdle
    this.#link = null
    this.#relisting[Symbol.dispose]()
    if (this.#faultTimer !== null) clearTimeout(this.#faultTimer)
    const drains = isAsked && this.#stop.reason !== quitting
    // Their calls are waited for with all others.
    const clientsGone = drains ? null : this.#clients[Symbol.asyncDispose]()
    const exit = await this.#session?.close({
      isAsked,
      overLimit: this.#overLimit,
      drains,
      graceMs: isAsked ? this.#spec.settings.stopGraceMs : 0,
      force: isAsked ? this.#force : AbortSignal.abort(),
      onRung: (rung) => {
        if (!isAsked) return
        if (rung === 'sigterm' || rung === 'sigkill')
          this.#board.log(`did not end; sends ${rung.toUpperCase()}`, 'warn')
        this.#board.enter({ state: 'stopping', rung }, this.#isIdle ? 'idle' : 'progress')
      },
    })
    await (clientsGone ?? this.#clients[Symbol.asyncDispose]())
    return exit ?? null
  }

  #events(closed: (failure: Failure) => void): SessionEvents {
    const board = this.#board
    return {
      spawned: (pid, runId, commandLine) => {
        Object.assign(board.facts, { pid, runId })
        board.log(`spawned pid ${pid}: ${commandLine}`)
        board.announce()
      },
      log: (stream, text, level) => board.logFrom(stream, text, level),
      stderr: (stderr, runId) => board.read('stderr', stderr, runId),
      noise: (text) => {
        board.facts.noise++
        board.logFrom('stdout', text)
        board.announceSoon()
      },
      fault: (failure) => this.#fault(failure),
      listChanged: (kind) => this.#relisting.changed(kind),
      renewed: () => board.announce(),
      ended: (exit, stderr) => board.transitions.processEnded(exit, stderr),
      closed,
      probeFailed: () => {
        board.facts.eraVerdict = 'legacy'
      },
    }
  }

  #fault(failure: Failure): void {
    const lastMs = this.#lastFaults.get(failure.code)
    if (lastMs !== undefined && performance.now() - lastMs < sameFaultMs) return
    this.#lastFaults.set(failure.code, performance.now())
    this.#degrade(failure)
  }

  /** It runs, but breaks the rules; that is forgotten after a while without another offence. */
  #degrade(failure: Failure): void {
    this.#board.log(failure.message, 'warn')
    this.#board.failed(failure)
    const { state } = this.#board.facts.state
    if (this.#link === null || !(state === 'starting' || state === 'ready' || state === 'degraded')) return
    this.#board.enter({ state: 'degraded', failure })
    if (this.#faultTimer !== null) clearTimeout(this.#faultTimer)
    this.#faultTimer = setTimeout(() => {
      if (this.#board.facts.state.state === 'degraded') this.#board.enter({ state: 'ready' }, 'recovered')
    }, this.#context.rules.faultMs)
  }

  #showStep(): void {
    const { facts } = this.#board
    const step = facts.timeline!.current
    if (facts.state.state === 'starting' && facts.state.step !== step) {
      this.#board.enter({ state: 'starting', step }, 'progress')
    } else this.#board.announce()
  }

  #warn({ warnings, tools }: Listing): void {
    if (tools.length > manyTools)
      this.#board.log(`offers ${tools.length} tools; a model reads all that it is given`, 'warn')
    for (const warning of warnings.slice(0, warningsShown)) this.#board.log(warning, 'warn')
    if (warnings.length > warningsShown) this.#board.log(`${warnings.length - warningsShown} more like these`, 'warn')
  }
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
