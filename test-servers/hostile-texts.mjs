// Says the texts of a JSON file wherever a server may say one: `hostile-texts FILE`. `--dies` says one on stderr and ends.
import { readFileSync } from 'node:fs'
import { notify, serve, tool } from './raw-server.mjs'

const [file, mode, which] = process.argv.slice(2)
const texts = JSON.parse(readFileSync(file, 'utf8'))

if (mode === '--dies') {
  process.stderr.write(`${texts[Number(which)].replaceAll('\n', ' ')}\n`, () => process.exit(3))
} else {
  for (const text of texts) process.stderr.write(`${text}\n`)
  process.stdout.write(`${texts[0].replaceAll('\n', ' ')}\n`)
  serve({
    name: texts[0],
    tools: texts.map((text) => ({
      ...tool(nameOf(text), text, {
        [text.slice(0, 60)]: { type: 'string', title: text, description: text, default: text, enum: [text, 'other'] },
      }),
      title: text,
      annotations: { title: text },
    })),
    capabilities: { tools: {}, logging: {} },
    call: (name, args, { params }) =>
      answer(texts[Number(args.index ?? texts.findIndex((text) => nameOf(text) === name))], args, params),
  })
}

// A name may be as hostile as any text, but nobody takes one of 20,000 letters.
function nameOf(text) {
  return text.slice(0, 120)
}

function answer(text, { fails }, { _meta }) {
  notify('notifications/message', { level: 'warning', logger: text, data: text })
  if (_meta?.progressToken !== undefined) {
    notify('notifications/progress', { progressToken: _meta.progressToken, progress: 1, total: 2, message: text })
  }
  const uri = `https://evil.example/${encodeURIComponent(text.slice(0, 20))}`
  return {
    content: [
      { type: 'text', text },
      { type: 'resource', resource: { uri: text, mimeType: text, text } },
      { type: 'resource_link', uri, name: text, description: text },
      {
        type: 'image',
        mimeType: 'image/svg+xml',
        data: Buffer.from(`<svg xmlns="x">${text}</svg>`).toString('base64'),
      },
      { type: text, text },
    ],
    structuredContent: { [text]: text },
    isError: fails === true,
  }
}
