import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test, vi } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import { newRuleSchema, type RuleRun } from '../../shared/rule.ts'
import { createEngine } from '../engine.ts'
import { temporaryHost } from '../test-host.ts'

const endless = { kind: 'tool', name: 'wait', server: 'echo', tool: 'slow', arguments: { steps: 6_000, step_ms: 100 } }
const tell = (name: string, message: string) => ({ kind: 'notify', name, title: 'Told', message })

/** Runs a rule once on a real server; resolves to how it ended, and to how the tasks of its steps did. */
async function ranOnce(
  given: Record<string, unknown>,
): Promise<{ run: RuleRun; tasks: [action: string, status: string][] }> {
  await using host = await temporaryHost()
  const mcpServers = { echo: { command: 'node', args: [resolve('test-servers/echo.mjs')] } }
  await writeFile(join(host.home, 'mcp.json'), JSON.stringify({ mcpServers }))
  await using engine = await createEngine(host)
  const api = createRouterClient(engine.router, { context: { origin: 'api' } })
  await api.servers.start({ id: 'echo' as ServerId, wait_s: 60 })
  const rule = newRuleSchema.parse({ name: 'late', enabled: true, trigger: { kind: 'webhook', hook: 'ci' }, ...given })
  const { id } = await api.rules.create(rule)
  const { run: begun } = await api.rules.test({ id })
  const run = await vi.waitUntil(async () => {
    const now = await api.rules.run({ id: begun!.id })
    return now.finished_at !== null && now
  }, 60_000)
  const { items } = await api.tasks.list({})
  const children = items.filter(({ parent_id }) => parent_id === run.id).reverse()
  return { run, tasks: children.map(({ action, status }) => [action, status]) }
}

const stepsOf = ({ steps }: RuleRun) => steps.map(({ name, status, failure }) => [name, status, failure?.code ?? null])

test('a rule whose time is over ends with the call that it waits for, and does nothing more', async () => {
  const { run, tasks } = await ranOnce({
    steps: [endless, tell('after', 'never')],
    on_failure: [tell('told', 'never')],
    limits: { timeout_s: 1 },
  })
  expect(run).toMatchObject({ status: 'timed_out', failure: { code: 'timed_out' } })
  expect(stepsOf(run)).toEqual([['wait', 'timed_out', 'timed_out']])
  expect(tasks).toEqual([['slow', 'cancelled']])
})

test('a step whose time is over ends its call, and the rule goes on where the step may fail', async () => {
  const { run, tasks } = await ranOnce({
    steps: [{ ...endless, timeout_s: 1, on_failure: 'continue' }, tell('after', '${steps.wait.status}')],
  })
  expect(run).toMatchObject({ status: 'completed', failure: null })
  expect(stepsOf(run)).toEqual([
    ['wait', 'timed_out', 'timed_out'],
    ['after', 'completed', null],
  ])
  expect(tasks).toEqual([
    ['slow', 'cancelled'],
    ['notify', 'completed'],
  ])
})

test('where it may not, the steps for failures are done and see why', async () => {
  const { run } = await ranOnce({
    steps: [{ ...endless, timeout_s: 1 }, tell('after', 'never')],
    on_failure: [{ ...tell('told', '${failure.step}'), condition: 'failure.code == "timed_out"' }],
  })
  expect(run).toMatchObject({ status: 'failed', failure: { code: 'timed_out' } })
  expect(stepsOf(run)).toEqual([
    ['wait', 'timed_out', 'timed_out'],
    ['told', 'completed', null],
  ])
})

test('a question that nobody answers in its time is no yes: it leaves the inbox and stops the rule', async () => {
  const ask = { kind: 'approval', name: 'ask', message: 'May I?', timeout_s: 1 }
  const { run, tasks } = await ranOnce({ steps: [ask, tell('after', 'never')] })
  expect(run).toMatchObject({ status: 'failed', failure: { code: 'approval_timed_out' } })
  expect(stepsOf(run)).toEqual([['ask', 'timed_out', 'approval_timed_out']])
  expect(tasks).toEqual([['approval', 'timed_out']])
})
