import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { connectRequestSchema } from '../../../shared/connect-contract.ts'
import { temporaryHost } from '../../test-host.ts'
import { ConnectionWatch } from './connection-watch.ts'
import { Connections } from './connections.ts'

/** Told facts in their order, each awaited. */
function news() {
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

it('shows what no longer stands as it was written, until it is written anew', async () => {
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
  const told = news()
  using watch = new ConnectionWatch({
    connections,
    onChange: () => told.push(watch.items.map(({ message }) => message).join()),
    onFailure: (error) => told.push(String(error)),
  })
  await connect()
  writeFileSync(file, readFileSync(file, 'utf8').replace('"connect"', '"disconnect"'))
  expect(await told.next()).toMatch(/^Cursor may not lead here any more\. .+\.$/)
  const [item] = watch.items
  expect(item).toMatchObject({ code: 'client_file_drifted', action: { kind: 'open_clients' } })
  await connect()
  expect(await told.next()).toBe('')
  writeFileSync(file, '{}')
  expect(await told.next()).toMatch(/^Cursor may not lead here any more\. .+\.$/)
  expect(watch.items).toMatchObject([{ id: item!.id }])
  expect(told.facts).toEqual([])
})

it('shows at the start what drifted meanwhile', async () => {
  await using host = await temporaryHost({ platform: 'linux', env: {} })
  const file = join(host.userHome, '.codex', 'config.toml')
  mkdirSync(join(host.userHome, '.codex'))
  writeFileSync(file, '# mine\n')
  const connections = new Connections({ host, served: () => [], url: () => null })
  const request = connectRequestSchema.parse({ program: 'codex' })
  const { before_hash, after_hash } = await connections.preview(request)
  await connections.write({ ...request, before_hash, after_hash })
  writeFileSync(file, '# mine\n')
  const told = news()
  using watch = new ConnectionWatch({
    connections,
    onChange: () => told.push(watch.items.map(({ code }) => code).join()),
    onFailure: (error) => told.push(String(error)),
  })
  expect(await told.next()).toBe('client_file_drifted')
})
