// Payloads in the form of GitHub's, for tests and figures: the fields that we read, and some of the many others.

interface Facts {
  readonly number?: number
  readonly title?: string
  readonly body?: string | null
  readonly updatedAt?: string
}

const repository = {
  id: 1,
  full_name: 'octo/demo',
  name: 'demo',
  owner: { login: 'octo', type: 'Organization' },
  default_branch: 'main',
  html_url: 'https://github.com/octo/demo',
}
const sender = { login: 'ada', type: 'User' }

export function issuesPayload(action: string, facts: Facts = {}) {
  const {
    number = 12,
    title = 'The lamp is dark',
    body = 'It does not light up.',
    updatedAt = '2026-11-22T14:00:00Z',
  } = facts
  const html_url = `https://github.com/octo/demo/issues/${number}`
  const labels = [{ id: 1, name: 'bug', color: 'f00' }]
  const issue = { number, title, body, state: 'open', labels, user: sender, html_url, updated_at: updatedAt }
  return { action, issue, repository, sender }
}

export function pullRequestPayload(action: string, facts: Facts = {}) {
  const { number = 13, title = 'Light the lamp', body = null, updatedAt = '2026-11-22T14:00:00Z' } = facts
  const html_url = `https://github.com/octo/demo/pull/${number}`
  const head = { ref: 'lamp', sha: 'a'.repeat(40) }
  const base = { ref: 'main', sha: 'b'.repeat(40) }
  const common = { number, title, body, state: 'open', labels: [], user: sender, html_url, updated_at: updatedAt }
  return { action, number, pull_request: { ...common, draft: false, merged: false, head, base }, repository, sender }
}
