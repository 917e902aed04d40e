import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { connectRequestSchema } from '../../../shared/connect-contract.ts'
import { temporaryHost } from '../../test-host.ts'
import { ConnectionWatch } from './connection-watch.ts'
import { Connections } from './connections.ts'

/** Told facts in their order, each awaited. */
function told() {
  const facts: string[] = []
  const waiting: (() => void)[] = []
  return {
    push(fact: string) {
      facts.push(fact)
      for (const wake of waiting.splice(0)) wake()
    },
    async next(): Promise<string> {
      while (facts.length === 0) await new Promise<void>((resolve) => waiting.push(resolve))
      return facts.shift()!
    },
    facts,
  }
}

it('tells once when what was written no longer stands, and again after it was written anew', async () => {
  await using host = await temporaryHost({ platform: 'linux', env: {} })
  const file = join(host.userHome, '.cursor', 'mcp.json')
  mkdirSync(join(host.userHome, '.cursor'))
  writeFileSync(file, '{}')
  const connections = new Connections({ host, served: () => [], url: () => null })
  const request = connectRequestSchema.parse({ program: 'cursor' })
  const connect = async () => {
    const { before_hash, after_hash } = await connections.preview(request)
    await connections.write({ ...request, before_hash, after_hash })
  }
  const drifts = told()
  using _watch = new ConnectionWatch({
    connections,
    onDrift: ({ name, place }) => drifts.push(`${name}: ${place.drift?.kind}`),
    onFailure: (error) => drifts.push(String(error)),
  })
  await connect()
  writeFileSync(file, readFileSync(file, 'utf8').replace('"connect"', '"disconnect"'))
  expect(await drifts.next()).toBe('Cursor: changed')
  await connect()
  writeFileSync(file, '{}')
  expect(await drifts.next()).toBe('Cursor: removed')
  expect(drifts.facts).toEqual([])
})

it('tells at the start what drifted meanwhile', async () => {
  await using host = await temporaryHost({ platform: 'linux', env: {} })
  const file = join(host.userHome, '.codex', 'config.toml')
  mkdirSync(join(host.userHome, '.codex'))
  writeFileSync(file, '# mine\n')
  const connections = new Connections({ host, served: () => [], url: () => null })
  const request = connectRequestSchema.parse({ program: 'codex' })
  const { before_hash, after_hash } = await connections.preview(request)
  await connections.write({ ...request, before_hash, after_hash })
  writeFileSync(file, '# mine\n')
  const drifts = told()
  using _watch = new ConnectionWatch({
    connections,
    onDrift: ({ place }) => drifts.push(place.drift!.kind),
    onFailure: (error) => drifts.push(String(error)),
  })
  expect(await drifts.next()).toBe('removed')
})
