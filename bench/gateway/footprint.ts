import { setTimeout as delay } from 'node:timers/promises'
import { residentBytes } from './process-usage.ts'
import { RawClient } from './raw-client.ts'
import type { Subject } from './subject.ts'

const fewServers = 10
const manyServers = 30
/** After it, what starting needed and no longer needs has gone back. */
const settleMs = 2000

export interface Footprint {
  /** MiB of the process with 10 servers behind it. */
  readonly ten: number
  /** MiB for each server more, from 10 to 30. */
  readonly further: number
}

/** Memory of the process alone once every tool is listed and each server was called. */
export async function footprint(subject: Subject): Promise<Footprint> {
  const ten = await residentWith(subject, fewServers)
  const further = ((await residentWith(subject, manyServers)) - ten) / (manyServers - fewServers)
  return { ten, further }
}

async function residentWith(subject: Subject, servers: number): Promise<number> {
  await using running = await subject.start(servers)
  using client = await RawClient.open(running.endpoint)
  const tools = (await client.tools()).filter((name) => name.endsWith('echo'))
  if (tools.length !== servers) throw new Error(`${subject.name} lists ${tools.length} echoes of ${servers}`)
  for (const tool of tools) await client.echo(tool, 'here')
  await delay(settleMs)
  return residentBytes(running.pid) / 2 ** 20
}
