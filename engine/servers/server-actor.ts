import { type Failure, failureOf } from '../../shared/app-error.ts'
import type { Consent } from '../../shared/consent.ts'
import type { Server, ServerState } from '../../shared/server.ts'
import type { TransitionCause } from '../../shared/transition.ts'
import type { ServerSpec } from '../config/server-spec.ts'
import { subjectOf } from '../consent/launch-subject.ts'
import { isAboutIdentity, waitAskedFor } from '../links/http-failure.ts'
import type { LinkClient, LinkInfo, Listing } from '../links/link.ts'
import { refusalOf } from './admission.ts'
import { isOutsideFailure, isPermanentFailure } from './failure-kind.ts'
import { type LifeContext, type LifeEnd, quitting } from './life-context.ts'
import { failureOfLimit, type OverLimit } from './over-limit.ts'
import { lowerFirst, ordinal } from './reason.ts'
import { type Ending, nextRestart } from './restart-policy.ts'
import { seconds } from './seconds.ts'
import type { ServerBoard } from './server-board.ts'
import { restingState } from './server-facts.ts'
import { ServerLife } from './server-life.ts'
import type { StartSlots } from './start-slots.ts'
import type { Admission } from './supervisor.ts'
import { pause } from './within.ts'

export interface ActorContext extends LifeContext {
  readonly slots: StartSlots
  /** Monotonic milliseconds at which the machine last woke up. */
  readonly sleptUntilMs: number
  onCrashLoop(server: Server, failure: Failure): void
}

/** The time from a start that somebody asked for to the state in which the server comes to rest. */
interface Campaign {
  readonly stop: AbortController
  readonly force: AbortController
  /** Cuts a wait between two starts short. */
  hurry: AbortController
  /** Ends that nobody asked for, oldest first. */
  endings: Ending[]
  life: ServerLife | null
  /** Resolves when nothing of it is left. */
  readonly over: Promise<void>
  /** The face in which the owner asked for the next life; null where it comes by itself. */
  askedBy: string | null
  /** A start that is due once it has stopped, and who asked for it. */
  next: { askedBy: string | null; cause: TransitionCause } | null
  /** Why it stops. */
  stopCause: TransitionCause
  /** A call came while it was on its way to sleep. */
  wakes: boolean
  /** What it was before it was tried once more for a call; null for any other start. */
  before: ServerState | null
}

/** Runs one server: turns wishes into starts and stops, and ends into restarts. At most one process at any time. */
export class ServerActor {
  readonly #board: ServerBoard
  readonly #context: ActorContext
  #campaign: Campaign | null = null
  #lastTryMs = Number.NEGATIVE_INFINITY

  constructor(board: ServerBoard, context: ActorContext) {
    this.#board = board
    this.#context = context
  }

  get view(): Server {
    return this.#board.view
  }

  get spec(): ServerSpec {
    return this.#board.facts.spec
  }

  get listing(): Listing | null {
    return this.#board.facts.listing
  }

  get heldTools(): readonly string[] {
    return this.#board.facts.heldTools
  }

  get info(): LinkInfo | null {
    return this.#board.facts.info
  }

