// Lists tools that are hard to take: 10,000 of them, schemas that are none, lead elsewhere or weigh a megabyte. The
// first argument says which; `--ref URL` is where the remote schema leads.
import { serve, text, tool } from './raw-server.mjs'

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

serve({ name: 'bad-lists', tools: lists[kind](), call: (name) => text(name) })
