// A STAND-IN of GitHub's REST API, not GitHub: one repository `octo/demo` in memory, the few routes that `github-mcp` calls,
// with GitHub's paths, fields and refusals (401, 404, 422). Its token is the first argument. `GET /test/state` tells all of it.
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
}
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
  ['POST', `${repository}/pulls/(\\d+)/reviews`, ([number], body) => review(found(state.pulls, number), body)],
]

const server = createServer(async (request, response) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const path = decodeURI(new URL(request.url, 'http://localhost').pathname)
  const answer = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  if (path === '/test/state') return answer(200, state)
  if (request.headers.authorization !== `Bearer ${token}`) return answer(401, { message: 'Bad credentials' })
  const body = chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString())
  state.calls.push({ method: request.method, path })
  for (const [method, pattern, run] of routes) {
    const match = method === request.method && new RegExp(`^${pattern}$`).exec(path)
    if (!match) continue
    try {
      return answer(method === 'POST' ? 201 : 200, run(match.slice(1), body))
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
