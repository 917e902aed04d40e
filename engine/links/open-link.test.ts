import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { type LinkOptions, listAll, openStdioLink } from './open-link.ts'
import { TestChild } from './test-child.ts'

const options: LinkOptions = {
  client: { name: 'signalbox', version: '0.1.0' },
  era: 'auto',
  startTimeoutMs: 25_000,
  maxMessageBytes: 10_000_000,
}

test.each([
  { name: 'everything', args: [], tools: 13, resources: 7, resourceTemplates: 2, prompts: 4 },
  { name: 'filesystem', args: [tmpdir()], tools: 14, resources: 0, resourceTemplates: 0, prompts: 0 },
  { name: 'memory', args: [], tools: 9, resources: 1, resourceTemplates: 0, prompts: 0 },
  { name: 'sequential-thinking', args: [], tools: 1, resources: 0, resourceTemplates: 0, prompts: 0 },
])('server-$name is found to be legacy and lists all it has', async ({ name, args, ...counts }) => {
  await using child = TestChild.reference(name, ...args)
  await using link = await openStdioLink(child.streams, options)
  const listing = await listAll(link, { timeoutMs: 20_000 })
  expect(link.info).toMatchObject({ era: 'legacy', protocolVersion: '2025-11-25' })
  expect({
    tools: listing.tools.length,
    resources: listing.resources.length,
    resourceTemplates: listing.resourceTemplates.length,
    prompts: listing.prompts.length,
    warnings: listing.warnings,
  }).toEqual({ ...counts, warnings: [] })
})

test('server-everything gives the resource, the filled template and the prompt that it lists', async () => {
  await using child = TestChild.reference('everything')
  await using link = await openStdioLink(child.streams, options)
  const limits = { timeoutMs: 20_000, maxTotalMs: 20_000 }
  const { resources, resourceTemplates, prompts } = await listAll(link, limits)
  const uris = [resources[0]!.uri, resourceTemplates[0]!.uriTemplate.replace(/\{\w+\}/, '1')]
  const read = await Promise.all(uris.map((uri) => link.request('resources/read', { uri }, limits)))
  expect(read).toMatchObject(uris.map((uri) => ({ kind: 'result', result: { contents: [{ uri }] } })))
  const prompt = prompts.find(({ name }) => name === 'simple-prompt')!
  const got = await link.request('prompts/get', { name: prompt.name }, limits)
  expect(got).toMatchObject({ kind: 'result', result: { messages: [{ role: 'user' }] } })
})
