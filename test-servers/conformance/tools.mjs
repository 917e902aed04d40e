// What the tools do, once for both eras. `call` has `arguments`, `ask`, `progress`, `log`, `changed`, `updated`, `capabilities`.
import { setTimeout as delay } from 'node:timers/promises'
import { askingTools } from './asking-tools.mjs'
import { png, said, text, wav } from './content.mjs'

const pauseMs = 20

const image = { type: 'image', data: png, mimeType: 'image/png' }
const resource = (uri, mimeType, content) => ({ type: 'resource', resource: { uri, mimeType, text: content } })

const plainTools = {
  test_simple_text: {
    description: 'Answers with a text',
    run: () => said('This is a simple text response for testing.'),
  },
  test_image_content: { description: 'Answers with an image', run: () => ({ content: [image] }) },
  test_audio_content: {
    description: 'Answers with a sound',
    run: () => ({ content: [{ type: 'audio', data: wav, mimeType: 'audio/wav' }] }),
  },
  test_embedded_resource: {
    description: 'Answers with a resource',
    run: () => ({
      content: [resource('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')],
    }),
  },
  test_multiple_content_types: {
    description: 'Answers with a text, an image and a resource',
    run: () => ({
      content: [
        text('Multiple content types test:'),
        image,
        resource('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
      ],
    }),
  },
  test_error_handling: {
    description: 'Always fails',
    run: () => ({ isError: true, ...said('This tool intentionally returns an error for testing') }),
  },
  test_tool_with_logging: {
    description: 'Logs three lines while it works',
    async run(call) {
      await call.log('info', 'Tool execution started')
      await delay(pauseMs)
      await call.log('info', 'Tool processing data')
      await delay(pauseMs)
      await call.log('info', 'Tool execution completed')
      return said('Tool with logging executed')
    },
  },
  test_logging_tool: {
    description: 'Logs one line',
    async run(call) {
      await call.log('info', 'A line that only those who want it may see')
      return said('logged')
    },
  },
  test_tool_with_progress: {
    description: 'Reports its progress three times',
    async run(call) {
      await call.progress(0, 100)
      await delay(pauseMs)
      await call.progress(50, 100)
      await delay(pauseMs)
      await call.progress(100, 100)
      return said('Tool with progress executed')
    },
  },
  test_wait: {
    description: 'Waits until it is cancelled, and logs that it was',
    async run(call) {
      await call.progress(0, 1)
      await delay(60_000, undefined, { signal: call.signal }).catch(() => {})
      return said('was not cancelled')
    },
  },
  test_trigger_tool_change: {
    description: 'Says that the list of tools changed',
    async run(call) {
      await call.changed('tools')
      return said('announced')
    },
  },
  test_trigger_prompt_change: {
    description: 'Says that the list of prompts changed',
    async run(call) {
      await call.changed('prompts')
      return said('announced')
    },
  },
  test_update_watched_resource: {
    description: 'Says to those who watch it that test://watched-resource has changed',
    async run(call) {
      await call.updated('test://watched-resource')
      return said('updated')
    },
  },
  json_schema_2020_12_tool: {
    description: 'Tool with JSON Schema 2020-12 features',
    inputSchema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      $defs: {
        address: {
          $anchor: 'addressDef',
          type: 'object',
          properties: { street: { type: 'string' }, city: { type: 'string' } },
        },
      },
      properties: {
        name: { type: 'string' },
        address: { $ref: '#/$defs/address' },
        contactMethod: { type: 'string', enum: ['phone', 'email'] },
        phone: { type: 'string' },
        email: { type: 'string' },
      },
      allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
      if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { required: ['phone'] },
      else: { required: ['email'] },
      additionalProperties: false,
    },
    run: () => said('ok'),
  },
}

const tools = { ...plainTools, ...askingTools }

export const toolList = Object.entries(tools).map(([name, { description, inputSchema }]) => ({
  name,
  description,
  inputSchema: inputSchema ?? { type: 'object', properties: {} },
}))

/** Runs a tool; null when there is none of the name. */
export function runTool(name, call) {
  return Object.hasOwn(tools, name) ? tools[name].run(call) : null
}
