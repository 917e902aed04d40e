// Lists good tools among a nameless one, one whose schema is text, two of one name, and one that is no object.
import { serve, text, tool } from './raw-server.mjs'

serve({
  name: 'malformed-tool',
  tools: [
    { ...tool('first', 'Good, with a field of its own'), 'x-extra': { kept: true } },
    { description: 'Has no name', inputSchema: { type: 'object' } },
    { name: 'bad_schema', inputSchema: 'object' },
    tool('twin', 'The first of two'),
    tool('twin', 'The second of two'),
    null,
    tool('last', 'Good'),
  ],
  call: (name) => text(name),
})
