// Answers with the very texts that it is given: `reply` is the JSON of a result, `error` of an error, `progress` of the
// further members of progress notifications, which leave in one write with the answer. Each answer holds the line that
// asked for it, as the string `seen`, the first member of the result or of the error's data.

const said = { type: 'object', properties: { reply: { type: 'string' } } }
const lists = {
  'tools/list': { tools: [{ name: 'say', inputSchema: said, 'x-unknown': { kept: 1 } }] },
  'prompts/list': { prompts: [{ name: 'say' }] },
  'resources/list': { resources: [{ uri: 'verbatim://say', name: 'say' }] },
  'resources/templates/list': { resourceTemplates: [] },
  ping: {},
}
const saying = new Set(['tools/call', 'prompts/get', 'resources/read', 'completion/complete'])

let rest = ''
// Not by node:readline, which ends lines at U+2028 too: that is text in JSON.
process.stdin.setEncoding('utf8').on('data', (chunk) => {
  const lines = (rest + chunk).split('\n')
  rest = lines.pop()
  for (const line of lines) take(line)
})
process.stdin.on('end', () => process.exit(0))

function take(line) {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined || method === undefined) return
  if (method === 'initialize') answer(id, JSON.stringify(introduction(params)))
  else if (saying.has(method)) say(id, line, params)
  else if (lists[method] !== undefined) answer(id, JSON.stringify(lists[method]))
  else write([`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"error":{"code":-32601,"message":"Method not found"}}`])
}

function introduction({ protocolVersion }) {
  const capabilities = { tools: {}, prompts: {}, resources: {}, completions: {} }
  return { protocolVersion, capabilities, serverInfo: { name: 'verbatim', version: '1.0.0' } }
}

function say(id, line, params) {
  const { reply, error, progress = [] } = params.arguments ?? params
  const token = JSON.stringify(params._meta?.progressToken)
  const seen = `"seen":${JSON.stringify(line)}`
  const told = progress.map(
    (rest) => `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":${token}${rest}}}`,
  )
  const answered =
    error === undefined ? `"result":${withFirst(seen, reply)}` : `"error":${error.replace('SEEN', () => seen)}`
  write([...told, `{"jsonrpc":"2.0","id":${JSON.stringify(id)},${answered}}`])
}

/** An object's text with a member more, before all others. */
function withFirst(member, text) {
  const rest = text.trimStart().slice(1)
  return `{${member}${rest.trimStart() === '}' ? '' : ','}${rest}`
}

function answer(id, result) {
  write([`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`])
}

/** In one write; a line end in a text can only be between tokens. */
function write(messages) {
  process.stdout.write(messages.map((text) => `${text.replace(/[\r\n]+/g, ' ')}\n`).join(''))
}
