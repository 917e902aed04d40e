import type { ServerId } from '../../../shared/ids.ts'
import type { Era } from '../../../shared/server.ts'
import { membersOf } from '../../links/json-text.ts'
import type { JsonObject, Link } from '../../links/link.ts'
import { openStdioLink } from '../../links/open-link.ts'
import { TestChild } from '../../links/test-child.ts'
import { type ClientAnswer, errorOf, type GatewayCall, type Reply } from '../call.ts'
import { Bridge, offeredCapabilities } from './bridge.ts'
import { type ParkingLimits, parkingLimits } from './parking.ts'
import { QuestionTray } from './question-tray.ts'

const limits = { timeoutMs: 30_000, maxTotalMs: 30_000 }

/** What a client of a test is, and how it answers; the request and its stream are made up, the server is real. */
export interface TestClient {
  readonly era: Era
  readonly capabilities?: JsonObject
  readonly name?: string
  answer?(method: string, params: JsonObject): JsonObject
}

export interface TestCall extends GatewayCall {
  readonly told: { method: string; params: JsonObject }[]
  readonly abort: AbortController
}

let lastId = 0

/** A request of a client, as the gateway's frame would hand it on. */
export function callOf(client: TestClient, method: string, params: JsonObject): TestCall {
  const abort = new AbortController()
  const told: TestCall['told'] = []
  const name = client.name ?? 'tester'
  return {
    caller: { origin: `client:${name}`, client: null, profile: null },
    scope: { kind: 'server', server: fixtureId },
    client: {
      era: client.era,
      protocolVersion: client.era === 'modern' ? '2026-07-28' : '2025-11-25',
      capabilities: client.capabilities ?? {},
      implementation: { name, version: '1' },
    },
    session: null,
    headers: {},
    id: ++lastId,
    method,
    params,
    paramsText: JSON.stringify(params),
    paramsMembers: membersOf(JSON.stringify(params)),
    trace: null,
    signal: abort.signal,
    onCancel: (listener) => abort.signal.addEventListener('abort', listener, { once: true }),
    notify: (notified, text) => told.push({ method: notified, params: JSON.parse(text) }),
    async ask(asked, text): Promise<ClientAnswer> {
      if (client.answer === undefined) return { kind: 'unanswered', reason: 'gone' }
      return { kind: 'result', text: JSON.stringify(client.answer(asked, JSON.parse(text))) }
    },
    told,
    abort,
  }
}

export const fixtureId = 'fixture' as ServerId

/** The conformance fixture of one era behind a bridge, over a real link. */
export class BridgedFixture implements AsyncDisposable {
  readonly bridge: Bridge
  readonly tray: QuestionTray
  readonly link: Link
  readonly #child: TestChild

  private constructor(child: TestChild, link: Link, bridge: Bridge, tray: QuestionTray) {
    this.#child = child
    this.link = link
    this.bridge = bridge
    this.tray = tray
  }

  static async start(era: Era, parking: ParkingLimits = parkingLimits): Promise<BridgedFixture> {
    const tray = new QuestionTray({ onChange() {} })
    const bridge = new Bridge(tray, parking)
    const child = TestChild.own(`conformance/${era}-stdio.mjs`)
    const link = await openStdioLink(
      child.streams,
      {
        client: { name: 'signalbox', version: '0.1.0' },
        era,
        capabilities: offeredCapabilities,
        startTimeoutMs: 30_000,
        maxMessageBytes: 1_000_000,
      },
      { onQuestion: (question) => bridge.question(fixtureId, question) },
    )
    return new BridgedFixture(child, link, bridge, tray)
  }

  /** Sends a request through the bridge, as the gateway does for what a server may answer with questions. */
  send(call: GatewayCall): Promise<Reply> {
    return this.bridge.run(call, async (bridged) => {
      const answer = await bridged.forward(this.link, call.method, call.paramsText, {
        ...limits,
        signal: bridged.call.signal,
      })
      return answer.kind === 'result' || answer.kind === 'error' ? answer : errorOf(-32603, answer.kind)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.bridge[Symbol.dispose]()
    await this.link[Symbol.asyncDispose]()
    await this.#child[Symbol.asyncDispose]()
  }
}
