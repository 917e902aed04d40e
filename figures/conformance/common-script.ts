import assert from 'node:assert/strict'
import type { Json } from '../program.ts'
import type { ScriptClient } from './script-client.ts'

interface Step {
  readonly name: string
  run(client: ScriptClient): Promise<void>
}

const named = (name: string): string => `everything_${name}`
const textOf = (result: Json): string => result.content.map(({ text }: Json) => text ?? '').join('\n')
const document = 'demo://resource/static/document/features.md'

/** What every client does with `server-everything` through the gateway, under prefixed names. */
export const commonScript: readonly Step[] = [
  {
    name: 'sets up',
    run: (client) => client.setUp(),
  },
  {
    name: 'lists tools',
    async run(client) {
      const names = (await client.tools()).map(({ name }) => name)
      for (const name of ['echo', 'get-sum', 'trigger-sampling-request']) assert.ok(names.includes(named(name)), name)
      assert.deepEqual([...new Set(names)], names)
    },
  },
  {
    name: 'calls a tool',
    async run(client) {
      assert.equal(textOf(await client.call(named('echo'), { message: 'héllo' })), 'Echo: héllo')
      assert.match(textOf(await client.call(named('get-sum'), { a: 2, b: 40 })), /42/)
    },
  },
  {
    name: 'gets structured content',
    async run(client) {
      const { structuredContent } = await client.call(named('get-structured-content'), { location: 'Chicago' })
      assert.deepEqual(Object.keys(structuredContent).sort(), ['conditions', 'humidity', 'temperature'])
    },
  },
  {
    name: 'gets an image',
    async run(client) {
      const { content } = await client.call(named('get-tiny-image'), {})
      assert.ok(content.some(({ type, data }: Json) => type === 'image' && data.length > 100))
    },
  },
  {
    name: 'sees progress, in order, before the result',
    async run(client) {
      const seen: number[] = []
      const args = { duration: 0.2, steps: 4 }
      await client.call(named('trigger-long-running-operation'), args, { onProgress: (step) => seen.push(step) })
      assert.deepEqual(seen, [1, 2, 3, 4])
    },
  },
  {
    name: 'cancels a call and goes on',
    async run(client) {
      const abort = new AbortController()
      const args = { duration: 3600, steps: 36000 }
      const call = client.call(named('trigger-long-running-operation'), args, {
        signal: abort.signal,
        onProgress: () => abort.abort('enough'),
      })
      await assert.rejects(call)
      assert.equal(textOf(await client.call(named('echo'), { message: 'still here' })), 'Echo: still here')
    },
  },
  {
    name: 'is told in words of a tool that is not there',
    async run(client) {
      const refusal = await client.call(named('no-such-tool'), {}).then(textOf, (error: Error) => error.message)
      assert.match(refusal, /no-such-tool/)
    },
  },
  {
    name: 'answers a question for its person',
    async run(client) {
      const result = await client.call(named('trigger-elicitation-request'), {})
      assert.match(textOf(result), /Ada/)
      assert.ok(client.asked.includes('elicitation/create'))
    },
  },
  {
    name: 'answers a question for its model',
    async run(client) {
      const result = await client.call(named('trigger-sampling-request'), { prompt: 'Say something' })
      assert.match(textOf(result), /sampled by the script/)
    },
  },
  {
    name: 'is asked for its roots',
    async run(client) {
      assert.match(textOf(await client.call(named('get-roots-list'), {})), /file:\/\/\/script\/root/)
    },
  },
  {
    name: 'lists and reads resources',
    async run(client) {
      assert.ok((await client.resources()).some(({ uri }) => uri === document))
      const { contents } = await client.read(document)
      assert.ok(contents[0].text.length > 100)
    },
  },
  {
    name: 'reads what a template describes',
    async run(client) {
      const templates = (await client.templates()).map(({ uriTemplate }) => uriTemplate)
      assert.ok(templates.includes('demo://resource/dynamic/text/{resourceId}'))
      const { contents } = await client.read('demo://resource/dynamic/text/7')
      assert.equal(contents[0].uri, 'demo://resource/dynamic/text/7')
    },
  },
  {
    name: 'watches a resource',
    run: (client) => client.watch(document),
  },
  {
    name: 'lists and gets prompts',
    async run(client) {
      assert.ok((await client.prompts()).some(({ name }) => name === named('args-prompt')))
      const { messages } = await client.prompt(named('args-prompt'), { city: 'Ghent' })
      assert.match(messages[0].content.text, /Ghent/)
    },
  },
  {
    name: 'completes an argument',
    async run(client) {
      const { completion } = await client.complete(named('completable-prompt'), { name: 'department', value: 'E' })
      assert.deepEqual(completion.values, ['Engineering'])
    },
  },
]