  /** False in states that it leaves by itself, and in the moment between an end and what follows. */
  get isSettled(): boolean {
    const { state } = this.#board.facts.state
    return state === 'asleep' || (state !== 'stopping' && this.#admission().kind !== 'wait')
  }

  /** `by`: the face in which the owner asks. */
  start(by: string): void {
    this.#board.wish(true)
    this.#lastTryMs = Number.NEGATIVE_INFINITY
    const campaign = this.#campaign
    if (campaign === null) this.#begin('asked', by)
    else if (campaign.stop.signal.aborted) campaign.next = { askedBy: by, cause: 'asked' }
    else {
      const { state } = this.#board.facts.state
      // A start that nobody asked for is under way: should it find what was not agreed to, this is the agreement.
      if (state === 'starting') campaign.askedBy = by
      if (state === 'backing_off') {
        campaign.askedBy = by
        campaign.endings = []
        campaign.hurry.abort()
      }
    }
    this.#board.announce()
  }

  resume(cause: TransitionCause): void {
    if (this.#board.facts.wished && this.#campaign === null) this.#begin(cause)
  }

  stop(cause: TransitionCause = 'asked'): void {
    this.#board.wish(false)
    this.#end(cause)
    this.#board.announce()
  }

  restart(by: string): void {
    this.#board.wish(true)
    if (this.#campaign === null) this.#begin('asked', by)
    else this.#replace(this.#campaign, 'asked', by)
    this.#board.announce()
  }

  /** What it is made of changed under it: it is started anew, which is no agreement to anything. */
  sourceChanged(): void {
    if (!this.#board.facts.wished) return
    this.#board.log('its source changed')
    if (this.#campaign === null) this.#begin('source_changed')
    else this.#replace(this.#campaign, 'source_changed')
    this.#board.announce()
  }

  /** Takes a changed entry; what runs under the old one is replaced when the change concerns the launch. */
  reconfigure(spec: ServerSpec): void {
    const { facts } = this.#board
    const isSame = facts.spec.hash === spec.hash
    facts.spec = spec
    if (!isSame) {
      Object.assign(facts, { info: null, eraVerdict: null, isEraDoubted: false, listing: null, heldTools: [] })
      this.#board.log('its configuration changed')
      if (this.#campaign === null) {
        if (facts.wished) this.#begin('configuration_changed')
        else this.#board.enter(restingState(spec), 'configuration_changed')
      } else if (facts.wished) this.#replace(this.#campaign, 'configuration_changed')
    }
    this.#board.announce()
  }

  /** Ends what runs, calls in flight included, and leaves the wish as it is. `force` kills at once. */
  async shutDown(force: AbortSignal): Promise<void> {
    if (this.#campaign !== null) await this.#quit(this.#campaign, force)
    this.#board[Symbol.dispose]()
  }

  /** As the last life of the app left it: on, or asleep where it starts on demand and its lists are known. */
  restore(): void {
    const { settings, problem } = this.spec
    if (settings.onDemand && this.listing !== null && problem === null)
      this.#board.enter({ state: 'asleep' }, 'restored')
    else this.resume('restored')
  }

  admit(): Admission {
    this.#rouse()
    return this.#campaign?.wakes ? { kind: 'wait' } : this.#admission()
  }

  /** The machine has slept: whether the server lives is asked now, not at the next beat. */
  afterSleep(): void {
    void this.#campaign?.life?.probe(this.#context.rules.wakeProbeMs)
  }

  /** A call is worth a start that nobody else asked for. */
  #rouse(): void {
    const { state } = this.#board.facts
    if (this.#campaign?.life?.isGoingToSleep) this.#campaign.wakes = true
    else if (state.state === 'asleep') this.#begin('call')
    else if (state.state === 'crash_looping') {
      if (performance.now() - this.#lastTryMs < this.#context.rules.singleTryMs) return
      this.#lastTryMs = performance.now()
      this.#board.log('tries once more, for a call')
      this.#begin('call', null, state)
    }
  }

  #admission(): Admission {
    const refusal = refusalOf(this.#board.id, this.#board.facts.state)
    if (refusal !== null) return refusal
    const link = this.#campaign?.life?.link ?? null
    return link === null ? { kind: 'wait' } : { kind: 'open', link, runId: this.#board.facts.runId }
  }

  /** What would run now beside what was agreed to. Throws what finding the command throws. */
  async review(): Promise<Consent> {
    return this.#context.consent.review(await subjectOf(this.spec, this.#context), this.listing?.tools ?? [])
  }

  /** Agrees to what stands now, and starts it if only that was missing. */
  async approve(by: string, seen: string | undefined): Promise<void> {
    const { facts } = this.#board
    const subject = await subjectOf(this.spec, this.#context)
    const tools = facts.listing?.tools ?? null
    await this.#context.consent.approve(subject, tools, by, seen)
    facts.heldTools = tools === null ? [] : this.#context.consent.held(this.#board.id, tools)
    if (facts.state.state === 'needs_consent') this.resume('approved')
    this.#board.announce()
  }

  /** It used more than it may: ends its process as one that failed. */
  endOverLimit(over: OverLimit): void {
    this.#campaign?.life?.endFor(failureOfLimit(over))
  }

  clientLeft(client: LinkClient): void {
    this.#campaign?.life?.clientLeft(client)
  }

  noteCall(at: string): void {
    this.#board.called(at)
  }

  #begin(cause: TransitionCause, askedBy: string | null = null, before: ServerState | null = null): void {
    if (this.spec.problem !== null) {
      this.#board.enter(restingState(this.spec), cause)
      return
    }
    const { promise: over, resolve } = Promise.withResolvers<void>()
    const campaign: Campaign = {
      stop: new AbortController(),
      force: new AbortController(),
      hurry: new AbortController(),
      endings: [],
      life: null,
      over,
      askedBy,
      next: null,
      stopCause: 'asked',
      wakes: false,
      before,
    }
    this.#campaign = campaign
    this.#board.facts.restarts = 0
    this.#board.enter({ state: 'starting', step: 'resolve' }, cause)
    void this.#run(campaign).then(resolve)
  }

  #end(cause: TransitionCause): void {
    const campaign = this.#campaign
    if (campaign === null) this.#board.enter(restingState(this.spec), cause)
    else if (!campaign.stop.signal.aborted) this.#askToStop(campaign, cause)
    else if (campaign.next !== null) campaign.next = null
    else campaign.force.abort()
  }

  async #quit(campaign: Campaign, force: AbortSignal): Promise<void> {
    campaign.next = null
    if (!campaign.stop.signal.aborted) {
      campaign.stopCause = 'quit'
      this.#board.enter({ state: 'stopping', rung: 'stdin' }, 'quit')
      campaign.stop.abort(quitting)
    }
    const kill = (): void => campaign.force.abort()
    force.addEventListener('abort', kill)
    if (force.aborted) kill()
    await campaign.over
    force.removeEventListener('abort', kill)
  }

  #replace(campaign: Campaign, cause: TransitionCause, askedBy: string | null = null): void {
    campaign.next = { askedBy, cause }
    if (!campaign.stop.signal.aborted) this.#askToStop(campaign, cause)
  }

  #askToStop(campaign: Campaign, cause: TransitionCause): void {
    campaign.stopCause = cause
    this.#board.enter({ state: 'stopping', rung: 'drain' }, cause)
    campaign.stop.abort()
  }

  async #run(campaign: Campaign): Promise<void> {
    const rest = await this.#untilRest(campaign).catch((error: unknown): ServerState => {
      this.#board.log(`a defect of Signalbox: ${error instanceof Error ? error.stack : String(error)}`, 'error')
      return { state: 'failed', failure: failureOf(error) }
    })
    this.#campaign = null
    if (campaign.stop.signal.aborted) this.#board.log('stopped')
    if (campaign.next !== null) this.#begin(campaign.next.cause, campaign.next.askedBy)
    else if (campaign.stop.signal.aborted) this.#board.enter(restingState(this.spec), campaign.stopCause)
    else this.#board.enter(rest, 'idle')
  }

  /** Starts again and again, until it is stopped or a person is needed. */
  async #untilRest(campaign: Campaign): Promise<ServerState> {
    const stop = campaign.stop.signal
    for (;;) {
      const end = await this.#live(campaign)
      const askedMeanwhile = campaign.askedBy
      campaign.askedBy = null
      if (end === null || stop.aborted) return { state: 'stopped' }
      if (end === 'slept') {
        if (!campaign.wakes) return this.#asleep()
        campaign.wakes = false
        this.#board.enter({ state: 'starting', step: 'resolve' }, 'call')
        continue
      }
      if (end.failure.code === 'needs_consent' && askedMeanwhile !== null) {
        campaign.askedBy = askedMeanwhile
        this.#board.enter({ state: 'starting', step: 'resolve' }, 'asked')
        continue
      }
      this.#board.failed(end.failure)
      const rest = this.#restAfter(end, campaign)
      if (rest.state !== 'backing_off') return rest
      campaign.hurry = new AbortController()
      this.#board.enter(rest)
      await pause(Date.parse(rest.until) - Date.now(), AbortSignal.any([stop, campaign.hurry.signal]))
      if (stop.aborted) return { state: 'stopped' }
      const isAsked = campaign.endings.length === 0
      this.#board.facts.restarts = isAsked ? 0 : this.#board.facts.restarts + 1
      this.#board.enter({ state: 'starting', step: 'resolve' }, isAsked ? 'asked' : 'retry')
    }
  }

