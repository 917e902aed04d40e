// A small server with some of the tools of GitHub's MCP server, under its names and with its arguments. It calls the API that
// `GITHUB_API_URL` names, with `GITHUB_PERSONAL_ACCESS_TOKEN`; in tests that is the stand-in `github-api`.
import { refuse, serve, text, tool } from './raw-server.mjs'

const api = process.env.GITHUB_API_URL
const token = process.env.GITHUB_PERSONAL_ACCESS_TOKEN

const string = { type: 'string' }
const number = { type: 'number' }
const place = { owner: string, repo: string }
const placed = ['owner', 'repo']

serve({
  name: 'github-mcp-server',
  tools: [
    tool('issue_read', 'Get an issue', { method: string, ...place, issue_number: number }, [
      'method',
      ...placed,
      'issue_number',
    ]),
    tool(
      'issue_write',
      'Create or update an issue',
      {
        method: string,
        ...place,
        issue_number: number,
        title: string,
        labels: { type: 'array', items: string },
        state: string,
      },
      ['method', ...placed],
    ),
    tool('add_issue_comment', 'Add a comment', { ...place, issue_number: number, body: string }, [
      ...placed,
      'issue_number',
      'body',
    ]),
    tool('create_branch', 'Create a branch', { ...place, branch: string, from_branch: string }, [...placed, 'branch']),
    tool(
      'create_or_update_file',
      'Create or update a file',
      { ...place, path: string, content: string, message: string, branch: string, sha: string },
      [...placed, 'path', 'content', 'message', 'branch'],
    ),
    tool(
      'create_pull_request',
      'Open a pull request',
      { ...place, title: string, body: string, head: string, base: string, draft: { type: 'boolean' } },
      [...placed, 'title', 'head', 'base'],
    ),
    tool('pull_request_read', 'Get a pull request', { method: string, ...place, pullNumber: number }, [
      'method',
      ...placed,
      'pullNumber',
    ]),
    tool(
      'pull_request_review_write',
      'Write a review',
      { method: string, ...place, pullNumber: number, body: string, event: string, commitID: string },
      ['method', ...placed, 'pullNumber'],
    ),
  ],
  async call(name, args) {
    const run = calls[name] ?? refuse(-32602, `Unknown tool: ${name}`)
    try {
      return text(JSON.stringify(await run(`/repos/${args.owner}/${args.repo}`, args)))
    } catch (error) {
      return { ...text(error.message), isError: true }
    }
  },
})

const calls = {
  issue_read: (repository, { issue_number }) => ask('GET', `${repository}/issues/${issue_number}`),
  issue_write: async (repository, { method, owner, repo, issue_number, ...fields }) => {
    const written =
      method === 'update'
        ? await ask('PATCH', `${repository}/issues/${issue_number}`, fields)
        : await ask('POST', `${repository}/issues`, fields)
    return { id: String(written.number), url: written.html_url }
  },
  add_issue_comment: async (repository, { issue_number, body }) => {
    const { id, html_url } = await ask('POST', `${repository}/issues/${issue_number}/comments`, { body })
    return { id: String(id), url: html_url }
  },
  create_branch: async (repository, { branch, from_branch = 'main' }) => {
    const { object } = await ask('GET', `${repository}/git/ref/heads/${from_branch}`)
    return ask('POST', `${repository}/git/refs`, { ref: `refs/heads/${branch}`, sha: object.sha })
  },
  create_or_update_file: (repository, { path, content, message, branch, sha }) =>
    ask('PUT', `${repository}/contents/${path}`, {
      message,
      branch,
      content: Buffer.from(content).toString('base64'),
      ...(sha && { sha }),
    }),
  create_pull_request: async (repository, { owner, repo, ...fields }) => {
    const { number, html_url } = await ask('POST', `${repository}/pulls`, fields)
    return { id: String(number), url: html_url }
  },
  pull_request_read: (repository, { method, pullNumber }) =>
    ask('GET', `${repository}/pulls/${pullNumber}${method === 'get_files' ? '/files' : ''}`),
  pull_request_review_write: async (repository, { pullNumber, body, event, commitID }) => {
    const written = { body, event, commit_id: commitID }
    const { id, html_url } = await ask('POST', `${repository}/pulls/${pullNumber}/reviews`, written)
    return { id: String(id), url: html_url }
  },
}

async function ask(method, path, body) {
  const response = await fetch(`${api}${encodeURI(path)}`, {
    method,
    headers: { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer.message}`)
  return answer
}
