// Every tool answers in a way that is no valid answer; the tool's name says how.
import { serve, text, tool, write } from './raw-server.mjs'

const raw = (line) => void process.stdout.write(`${line}\n`)
const good = JSON.stringify(text('good'))

const answers = {
  not_a_number: (id) => raw(`{"jsonrpc":"2.0","id":${id},"result":{"x":NaN}}`),
  no_id_not_json: () => raw('{"jsonrpc":"2.0","result":{"x":Infinity}}'),
  cut_off: (id) => raw(`{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"te`),
  both: (id) => write({ jsonrpc: '2.0', id, result: text('good'), error: { code: 1, message: 'bad' } }),
  neither: (id) => write({ jsonrpc: '2.0', id }),
  null_result: (id) => write({ jsonrpc: '2.0', id, result: null }),
  old_version: (id) => write({ jsonrpc: '1.0', id, result: text('good') }),
  no_version: (id) => write({ id, result: text('good') }),
  duplicate_id: (id) => raw(`{"jsonrpc":"2.0","id":${id},"id":${id + 1},"result":${good}}`),
  malformed_error: (id) => write({ jsonrpc: '2.0', id, error: 'bad' }),
  deep: (id) => raw(`{"jsonrpc":"2.0","id":${id},"result":{"x":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`),
  batch: (id) => raw(`[{"jsonrpc":"2.0","id":${id},"result":${good}}]`),
  huge: (id) => raw(`{"jsonrpc":"2.0","id":${id},"result":{"x":"${'x'.repeat(3_000_000)}"}}`),
  huge_id_last: (id) => raw(`{"result":{"x":"${'x'.repeat(3_000_000)}"},"jsonrpc":"2.0","id":${id}}`),
  unended: (id) =>
    void process.stdout.write(
      `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":${id},"progress":1}}\n{"jsonrpc":"2.0","id":${id}`,
    ),
  // From here on, usable all the same.
  id_as_text: (id) => write({ jsonrpc: '2.0', id: String(id), result: text('good') }),
  twice: (id) => raw(`{"jsonrpc":"2.0","id":${id},"result":${good}}\n{"jsonrpc":"2.0","id":${id},"result":{}}`),
  unknown_id: (id) => raw(`{"jsonrpc":"2.0","id":987654,"result":{}}\n{"jsonrpc":"2.0","id":${id},"result":${good}}`),
  proto: (id) => raw(`{"jsonrpc":"2.0","id":${id},"result":{"__proto__":{"polluted":true},"content":[]}}`),
  pretty: (id) => raw(JSON.stringify({ jsonrpc: '2.0', id, result: text('good') }, null, 2)),
  null_error: (id) => write({ jsonrpc: '2.0', id, result: text('good'), error: null }),
}

serve({
  name: 'bad-answer',
  tools: Object.keys(answers).map((name) => tool(name, `Answers: ${name}`)),
  call: (name, _args, { id }) => answers[name](id),
})
