import { callAtOnce, type Echoing, type Round, Sample } from './measure.ts'
import { RawClient } from './raw-client.ts'
import { openSdkClient } from './sdk-client.ts'
import type { Running, Subject } from './subject.ts'

export interface Plan {
  readonly rounds: number
  /** Calls before anything counts. */
  readonly warmUp: number
  readonly raw: Round
  readonly sdk: Round
}

interface Measured {
  /** Of a client that writes JSON-RPC by hand; empty for a subject that does not speak Streamable HTTP. */
  readonly raw: Sample
  readonly sdk: Sample
}

/** By the name of the subject. */
export type Repetition = ReadonlyMap<string, Measured>

/**
 * Starts all subjects afresh and calls them in turns, a round each, so that whatever else the machine does meets all of
 * them alike.
 */
export async function repetition(subjects: readonly Subject[], plan: Plan): Promise<Repetition> {
  await using stack = new AsyncDisposableStack()
  const rigs: Rig[] = []
  for (const subject of subjects) rigs.push(stack.use(await openRig(subject)))
  for (const { raw, sdk, tool } of rigs) {
    if (raw !== null) await warmUp(raw, tool, plan.warmUp)
    await warmUp(sdk, tool, plan.warmUp / 10)
  }
  for (let round = 0; round < plan.rounds; round++) {
    for (const { raw, sdk, tool, running, measured } of rigs) {
      if (raw !== null) await measured.raw.addRound(raw, tool, running.pid, plan.raw)
      await measured.sdk.addRound(sdk, tool, running.pid, plan.sdk)
    }
  }
  return new Map(rigs.map(({ subject, measured }) => [subject.name, measured]))
}

/** Both kinds of calls, so that what a program compiles for either is compiled before anything counts. */
async function warmUp(target: Echoing, tool: string, calls: number): Promise<void> {
  await callAtOnce(target, tool, calls)
  for (let call = 0; call < calls / 4; call++) await target.echo(tool, 'warm')
}

/** A subject that runs, with a client of each kind. */
interface Rig extends AsyncDisposable {
  readonly subject: Subject
  readonly running: Running
  readonly tool: string
  readonly raw: Echoing | null
  readonly sdk: Echoing
  readonly measured: Measured
}

async function openRig(subject: Subject): Promise<Rig> {
  await using stack = new AsyncDisposableStack()
  const running = stack.use(await subject.start(1))
  const raw = running.endpoint.isSse ? null : stack.use(await RawClient.open(running.endpoint))
  const sdk = stack.use(await openSdkClient(running.endpoint))
  const tool = (await sdk.tools()).find((name) => name.endsWith('echo'))
  if (tool === undefined) throw new Error(`${subject.name} lists no echo`)
  const owned = stack.move()
  const measured = { raw: new Sample(), sdk: new Sample() }
  return { subject, running, tool, raw, sdk, measured, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}
