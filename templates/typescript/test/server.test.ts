import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'

const client = new Client({ name: 'test', version: '0.1.0' })
const server = new URL('../src/server.ts', import.meta.url)

before(() => client.connect(new StdioClientTransport({ command: process.execPath, args: [server.pathname] })))
after(() => client.close())

test('greets by name', async () => {
  const { content } = await client.callTool({ name: 'greet', arguments: { name: 'Ada' } })
  assert.deepEqual(content, [{ type: 'text', text: 'Hello, Ada!' }])
})

test('has the same greeting as a resource', async () => {
  const { contents } = await client.readResource({ uri: 'greeting://Ada' })
  assert.equal(contents[0]?.text, 'Hello, Ada!')
})

test('offers a prompt', async () => {
  const { messages } = await client.getPrompt({ name: 'introduce', arguments: { name: 'Ada' } })
  assert.match(JSON.stringify(messages), /Greet Ada/)
})
