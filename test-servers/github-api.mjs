// A STAND-IN of GitHub's REST API, not GitHub: one repository `octo/demo` in memory, the few routes that `github-mcp` calls,
// with GitHub's paths, fields and refusals (401, 404, 422). Its token is the first argument. `GET /test/state` tells all of it.
// `POST /test/hook` gives it a webhook `{url, secret}`, and `POST /test/event` one `{event, payload, reaches}` to deliver there, signed.
import { createHmac, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'

const token = process.argv[2] ?? 'token'
const first = 'a'.repeat(40)
const state = {
  branches: { main: first },
  files: { main: { 'README.md': '# demo\n' } },
  issues: { 12: { number: 12, title: 'The lamp is dark', body: 'It does not light up.', labels: [], comments: [] } },
  pulls: {
    13: {
      number: 13,
      title: 'Light the lamp',
      files: [
        { filename: 'src/lamp.ts', status: 'modified', additions: 12, deletions: 3, changes: 15 },
        { filename: 'README.md', status: 'modified', additions: 1, deletions: 0, changes: 1 },
      ],
      reviews: [],
    },
  },
  calls: [],
  hook: null,
}
/** The tries to deliver, the newest first, and what each one sends. */
const tries = []
const sent = new Map()
/** Larger than a number of JavaScript can tell from its neighbours. */
let lastTry = 90_071_992_547_409_930n
let lastNumber = 13
let lastCommit = 1

const repository = '/repos/octo/demo'
const routes = [
  ['GET', `${repository}/issues/(\\d+)`, ([number]) => shown(found(state.issues, number))],
  [
    'PATCH',
    `${repository}/issues/(\\d+)`,
    ([number], body) => shown(Object.assign(found(state.issues, number), pick(body))),
  ],
  ['POST', `${repository}/issues/(\\d+)/comments`, ([number], { body }) => comment(found(state.issues, number), body)],
  ['GET', `${repository}/git/ref/heads/(.+)`, ([name]) => reference(name)],
  ['POST', `${repository}/git/refs`, (_, body) => createReference(body)],
  ['PUT', `${repository}/contents/(.+)`, ([path], body) => putFile(path, body)],
  ['POST', `${repository}/pulls`, (_, body) => createPull(body)],
  ['GET', `${repository}/pulls/(\\d+)/files`, ([number]) => found(state.pulls, number).files],
  ['GET', `${repository}/hooks`, () => (state.hook === null ? [] : [{ id: 1, config: { url: state.hook.url } }])],
  ['GET', `${repository}/hooks/1/deliveries`, (_, __, query) => pageOfTries(query)],
  ['POST', `${repository}/hooks/1/deliveries/(\\d+)/attempts`, ([id]) => tryAgain(id)],
  ['POST', `${repository}/pulls/(\\d+)/reviews`, ([number], body) => review(found(state.pulls, number), body)],
]

const server = createServer(async (request, response) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const { pathname, searchParams } = new URL(request.url, `http://${request.headers.host}`)
  const path = decodeURI(pathname)
  const answer = (status, body, headers = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
  }
  if (path === '/test/state') return answer(200, state)
  if (path.startsWith('/test/')) {
    const body = JSON.parse(Buffer.concat(chunks).toString())
    if (path === '/test/hook') state.hook = body
    else await deliver({ guid: randomUUID(), ...body })
    return answer(200, {})
  }
  if (request.headers.authorization !== `Bearer ${token}`) return answer(401, { message: 'Bad credentials' })
  const body = chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString())
  state.calls.push({ method: request.method, path })
  for (const [method, pattern, run] of routes) {
    const match = method === request.method && new RegExp(`^${pattern}$`).exec(path)
    if (!match) continue
    try {
      const value = await run(match.slice(1), body, searchParams)
      if (value.text === undefined) return answer(method === 'POST' ? 201 : 200, value)
      return answer(value.status, value.text, value.headers)
    } catch (error) {
      return answer(error.status ?? 500, { message: error.message })
    }
  }
  answer(404, { message: 'Not Found' })
})
server.listen(0, '127.0.0.1', () => console.log(`listening http://127.0.0.1:${server.address().port}`))
process.stdin.resume().on('end', () => process.exit(0))

