import { type Failure, failureOf } from '../../shared/app-error.ts'
import type { StartStep, StepTiming } from '../../shared/server.ts'
import type { ServerSpec } from '../config/server-spec.ts'
import { agreesToAll } from '../consent/agrees-to-all.ts'
import type { LinkInfo, Listing } from '../links/link.ts'
import { listAll } from '../links/list-all.ts'
import { type ExposureLook, ExposureScan } from '../servers/exposure.ts'
import { whereaboutsOf } from '../servers/exposure-watch.ts'
import { filledRemote } from '../servers/filled-remote.ts'
import { LocalSession } from '../servers/local-session.ts'
import { OutputTail } from '../servers/output-tail.ts'
import { RemoteSession } from '../servers/remote-session.ts'
import type { RunStore, SessionContext } from '../servers/session.ts'
import { StartTimeline } from '../servers/start-timeline.ts'
import type { Surroundings } from './surroundings.ts'

/** What a server did when it was started for a moment. */
export interface Trial {
  /** Why it did not come as far as its lists; null when it did. */
  readonly failure: Failure | null
  /** Where it failed. */
  readonly failedAt: StartStep | null
  readonly steps: readonly StepTiming[]
  readonly info: LinkInfo | null
  readonly listing: Listing | null
  /** Lines on stdout that were not protocol. */
  readonly noise: readonly string[]
  readonly stderr: readonly string[]
  /** Milliseconds until the handshake was answered; null when it was not. */
  readonly handshakeMs: number | null
  /** Where it listened for others meanwhile; null when it did not come as far as its lists. */
  readonly exposure: ExposureLook | null
}

/** A server that is given too little time is waited for this long, to see whether more time would do. */
const leastPatienceMs = 5_000
const noiseKept = 50

/** An examination is no life of a server: it leaves no run on record. */
const noRuns: RunStore = { insertRun: async () => {}, updateRun: async () => {} }

/**
 * Starts a server the way it is always started, up to its lists, and ends it again with all that it started. Whether it
 * may be run at all is the caller's business. Never throws but for the signal.
 */
export async function tryServer(spec: ServerSpec, around: Surroundings, signal: AbortSignal): Promise<Trial> {
  const { settings } = spec
  const patient = { ...settings, startTimeoutMs: Math.max(settings.startTimeoutMs, leastPatienceMs) }
  const noise: string[] = []
  let pid: number | null = null
  const stderr = new OutputTail()
  const timeline = new StartTimeline()
  const context: SessionContext = {
    spec: { ...spec, settings: patient },
    host: around.host,
    store: noRuns,
    baseEnv: around.baseEnv,
    installId: around.installId,
    registry: around.registry,
    timeline,
    era: 'auto',
    masker: around.masker,
    consent: agreesToAll,
    authorizerFor: around.authorizerFor,
    askedBy: null,
    traffic: null,
    events: {
      spawned(spawnedPid) {
        pid = spawnedPid
      },
      log() {},
      stderr: (stream) => void stream.on('data', (chunk: Buffer) => stderr.push(chunk)),
      noise: (text) => void (noise.length < noiseKept && noise.push(text)),
      fault() {},
      listChanged() {},
      renewed() {},
      ended() {},
      closed() {},
      probeFailed() {},
    },
  }
  const session = spec.launch === null ? new RemoteSession(context) : new LocalSession(context)
  const startedAt = performance.now()
  let found: Pick<Trial, 'failure' | 'failedAt' | 'info' | 'listing' | 'handshakeMs' | 'exposure'>
  let info: LinkInfo | null = null
  let handshakeMs: number | null = null
  try {
    const { link } = await session.open(signal)
    info = link.info
    handshakeMs = performance.now() - startedAt
    timeline.begin('list')
    const listing = await listAll(link, { timeoutMs: patient.startTimeoutMs, signal })
    timeline.done('list')
    const exposure = await exposureOf(spec, pid, around, signal)
    found = { failure: null, failedAt: null, info, listing, handshakeMs, exposure }
  } catch (error) {
    signal.throwIfAborted()
    found = { failure: failureOf(error), failedAt: timeline.current, info, listing: null, handshakeMs, exposure: null }
    timeline.fail(failureOf(error).message)
  } finally {
    await session.close({
      isAsked: true,
      drains: false,
      overLimit: null,
      graceMs: Math.min(settings.stopGraceMs, 2_000),
      force: signal,
      onRung() {},
    })
  }
  stderr.end()
  return { ...found, steps: timeline.snapshot().steps, noise, stderr: stderr.lines() }
}

/** Where a server that runs now listens for others than this machine. */
export async function exposureOf(
  spec: ServerSpec,
  pid: number | null,
  around: Surroundings,
  signal: AbortSignal,
): Promise<ExposureLook> {
  const where = await whereaboutsOf(spec, pid, (remote) => filledRemote(remote, around))
  if (where === null) return { kind: 'not_run', reason: 'It has no process that could be looked at.' }
  return new ExposureScan(around.host.platform).look(where, signal)
}
