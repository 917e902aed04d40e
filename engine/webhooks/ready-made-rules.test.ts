import { createHmac } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import type { RuleRun } from '../../shared/rule.ts'
import { openProgram, type Program } from '../api/open-program.ts'
import { keyFileVault } from '../secrets/key-file-sealer.ts'
import { temporaryHost } from '../test-host.ts'
import { issuesPayload, pullRequestPayload } from './github-samples.ts'
import { startGitHubStandIn } from './test-github.ts'

const github = 'github' as ServerId
const apiOf = ({ engine }: Program) => createRouterClient(engine.router, { context: { origin: 'api' } })

async function open() {
  await using stack = new AsyncDisposableStack()
  const standIn = stack.use(await startGitHubStandIn('of-octo'))
  const temporary = stack.use(await temporaryHost())
  const host = { ...temporary, vault: keyFileVault(temporary.home) }
  const env = { GITHUB_API_URL: standIn.url, GITHUB_PERSONAL_ACCESS_TOKEN: 'of-octo' }
  const entry = { command: process.execPath, args: [resolve('test-servers/github-mcp.mjs')], env }
  await writeFile(join(host.home, 'mcp.json'), JSON.stringify({ mcpServers: { github: entry } }))
  const opened = await openProgram({ host, port: 0, pageDir: null })
  if (opened.kind === 'held') throw new Error('the home is held')
  const program = stack.use(opened.program)
  const api = apiOf(program)
  await api.servers.start({ id: github, wait_s: 60 })
  const { items } = await api.webhooks.readyMadeRules({})
  for (const { rule } of items) await api.rules.create({ ...rule, enabled: true })
  const { secret } = await api.webhooks.createSource({ name: 'octo' })
  const owned = stack.move()
  return { program, api, secret, standIn, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

/** Sends as GitHub does; resolves to the runs that it led to, once all of `rules` ended. */
async function sent(
  { program, api, secret }: Awaited<ReturnType<typeof open>>,
  event: string,
  payload: unknown,
  rules: number,
): Promise<RuleRun[]> {
  const body = JSON.stringify(payload)
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  const response = await fetch(`${program.face.url}/webhooks/github/${event}`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': crypto.randomUUID(),
      'x-hub-signature-256': `sha256=${signature}`,
    },
  })
  const { delivery } = (await response.json()) as { delivery: string }
  const stop = new AbortController()
  for await (const _ of program.engine.hub.follow({}, stop.signal)) {
    const { items } = await api.rules.runs({})
    const runs = items.filter(({ event_id, finished_at }) => event_id === delivery && finished_at !== null)
    if (runs.length < rules) continue
    stop.abort()
    return runs
  }
  throw new Error('the program ended')
}

test('a new issue is labelled by its words and answered, by calls that are on record as the rule', async () => {
  await using bench = await open()
  const payload = issuesPayload('opened', { title: 'It crashes "at once"' })
  const [run] = await sent(bench, 'issues', { ...payload, issue: { ...payload.issue, labels: [] } }, 1)
  expect(run).toMatchObject({ rule_name: 'Triage a new issue', failure: null, status: 'completed' })
  const { issues } = await bench.standIn.state()
  expect(issues?.[12]).toMatchObject({
    labels: [{ name: 'bug' }],
    comments: ['Thank you, @ada. Somebody will look at it.'],
  })
  const children = (await bench.api.tasks.list({})).items.filter(({ parent_id }) => parent_id === run!.id)
  expect(children.map(({ origin, agent, action }) => [origin, agent, action]).reverse()).toEqual([
    ['rule:Triage a new issue', 'github', 'issue_write'],
    ['rule:Triage a new issue', 'github', 'add_issue_comment'],
  ])
})

test('a pull request with new commits is reviewed by what it touches', async () => {
  await using bench = await open()
  const [run] = await sent(bench, 'pull_request', pullRequestPayload('synchronize'), 1)
  expect(run).toMatchObject({ rule_name: 'Review an updated pull request', failure: null, status: 'completed' })
  const { pulls } = await bench.standIn.state()
  expect(pulls?.[13]?.reviews).toEqual([
    {
      event: 'COMMENT',
      commit_id: 'a'.repeat(40),
      body: '2 files are touched: src/lamp.ts, README.md. No test is among them.',
    },
  ])
})

test('issue, branch, change, pull request, comment: from a signed webhook to what stands in the repository', async () => {
  await using bench = await open()
  const hostile = '$(reboot) `id` "; rm -rf / #'
  const payload = issuesPayload('labeled', { title: hostile })
  payload.issue.labels.push({ id: 2, name: 'signalbox', color: '0f0' })
  const [run] = await sent(bench, 'issues', payload, 1)
  expect(run?.steps.map(({ name, status }) => [name, status])).toEqual([
    ['branch', 'completed'],
    ['change', 'completed'],
    ['pull_request', 'completed'],
    ['comment', 'completed'],
  ])
  const { branches, files, pulls, issues } = await bench.standIn.state()
  expect(Object.keys(branches!)).toEqual(['main', 'signalbox/issue-12'])
  expect(files?.['signalbox/issue-12']?.['docs/issues/issue-12.md']).toBe(
    `# ${hostile}\n\nIt does not light up.\n\nFrom https://github.com/octo/demo/issues/12, by ada.\n`,
  )
  expect(pulls?.[14]).toMatchObject({
    title: `Issue 12: ${hostile}`,
    body: 'Closes #12.',
    head: 'signalbox/issue-12',
    base: 'main',
    draft: true,
    files: ['docs/issues/issue-12.md'],
  })
  expect(issues?.[12]?.comments).toEqual(['The work on this begins in https://github.com/octo/demo/pull/14.'])

  // The branch is there already: what cannot be done is said where people look.
  const again = issuesPayload('labeled', { title: hostile, updatedAt: '2026-11-22T15:00:00Z' })
  again.issue.labels.push({ id: 2, name: 'signalbox', color: '0f0' })
  const [failed] = await sent(bench, 'issues', again, 1)
  expect(failed).toMatchObject({ status: 'failed' })
  expect((await bench.standIn.state()).issues?.[12]?.comments).toContain(
    'The work on this could not begin: the step "branch" failed.',
  )
})

test('what a program wrote, what is late and what nobody labelled lead to nothing', async () => {
  await using bench = await open()
  const byProgram = { ...issuesPayload('opened'), sender: { login: 'octo[bot]', type: 'Bot' } }
  await sent(bench, 'issues', byProgram, 0)
  await sent(bench, 'issues', issuesPayload('labeled', { updatedAt: '2026-11-22T15:00:00Z' }), 0)
  await sent(bench, 'pull_request', pullRequestPayload('closed'), 0)
  const late = issuesPayload('labeled', { updatedAt: '2026-11-22T14:30:00Z' })
  late.issue.labels.push({ id: 2, name: 'signalbox', color: '0f0' })
  await sent(bench, 'issues', late, 0)
  const marker = await sent(
    bench,
    'issues',
    issuesPayload('opened', { number: 12, updatedAt: '2026-11-22T16:00:00Z' }),
    1,
  )
  expect(marker).toHaveLength(1)
  expect((await bench.api.rules.runs({})).items).toHaveLength(1)
})
