import { setTimeout as delay } from 'node:timers/promises'
import type { Failure } from '../../shared/app-error.ts'
import { isObject } from './json-object.ts'
import type { JsonObject, LinkInfo } from './link.ts'
import { acknowledgement, type ListKind, listKinds } from './notifications.ts'
import type { Rpc } from './rpc.ts'

const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 60_000
const LOOK_MS = 1000
const FOR_EVER_MS = Number.MAX_SAFE_INTEGER
/** A subscription that is not acknowledged in this time is none. */
const ACKNOWLEDGED_MS = 5000
/** Changes of lists within a second from which on a server is asked by the clock instead. */
const FLOOD = 100

interface Listener {
  /** A list changed, or may have: it is worth asking for. */
  onListChanged(kind: ListKind): void
  /** Why changes are asked for by the clock from now on. */
  onFault(failure: Failure): void
  /** Milliseconds for which the server's lists stay good, as it says now. */
  ttlMs(): number
}

/**
 * Keeps one `subscriptions/listen` open for the list changes that a modern server offers; the notifications arrive
 * as any other. Where that cannot be relied on (never acknowledged, told under another id, a flood, refused) the lists
 * are asked for whenever their time is over instead. Ends with the signal, which the end of the connection fires too.
 */
export async function keepListening(
  rpc: Rpc,
  info: LinkInfo,
  envelope: JsonObject,
  listener: Listener,
  signal: AbortSignal,
): Promise<void> {
  const kinds = offeredChanges(info.capabilities)
  if (kinds.length === 0) return
  const tellAll = (): void => {
    for (const kind of kinds) listener.onListChanged(kind)
  }
  const notifications = Object.fromEntries(kinds.map((kind) => [`${kind}ListChanged`, true]))
  for (let pause = 0; !signal.aborted; pause = Math.min(pause * 2 || FIRST_PAUSE_MS, LONGEST_PAUSE_MS)) {
    if (pause > 0) {
      await wait(pause, signal)
      if (signal.aborted) return
      // What changed while the stream was broken was told to nobody.
      tellAll()
    }
    const end = await listen(rpc, { notifications, _meta: envelope }, signal)
    // A result is the server's polite end of the stream, a broken stream its rude one: both are worth another try.
    if (end.kind === 'ended') continue
    if (signal.aborted) return
    if (end.failure !== null) listener.onFault(end.failure)
    break
  }
  await poll(tellAll, listener.ttlMs, signal)
}

/** Tells each time that the lists' time is over; how long that is may be known only later. */
async function poll(tellAll: () => void, ttlMs: () => number, signal: AbortSignal): Promise<void> {
  let askedAt = performance.now()
  while (!signal.aborted) {
    await wait(LOOK_MS, signal)
    if (signal.aborted || performance.now() - askedAt < ttlMs()) continue
    askedAt = performance.now()
    tellAll()
  }
}

/** One subscription from its opening to its end; `failure` is null where the server wants none. */
async function listen(
  rpc: Rpc,
  params: JsonObject,
  signal: AbortSignal,
): Promise<{ kind: 'ended' } | { kind: 'given_up'; failure: Failure | null }> {
  const over = new AbortController()
  let failure: Failure | null = null
  const giveUp = (why: Failure): void => {
    failure ??= why
    over.abort()
  }
  const overdue = setTimeout(() => giveUp(unanswered), ACKNOWLEDGED_MS)
  overdue.unref()
  let second = { since: performance.now(), told: 0 }
  const options = {
    timeoutMs: FOR_EVER_MS,
    maxTotalMs: FOR_EVER_MS,
    signal: AbortSignal.any([signal, over.signal]),
  }
  const answer = await rpc.request('subscriptions/listen', params, options, {
    subscriber: {
      heard(method) {
        if (method === acknowledgement) clearTimeout(overdue)
        const now = performance.now()
        if (now - second.since > 1000) second = { since: now, told: 0 }
        if (++second.told > FLOOD) giveUp(flood)
        return failure === null
      },
      strayed: () => giveUp(stray),
    },
  })
  clearTimeout(overdue)
  if (failure !== null) return { kind: 'given_up', failure }
  return answer.kind === 'error' ? { kind: 'given_up', failure: null } : { kind: 'ended' }
}

const unanswered: Failure = {
  code: 'subscription_unanswered',
  message: 'The server did not acknowledge a subscription within 5 s; its lists are asked for by the clock',
  hint: 'Report this to the author of the server.',
}
const stray: Failure = {
  code: 'subscription_stray',
  message: 'The server tells changes under an id that is no subscription of ours; its lists are asked for by the clock',
  hint: 'Report this to the author of the server.',
}
const flood: Failure = {
  code: 'subscription_flood',
  message: 'The server told 100 changes within a second; its lists are asked for by the clock',
  hint: 'Report this to the author of the server.',
}

/** Ends early with the signal, which whoever waits looks at. */
async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal, ref: false }).catch(() => {})
}

function offeredChanges(capabilities: JsonObject): ListKind[] {
  return listKinds.filter((kind) => {
    const capability = capabilities[kind]
    return isObject(capability) && capability.listChanged === true
  })
}
