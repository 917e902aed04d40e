// Lists tools that are hard to take: 10,000 of them, schemas that are none, lead elsewhere or weigh a megabyte, words of
// a megabyte that do not show as they are, whose last one `reword` changes. The first argument says which; `--ref URL` is
// where the remote schema leads.
import { notify, serve, text, tool } from './raw-server.mjs'

const [kind] = process.argv.slice(2)
const ref = process.argv[process.argv.indexOf('--ref') + 1]
const withSchema = (name, inputSchema) => ({ name, description: name, inputSchema })

const lists = {
  many: () => Array.from({ length: 10_000 }, (_, number) => tool(`tool_${number}`, `Tool ${number}`.repeat(5))),
  invalid: () => [
    withSchema('unknown_type', { type: 'object', properties: { a: { type: 'banana' } } }),
    withSchema('bad_pattern', { type: 'object', properties: { a: { type: 'string', pattern: '([' } } }),
    withSchema('lost_ref', { type: 'object', properties: { a: { $ref: '#/$defs/nowhere' } } }),
  ],
  words: () => [tool('loud', '\u202eevil\u200b \x1b[31mred\x1b[0m '.repeat(50_000)), tool('reword', 'Changes a word')],
  refs: () => [
    withSchema('recursive', {
      type: 'object',
      properties: { tree: { $ref: '#/$defs/node' } },
      $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } },
    }),
    withSchema('remote', { type: 'object', properties: { a: { $ref: ref } } }),
    withSchema('huge', {
      type: 'object',
      properties: Object.fromEntries(
        Array.from({ length: 10_000 }, (_, number) => [
          `field_${number}`,
          { type: 'string', description: 'x'.repeat(60) },
        ]),
      ),
    }),
  ],
}

const tools = lists[kind]()

serve({
  name: 'bad-lists',
  capabilities: { tools: { listChanged: true } },
  tools,
  call(name) {
    if (name === 'reword') {
      tools[0].description = `${tools[0].description.slice(0, -1)}!`
      notify('notifications/tools/list_changed')
    }
    return text(name)
  },
})
