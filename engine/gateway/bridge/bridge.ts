import type { ServerId } from '../../../shared/ids.ts'
import type { JsonObject } from '../../links/link.ts'
import type { Question, QuestionReply, Remark } from '../../links/link-options.ts'
import { OwnCall } from '../../tasks/own-call.ts'
import type { GatewayCall, Reply } from '../call.ts'
import { type BridgedCall, refusal, withOwnLack } from './bridged-call.ts'
import { Parking, parkingLimits } from './parking.ts'
import type { QuestionTray } from './question-tray.ts'
import { RoundsCall } from './rounds-call.ts'
import { SessionCall } from './session-call.ts'

/** Many servers ask as soon as they are up, when nobody has called them yet. */
const noRootsYet = refusal(
  -32600,
  'Roots belong to a client, and no call of one is under way: ask for them during a call, and learn whose they are',
)

/** What we tell every server that its callers can: refused call by call where one cannot. */
export const offeredCapabilities: JsonObject = {
  elicitation: { form: {}, url: {} },
  sampling: {},
  roots: {},
  extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } },
}

/** Carries questions of servers to the client that caused them, between any pairing of eras. */
export class Bridge implements Disposable {
  readonly #tray: QuestionTray
  readonly #parking: Parking

  constructor(tray: QuestionTray, limits = parkingLimits) {
    this.#tray = tray
    this.#parking = new Parking(limits)
  }

  /** Calls that wait for their modern client to come back with answers. */
  get parked(): number {
    return this.#parking.size
  }

  /**
   * Does the work of a request that its server may answer with questions: `tools/call`, `prompts/get`, `resources/read`.
   * A request that goes on with a call of before gets that call's outcome, and its own work is never begun.
   */
  run(call: GatewayCall, work: (bridged: BridgedCall) => Promise<Reply>): Promise<Reply> {
    if (this.#parking.isOurs(call)) return this.#parking.resume(call)
    return call.client.era === 'modern' ? this.#parking.begin(call, work) : runOfSession(call, work)
  }

  /**
   * Answers what a server asks by itself: by the client that caused it or, where that is not sure, by the person here. Null
   * where no client can have caused it and it is not a person who is asked: nobody here has a model, or folders to tell.
   */
  question(server: ServerId, question: Question): Promise<QuestionReply> | null {
    const calls = this.callsOf(question)
    const cause = question.owners.length === calls.length ? causeOf(calls) : null
    if (cause !== null) return cause.answer(question)
    if (question.owners.length === 0 && question.method === 'roots/list') return Promise.resolve(noRootsYet)
    if (calls.length === 0 && question.method !== 'elicitation/create') return null
    const origins = calls.map(({ call }) => call.caller.origin)
    const [owner] = question.owners
    const isOwn = question.owners.length === 1 && owner instanceof OwnCall
    const answered = this.#tray.ask(server, question, origins)
    return isOwn ? watched(owner, question, answered) : answered
  }

  /** The calls of clients that something which a server says may be about. */
  callsOf({ owners }: Pick<Remark, 'owners'>): BridgedCall[] {
    return owners.filter((owner) => owner instanceof SessionCall || owner instanceof RoundsCall)
  }

  [Symbol.dispose](): void {
    this.#parking[Symbol.dispose]()
  }
}

/** A call of our own waits for the person as the task of a client's does, and shows what was asked. */
async function watched({ watch }: OwnCall, { method, params }: Question, answered: Promise<QuestionReply>) {
  watch.asked(method, params)
  const reply = await answered
  watch.answered(method, params, JSON.parse(reply.text))
  return reply
}

async function runOfSession(call: GatewayCall, work: (bridged: BridgedCall) => Promise<Reply>): Promise<Reply> {
  return withOwnLack(call, await work(new SessionCall(call)))
}

/**
 * The call that a question goes to; null where it could reach a client that it is not for. Among the calls of one client
 * it is enough to find one that waits for nothing else yet: whichever of them shows the question, its answer goes to the
 * server's question and to no other.
 */
function causeOf(calls: readonly BridgedCall[]): BridgedCall | null {
  if (new Set(calls.map(whoseOf)).size > 1) return null
  const free = calls.filter(({ isWaiting }) => !isWaiting)
  const likely = free.length > 0 ? free : calls
  // Two sessions of one token are two windows of one person.
  return new Set(likely.map(({ call }) => call.session)).size > 1 ? null : (likely[0] ?? null)
}

const whoseOf = ({ call: { caller } }: BridgedCall): string => caller.client ?? caller.origin
