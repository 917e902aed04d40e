import { AppError, failureOf } from '../../shared/app-error.ts'
import type { ServerId } from '../../shared/ids.ts'
import type { Server } from '../../shared/server.ts'
import type { Notice } from '../../shared/snapshot.ts'
import type { TransitionCause } from '../../shared/transition.ts'
import type { ServerSpec } from '../config/server-spec.ts'
import type { ConsentGate } from '../consent/consent-gate.ts'
import type { Host } from '../host.ts'
import type { AuthorizerFor } from '../links/authorizer.ts'
import type { LinkClient } from '../links/link.ts'
import type { LogPipeline } from '../logs/log-pipeline.ts'
import { entrySecrets } from '../secrets/entry-secrets.ts'
import type { Masker } from '../secrets/masker.ts'
import type { ServerMemory, ServerRepo } from '../store/store.ts'
import { effectiveLaunch } from './effective-launch.ts'
import { baseEnvironment } from './environment.ts'
import type { OverLimit } from './over-limit.ts'
import type { ProcessRegistry } from './process-registry.ts'
import { type ActorContext, ServerActor } from './server-actor.ts'
import { ServerBoard } from './server-board.ts'
import { newFacts } from './server-facts.ts'
import type { ServerTraffic } from './server-traffic.ts'
import { StartSlots } from './start-slots.ts'
import type { Supervisor } from './supervisor.ts'
import { defaultSupervisorRules, type SupervisorRules } from './supervisor-rules.ts'
import { within } from './within.ts'

interface SupervisorOptions {
  host: Host
  store: ServerRepo
  logs: Pick<LogPipeline, 'write' | 'read'>
  masker: Masker
  consent: ConsentGate
  /** Nobody signs requests unless given. */
  authorizerFor?: AuthorizerFor
  /** Names this home in the markers of its processes. */
  installId: string
  /** Servers of which an earlier life of the program had left processes behind. */
  leftBehind?: ReadonlySet<ServerId>
  /** Folders to look for commands in after those of our own PATH. */
  searchPath?: string
  registry: ProcessRegistry
  onChange(server: Server): void
  onRemove(id: ServerId): void
  /** What a person should hear of wherever they look. */
  onNotice?(notice: Pick<Notice, 'severity' | 'server' | 'title' | 'message'>): void
  rules?: Partial<SupervisorRules>
  /** Who stands between the servers and their clients. Without it servers are offered nothing to ask for. */
  traffic?: ServerTraffic
}