  #asleep(): ServerState {
    this.#board.log('sleeps until it is called')
    return { state: 'asleep' }
  }

  async #live(campaign: Campaign): Promise<LifeEnd | 'slept' | null> {
    const { facts } = this.#board
    const stop = campaign.stop.signal
    using place = await this.#context.slots.take(stop, () => {
      facts.isQueued = true
      this.#board.announce()
    })
    facts.isQueued = false
    if (stop.aborted) return null
    campaign.life = new ServerLife(this.#board, this.#context, campaign.askedBy, stop, campaign.force.signal)
    // Asking is for one start: those that follow by themselves must find what was agreed to.
    campaign.askedBy = null
    try {
      return await campaign.life.run(place)
    } finally {
      campaign.life = null
    }
  }

  /** What follows an end that nobody asked for; says so in the log. */
  #restAfter(end: LifeEnd, campaign: Campaign): ServerState {
    const { failure } = end
    const what = lowerFirst(failure.message) + (end.exit === null ? '' : ` (after ${seconds(end.exit.afterMs)})`)
    const resting = (state: ServerState): ServerState => {
      this.#board.log(what, 'error')
      return state
    }
    if (failure.code === 'secret_missing') {
      return resting({ state: 'needs_secret', names: end.data.names as string[], failure })
    }
    if (failure.code === 'needs_consent') return resting({ state: 'needs_consent', failure })
    if (isAboutIdentity(failure)) return resting({ state: 'needs_sign_in', failure })
    if (!this.spec.settings.restart) return resting({ state: 'failed', failure })

    const isPermanent = isPermanentFailure(failure.code, end.exit?.code)
    if (campaign.before?.state === 'crash_looping' && end.readyMs === null) {
      return resting({ ...campaign.before, failure })
    }
    const { wakeMercyMs } = this.#context.rules
    const isOutside = isOutsideFailure(failure.code) || performance.now() - this.#context.sleptUntilMs < wakeMercyMs
    const isClean = end.exit?.code === 0
    campaign.endings.push({ atMs: performance.now(), readyMs: end.readyMs, isPermanent, isOutside, isClean })
    const { restart, random } = this.#context.rules
    const decision = nextRestart(campaign.endings, restart, random())
    switch (decision.kind) {
      case 'fail':
        return resting({ state: 'failed', failure })
      case 'crash_loop': {
        const { exits, spanMs } = decision
        this.#board.log(`${what}; ${exits} times in ${seconds(spanMs)}, does not try again by itself`, 'error')
        this.#context.onCrashLoop(this.view, failure)
        return { state: 'crash_looping', exits, failure }
      }
      case 'retry': {
        const { attempt } = decision
        // Where the server itself says when to come back, that is not sooner.
        const delayMs = Math.max(decision.delayMs, waitAskedFor(end.data.failure) ?? 0)
        this.#board.log(`${what}; ${ordinal(attempt)} try in ${seconds(delayMs)}`, 'warn')
        return { state: 'backing_off', until: new Date(Date.now() + delayMs).toISOString(), attempt, failure }
      }
      default:
        return decision satisfies never
    }
  }
}
