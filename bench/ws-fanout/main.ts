// What it costs to tell many sockets of one topic, against a bare loop over the sockets of `ws`; and what slow readers cost.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { atMost, type BenchOptions, type Row, told } from '../bench.ts'
import { cpuMicroseconds, residentBytes } from '../gateway/process-usage.ts'
import type { Order } from './paced.ts'
import type { Report } from './readers.ts'

const clients = 1_000
const perSecond = 100
const bytes = 100
const stalledReaders = 20
const stalledBytes = 16 * 1024

/** A server in a process of its own, and its readers in another one. */
class Fanout implements AsyncDisposable {
  readonly server: ChildProcess
  readonly #url: string
  readonly #token: string
  #readers: ChildProcess | null = null
  #published = 0

  private constructor(server: ChildProcess, url: string, token: string) {
    this.server = server
    this.#url = url
    this.#token = token
  }

  static async start(script: string, args: readonly string[], token: () => Promise<string>): Promise<Fanout> {
    const server = run(script, args)
    const [line] = (await once(createInterface(server.stdout!), 'line')) as [string]
    return new Fanout(server, line.replace('listening ', ''), await token())
  }

  get pid(): number {
    return this.server.pid!
  }

  async open(count: number): Promise<void> {
    this.#readers = run('readers.ts', [this.#url, String(count), this.#token])
    await once(this.#readers, 'message')
  }

  async stall(): Promise<void> {
    this.#readers!.send('stall')
    await once(this.#readers!, 'message')
  }

  async publish(order: Order): Promise<void> {
    this.server.send(order)
    await once(this.server, 'message')
    this.#published += order.messages
  }

  /** Once every reader has everything that was published, or nothing more comes. */
  async arrived(): Promise<Report & { missing: number }> {
    this.#readers!.send(this.#published)
    const [report] = (await once(this.#readers!, 'message')) as [Report]
    return { ...report, missing: this.#published * clients - report.received }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of [this.#readers, this.server]) {
      if (child === null || child.exitCode !== null || child.signalCode !== null) continue
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    }
  }
}

function run(script: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [resolve('bench/ws-fanout', script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
}

async function startOurs(home: string): Promise<Fanout> {
  return Fanout.start('ours.ts', [home], async () => (await readFile(join(home, 'token'), 'utf8')).trim())
}

/** 1,000 sockets on one topic at 100 messages a second, ours and a bare loop in turns. */
export async function bench({ short }: BenchOptions): Promise<Row[]> {
  if (process.platform !== 'linux') throw new Error('This benchmark reads /proc, and so needs Linux.')
  const home = await mkdtemp(join(tmpdir(), 'signalbox-bench-'))
  try {
    return [...(await fanout(home, short ? 1 : 5, short ? 100 : 500)), await stalled(join(home, 'stalled'))]
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

async function fanout(home: string, rounds: number, messages: number): Promise<Row[]> {
  await using ours = await startOurs(join(home, 'fanout'))
  await using bare = await Fanout.start('bare.ts', [], async () => '')
  await Promise.all([ours.open(clients), bare.open(clients)])
  const before = residentBytes(ours.pid)
  const ratios: number[] = []
  const rates: number[] = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    const own = await costOf(ours, messages)
    rates.push(messages / ((performance.now() - start) / 1000))
    ratios.push(own / (await costOf(bare, messages)))
  }
  const [own, theirs] = [await ours.arrived(), await bare.arrived()]
  const growth = (residentBytes(ours.pid) - before) / 2 ** 20
  return [
    atMost('processor time of telling 1,000 sockets, against a bare loop of `ws`', ratios, 2),
    atMost('messages lost, out of order or told as a gap', own.missing + own.disordered + own.gaps, 0),
    told('the same of the bare loop', theirs.missing + theirs.disordered),
    told('messages a second that were kept up with all sockets', rates),
    atMost('memory that this took, MiB', growth, 64),
  ]
}

/** Microseconds of processor until every reader has them all. */
async function costOf(fanned: Fanout, messages: number): Promise<number> {
  const before = cpuMicroseconds(fanned.pid)
  await fanned.publish({ messages, perSecond, bytes })
  await fanned.arrived()
  return cpuMicroseconds(fanned.pid) - before
}

/** Readers that take nothing of 64 MB each: what lies in our memory for them. */
async function stalled(home: string): Promise<Row> {
  await using ours = await startOurs(home)
  await ours.open(stalledReaders)
  await ours.stall()
  const before = residentBytes(ours.pid)
  await ours.publish({ messages: 4_000, perSecond: 2_000, bytes: stalledBytes })
  const growth = (residentBytes(ours.pid) - before) / 2 ** 20
  return atMost('memory for 20 readers that read nothing of 62 MiB each, MiB', growth, 64)
}