/** The supervisor of all configured servers. Nothing runs before `start` or `restore`. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  return new ServerSet(options)
}

class ServerSet implements Supervisor {
  readonly #options: SupervisorOptions
  /** The base environment of starts to come may change; all else stays. */
  readonly #context: ActorContext & { baseEnv: Readonly<Record<string, string>>; sleptUntilMs: number }
  readonly #actors = new Map<ServerId, ServerActor>()
  /** Taken out of the configuration, and still ending. */
  readonly #leaving = new Set<ServerActor>()
  readonly #watchers = new Set<(server: Server) => void>()
  #isFirst = true
  #configured: Promise<void> = Promise.resolve()
  #isDisposed = false

  constructor(options: SupervisorOptions) {
    this.#options = options
    const { host, store, masker, consent, installId, registry } = options
    const rules = { ...defaultSupervisorRules, ...options.rules }
    const baseEnv = baseEnvironment(host.env, host.platform, options.searchPath)
    // Every server inherits these, and may tell them.
    masker.learn(entrySecrets({ env: baseEnv }).map(({ value }) => value))
    this.#context = {
      host,
      store,
      rules,
      masker,
      consent,
      authorizerFor: options.authorizerFor ?? (() => null),
      installId,
      registry,
      baseEnv,
      sleptUntilMs: Number.NEGATIVE_INFINITY,
      traffic: options.traffic ?? null,
      slots: new StartSlots(rules.startsAtOnce),
      onCrashLoop: ({ id }, { message }) =>
        options.onNotice?.({ severity: 'danger', server: id, title: `${id} keeps stopping`, message }),
    }
  }

  configure(specs: readonly ServerSpec[]): Promise<void> {
    // One after another: two edits in quick succession must not mix.
    const before = this.#configured.catch(() => {})
    this.#configured = before.then(() => this.#apply(specs))
    return this.#configured
  }

  setSearchPath(searchPath: string): void {
    const { env, platform } = this.#options.host
    this.#context.baseEnv = baseEnvironment(env, platform, searchPath)
  }

  get baseEnv(): Readonly<Record<string, string>> {
    return this.#context.baseEnv
  }

  restore(): void {
    for (const actor of this.#inOrder()) if (actor.view.wished) actor.restore()
  }

  list(): Server[] {
    return this.#inOrder().map((actor) => actor.view)
  }

  get(id: ServerId): Server | null {
    return this.#actors.get(id)?.view ?? null
  }

  spec(id: ServerId): ServerSpec | null {
    return this.#actors.get(id)?.spec ?? null
  }

  start(id: ServerId, by = 'owner'): void {
    this.#running(id).start(by)
  }

  resume(id: ServerId, cause: TransitionCause): void {
    this.#running(id).resume(cause)
  }

  stop(id: ServerId): void {
    this.#running(id).stop()
  }

  restart(id: ServerId, by = 'owner'): void {
    this.#running(id).restart(by)
  }

  sourceChanged(id: ServerId): void {
    this.#running(id).sourceChanged()
  }

  async settled(id: ServerId, waitMs: number, signal?: AbortSignal): Promise<Server> {
    const actor = this.#actor(id)
    const { promise, resolve } = Promise.withResolvers<void>()
    const watch = (server: Server): void => {
      if (server.id === id && actor.isSettled) resolve()
    }
    this.#watchers.add(watch)
    watch(actor.view)
    await within(promise, waitMs, signal)
    this.#watchers.delete(watch)
    return actor.view
  }

  admit(id: ServerId) {
    return this.#actor(id).admit()
  }

  listing(id: ServerId) {
    return this.#actors.get(id)?.listing ?? null
  }

  heldTools(id: ServerId) {
    return this.#actors.get(id)?.heldTools ?? []
  }

  info(id: ServerId) {
    return this.#actors.get(id)?.info ?? null
  }

  review(id: ServerId) {
    return this.#actor(id).review()
  }

  approve(id: ServerId, by: string, seen?: string) {
    return this.#running(id).approve(by, seen)
  }

  async effectiveLaunch(id: ServerId) {
    const { spec } = this.#actor(id)
    try {
      if (spec.problem !== null) return { launch: null, problem: spec.problem.message }
      return { launch: await effectiveLaunch(spec, this.#context), problem: null }
    } catch (error) {
      return { launch: null, problem: failureOf(error).message }
    }
  }

  afterSleep(): void {
    this.#context.sleptUntilMs = performance.now()
    for (const actor of this.#actors.values()) actor.afterSleep()
  }

  endOverLimit(id: ServerId, over: OverLimit): void {
    this.#actors.get(id)?.endOverLimit(over)
  }

  clientLeft(client: LinkClient): void {
    for (const actor of this.#actors.values()) actor.clientLeft(client)
  }

  noteCall(id: ServerId, at: string): void {
    this.#actors.get(id)?.noteCall(at)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    const force = new AbortController()
    const timer = setTimeout(() => force.abort(), this.#context.rules.quitMs)
    await Promise.all([...this.#actors.values(), ...this.#leaving].map((actor) => actor.shutDown(force.signal)))
    clearTimeout(timer)
  }

  async #apply(specs: readonly ServerSpec[]): Promise<void> {
    const memories = await this.#readMemories()
    const wanted = new Set(specs.map((spec) => spec.id))
    for (const spec of specs) {
      if (this.#isDisposed) return
      const known = this.#actors.get(spec.id)
      if (known === undefined) await this.#add(spec, memories.get(spec.id) ?? null)
      else known.reconfigure(spec)
    }
    // After those that are new: a face must not see none between the old ones and the new ones.
    const gone = [...this.#actors].filter(([id]) => !wanted.has(id))
    for (const [id, actor] of gone) {
      this.#actors.delete(id)
      this.#leaving.add(actor)
      actor.stop('removed')
      this.#options.onRemove(id)
    }
    this.#isFirst = false
    await Promise.all(gone.map(([, actor]) => this.#seeOff(actor)))
  }

  async #seeOff(actor: ServerActor): Promise<void> {
    await actor.shutDown(new AbortController().signal)
    this.#leaving.delete(actor)
  }

  async #add(spec: ServerSpec, memory: ServerMemory | null): Promise<void> {
    const cache = await this.#options.store.cache(spec.id)
    const { store, logs, masker, leftBehind } = this.#options
    const [last] = (await store.transitions(spec.id, { limit: 1 })).items
    const onChange = (server: Server): void => this.#changed(server)
    const board = new ServerBoard(newFacts(spec, memory, cache, last?.start), { store, logs, masker, onChange })
    if (last !== undefined) board.transitions.resumeFrom(last, this.#isFirst && (leftBehind?.has(spec.id) ?? false))
    this.#actors.set(spec.id, new ServerActor(board, this.#context))
    // Who comes, or comes back, while the app runs has to be switched on by a person.
    if (!this.#isFirst && board.facts.wished) board.wish(false)
    board.announce()
  }

  #changed(server: Server): void {
    // The last words of a server that was taken out concern nobody any more.
    if (!this.#actors.has(server.id)) return
    this.#options.onChange(server)
    for (const watch of this.#watchers) watch(server)
  }

  async #readMemories(): Promise<Map<ServerId, ServerMemory>> {
    return new Map((await this.#options.store.memories()).map((memory) => [memory.id, memory]))
  }

  #inOrder(): ServerActor[] {
    return [...this.#actors.values()].sort((a, b) => a.spec.number - b.spec.number)
  }

  #actor(id: ServerId): ServerActor {
    const actor = this.#actors.get(id)
    if (actor !== undefined) return actor
    throw new AppError('unknown_server', `There is no server ${id}`, {
      hint: 'Look at the list of servers for its id.',
      status: 404,
    })
  }

  #running(id: ServerId): ServerActor {
    if (this.#isDisposed) throw new AppError('shutting_down', 'Signalbox is quitting', { status: 503 })
    return this.#actor(id)
  }
}
