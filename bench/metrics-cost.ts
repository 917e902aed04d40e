import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { atMost, type Bench, told } from './bench.ts'
import { ours } from './gateway/ours.ts'
import { cpuMicroseconds } from './gateway/process-usage.ts'
import { RawClient } from './gateway/raw-client.ts'
import type { Running } from './gateway/subject.ts'

const abreast = 32
const repetitions = 3
const scrapeEveryTurns = 5

interface Measured {
  readonly running: Running
  readonly client: RawClient
  cpu: number
}

/** What `/metrics` and traces add to the processor time of a call through the gateway: three programs, called in turns. */
export const bench: Bench = async ({ short }) => {
  const turns = short ? 2 : 10
  const calls = short ? 50 : 500
  const ratios: { metrics: number; traces: number }[] = []
  for (let repetition = 0; repetition < (short ? 1 : repetitions); repetition++) {
    await using stack = new AsyncDisposableStack()
    const collector = await openCollectorStandIn()
    stack.use(collector)
    const open = async (settings: object): Promise<Measured> => {
      const running = stack.use(await ours.start(1))
      await patchSettings(running, settings)
      return { running, client: stack.use(await RawClient.open(running.endpoint)), cpu: 0 }
    }
    const plain = await open({})
    const metrics = await open({ metrics_endpoint: true })
    const traces = await open({ traces_endpoint: collector.url })
    const all = [plain, metrics, traces]
    for (const one of all) await turn(one, calls)
    for (const one of all) one.cpu = 0
    for (let index = 0; index < turns; index++) {
      for (const one of all) await turn(one, calls)
      if (index % scrapeEveryTurns === 0) await scrape(metrics)
    }
    ratios.push({ metrics: metrics.cpu / plain.cpu, traces: traces.cpu / plain.cpu })
  }
  const of = (name: 'metrics' | 'traces'): number[] => ratios.map((ratio) => ratio[name])
  if (short) return [told('processor time with /metrics', of('metrics')), told('with traces', of('traces'))]
  return [
    atMost('processor time with /metrics on and scraped, off being 1', of('metrics'), 1.1),
    told('processor time with traces on, off being 1', of('traces')),
  ]
}

async function turn(one: Measured, calls: number): Promise<void> {
  const before = cpuMicroseconds(one.running.pid)
  let left = calls
  const worker = async (): Promise<void> => {
    while (left-- > 0) await one.client.echo('echo-0_echo', 'hello')
  }
  await Promise.all(Array.from({ length: abreast }, worker))
  one.cpu += cpuMicroseconds(one.running.pid) - before
}

async function scrape({ running }: Measured): Promise<void> {
  const response = await fetch(new URL('/metrics', running.endpoint.url), { headers: running.endpoint.headers })
  if (!response.ok) throw new Error(`/metrics was answered with ${response.status}`)
  await response.text()
}

async function patchSettings({ endpoint }: Running, settings: object): Promise<void> {
  const headers = { ...endpoint.headers, 'content-type': 'application/json' }
  const response = await fetch(new URL('/api/v1/settings', endpoint.url), {
    method: 'PATCH',
    headers,
    body: JSON.stringify(settings),
  })
  if (!response.ok) throw new Error(`The settings were answered with ${response.status}`)
}

/** A stand-in for a collector: takes everything and keeps nothing. */
async function openCollectorStandIn(): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