function found(things, number) {
  return things[number] ?? refuse(404, 'Not Found')
}

function refuse(status, message) {
  throw Object.assign(new Error(message), { status })
}

function shown({ comments, ...issue }) {
  return { ...issue, html_url: `https://github.com/octo/demo/issues/${issue.number}` }
}

function pick({ labels, title, state: wanted }) {
  return {
    ...(labels && { labels: labels.map((name) => ({ name })) }),
    ...(title && { title }),
    ...(wanted && { state: wanted }),
  }
}

function comment(issue, body) {
  issue.comments.push(body)
  return {
    id: issue.comments.length,
    body,
    html_url: `https://github.com/octo/demo/issues/${issue.number}#issuecomment-1`,
  }
}

function reference(name) {
  const sha = found(state.branches, name)
  return { ref: `refs/heads/${name}`, object: { sha, type: 'commit' } }
}

function createReference({ ref, sha }) {
  const name = ref.replace('refs/heads/', '')
  if (state.branches[name] !== undefined) refuse(422, 'Reference already exists')
  const from =
    Object.keys(state.branches).find((branch) => state.branches[branch] === sha) ?? refuse(422, 'Object does not exist')
  state.branches[name] = sha
  state.files[name] = { ...state.files[from] }
  return reference(name)
}

function putFile(path, { message, content, branch }) {
  const files = found(state.files, branch)
  files[path] = Buffer.from(content, 'base64').toString('utf8')
  lastCommit += 1
  state.branches[branch] = String(lastCommit).padStart(40, '0')
  return { content: { path }, commit: { sha: state.branches[branch], message } }
}

function createPull({ title, body, head, base, draft = false }) {
  found(state.branches, head)
  found(state.branches, base)
  lastNumber += 1
  const files = Object.keys(state.files[head]).filter((path) => state.files[head][path] !== state.files[base][path])
  state.pulls[lastNumber] = { number: lastNumber, title, body, head, base, draft, files, reviews: [] }
  return { number: lastNumber, id: lastNumber, html_url: `https://github.com/octo/demo/pull/${lastNumber}` }
}

function review(pull, { body, event, commit_id }) {
  pull.reviews.push({ body, event, commit_id })
  return { id: pull.reviews.length, html_url: `https://github.com/octo/demo/pull/${pull.number}#pullrequestreview-1` }
}

/** Two a page, so that there is a next one. Ids are written as numbers, as GitHub does. */
function pageOfTries(query) {
  const from = Number(query.get('cursor') ?? 0)
  const more = from + 2 < tries.length
  const next = `<http://127.0.0.1:${server.address().port}${repository}/hooks/1/deliveries?cursor=${from + 2}>; rel="next"`
  const text = JSON.stringify(tries.slice(from, from + 2)).replaceAll(/"id":"(\d+)"/g, '"id":$1')
  return { status: 200, text, headers: more ? { link: next } : {} }
}

async function tryAgain(id) {
  const before = tries.find((one) => one.id === id) ?? refuse(404, 'Not Found')
  if (before.event === 'pull_request') refuse(422, 'The delivery is too old')
  await deliver({ ...sent.get(before.guid), guid: before.guid, reaches: true })
  return { status: 202, text: '{}' }
}

/** As GitHub delivers: signed, once, and on record whether or not anybody answers. */
async function deliver({ guid, event, payload, reaches }) {
  sent.set(guid, { event, payload })
  const body = JSON.stringify(payload)
  const signature = createHmac('sha256', state.hook.secret).update(body).digest('hex')
  const headers = {
    'content-type': 'application/json',
    'x-github-event': event,
    'x-github-delivery': guid,
    'x-hub-signature-256': `sha256=${signature}`,
  }
  const status = reaches ? (await fetch(state.hook.url, { method: 'POST', headers, body })).status : 0
  lastTry += 1n
  const facts = { id: String(lastTry), guid, delivered_at: new Date().toISOString(), status_code: status }
  tries.unshift({ ...facts, redelivery: false, event, action: payload.action ?? null })
}
