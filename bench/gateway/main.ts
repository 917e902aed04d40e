// What a call costs through a gateway, against a bare HTTP server on the same machine in the same minutes.
import { atLeast, atMost, type BenchOptions, below, type Row, told } from '../bench.ts'
import { type Footprint, footprint } from './footprint.ts'
import type { Sample } from './measure.ts'
import { ours, oursUnrecorded } from './ours.ts'
import { installPeers, mcpHub, mcpProxy, supergateway } from './peers.ts'
import { type Plan, type Repetition, repetition } from './repetition.ts'
import type { Subject } from './subject.ts'
import { table } from './table.ts'
import { bareForwarder, floor, sdkServer } from './yardsticks.ts'

const repetitions = 3
const subjects = [floor, bareForwarder, sdkServer, mcpProxy, supergateway, mcpHub, ours, oursUnrecorded]
const whole: Plan = { rounds: 8, warmUp: 12_000, raw: { inTurn: 500, atOnce: 1000 }, sdk: { inTurn: 150, atOnce: 300 } }
const glance: Plan = { rounds: 2, warmUp: 300, raw: { inTurn: 200, atOnce: 400 }, sdk: { inTurn: 50, atOnce: 100 } }

/** The goals of the gateway: each a ratio within one repetition, of which there are three. */
export async function bench({ short }: BenchOptions): Promise<Row[]> {
  if (process.platform !== 'linux') throw new Error('This benchmark reads /proc, and so needs Linux.')
  installPeers()
  const runs: Repetition[] = []
  for (let turn = 0; turn < repetitions; turn++) runs.push(await repetition(subjects, short ? glance : whole))
  console.log(table(runs, subjects))
  const bare: Footprint[] = []
  const own: Footprint[] = []
  for (let turn = 0; turn < repetitions; turn++) {
    bare.push(await footprint(bareForwarder))
    own.push(await footprint(ours))
  }
  return [...callGoals(runs), ...memoryGoals(own, bare)]
}

function callGoals(runs: readonly Repetition[]): Row[] {
  const raw = (ratio: (of: (subject: Subject) => Sample) => number): number[] =>
    runs.map((run) => ratio(({ name }) => run.get(name)!.raw))
  const sdk = (ratio: (of: (subject: Subject) => Sample) => number): number[] =>
    runs.map((run) => ratio(({ name }) => run.get(name)!.sdk))
  const bestPeer = (of: (subject: Subject) => Sample): number =>
    Math.max(of(mcpProxy).callsPerSecond, of(supergateway).callsPerSecond)
  return [
    atMost(
      'processor time of a recorded call, against the HTTP floor',
      raw((of) => of(ours).cpuPerCall / of(floor).cpuPerCall),
      2.5,
    ),
    atMost(
      'p50 of a raw client, against the HTTP floor',
      raw((of) => of(ours).p50 / of(floor).p50),
      2,
    ),
    below(
      "p50 of the SDK's client, against the SDK's stateful HTTP server called directly",
      sdk((of) => of(ours).p50 / of(sdkServer).p50),
      1,
    ),
    atLeast(
      'calls a second at 32, against the better of mcp-proxy and supergateway',
      raw((of) => of(ours).callsPerSecond / bestPeer(of)),
      2,
    ),
    atMost(
      'processor time of a call, recorded against recording off',
      raw((of) => of(ours).cpuPerCall / of(oursUnrecorded).cpuPerCall),
      1.5,
    ),
  ]
}

function memoryGoals(own: readonly Footprint[], bare: readonly Footprint[]): Row[] {
  const ratios = own.map(({ ten }, turn) => ten / bare[turn]!.ten)
  const further = (all: readonly Footprint[]): number[] => all.map((one) => one.further)
  return [
    atMost('memory with 10 servers, against the bare forwarder', ratios, 2.5),
    atMost('memory for each further server, MiB', further(own), 1),
    told('the same of the bare forwarder, MiB', further(bare)),
  ]
}
