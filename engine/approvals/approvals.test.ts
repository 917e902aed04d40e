import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { expect, test, vi } from 'vitest'
import { type ApprovalRule, approvalRuleSchema } from '../../shared/approvals.ts'
import { openTestGateway, ownServer, type TestGateway } from '../gateway/test-gateway.ts'

const hinted = { command: 'node', args: [ownServer('hinted')] }

const rule = (fields: Partial<ApprovalRule> = {}): ApprovalRule =>
  approvalRuleSchema.parse({
    id: crypto.randomUUID(),
    name: 'Destructive tools ask',
    hint: 'destructive',
    ...fields,
  })

async function open(asked: ApprovalRule = rule()) {
  await using stack = new AsyncDisposableStack()
  const gateway = stack.use(await openTestGateway({ hinted }))
  await gateway.api.approvals.saveRule(asked)
  const client = stack.use(await connect(gateway, 'cursor'))
  const owned = stack.move()
  return { gateway, client, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

async function connect(gateway: TestGateway, name: string) {
  const client = new Client({ name, version: '1' })
  const headers = { authorization: `Bearer ${gateway.book.issue(name)}` }
  await client.connect(new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp`), { requestInit: { headers } }))
  return {
    call: (name: string, args: Record<string, unknown> = {}, options = {}) =>
      client.callTool({ name: `hinted_${name}`, arguments: args }, options),
    [Symbol.asyncDispose]: () => client.close(),
  }
}

async function heldOne({ api }: TestGateway) {
  await vi.waitUntil(async () => (await api.approvals.list()).items.length === 1)
  return (await api.approvals.list()).items[0]!
}

async function eventsOf({ api }: TestGateway, task_id: never) {
  const { items } = await api.tasks.events({ task_id })
  return items.map(({ kind, data }) => (kind === 'status' ? data.status : { kind, ...data }))
}

test('a destructive call waits with its exact arguments, goes on when allowed, and the record says who said yes', async () => {
  await using open_ = await open()
  const { gateway, client } = open_
  expect(await client.call('look', { text: 'free' })).toMatchObject({ content: [{ text: 'free' }] })
  const messages: unknown[] = []
  const onprogress = ({ message }: { message?: string }) => void messages.push(message)
  const answer = client.call('remove', { path: '/tmp/x' }, { onprogress })
  const held = await heldOne(gateway)
  expect(held).toMatchObject({
    server: 'hinted',
    tool: 'remove',
    origin: 'client:cursor',
    rule: 'Destructive tools ask',
    hints: { destructive: true, read_only: null },
  })
  expect(await gateway.api.approvals.get(held)).toMatchObject({ arguments_text: '{"path":"/tmp/x"}' })
  expect((await gateway.api.tasks.get({ task_id: held.id })).status).toBe('input_required')
  const { attention, approvals } = await gateway.api.app.snapshot()
  expect(approvals).toEqual([held])
  expect(attention).toMatchObject([{ code: 'approval_wanted', task_id: held.id }])

  const decision = await gateway.api.approvals.decide({ id: held.id, verdict: 'allow' })
  expect(await answer).toMatchObject({ content: [{ text: '1' }] })
  expect(messages[0]).toBe('Waiting for approval in Signalbox: remove of hinted')
  expect(await eventsOf(gateway, held.id as never)).toMatchObject([
    'queued',
    { kind: 'approval', rule: 'Destructive tools ask' },
    'input_required',
    { kind: 'approval', verdict: 'allow', by: 'api', at: decision.at, remembered: null },
    'queued',
    'running',
    'completed',
  ])
  expect(await gateway.api.approvals.history({})).toMatchObject({ items: [decision] })
  expect((await gateway.api.app.snapshot()).approvals).toEqual([])
  await expect(gateway.api.approvals.decide({ id: held.id, verdict: 'deny' })).rejects.toMatchObject({
    code: 'not_waiting',
  })
})

test('a refused call is never sent, and the client hears who refused it', async () => {
  await using open_ = await open()
  const { gateway, client } = open_
  const answer = client.call('remove')
  answer.catch(() => {})
  const held = await heldOne(gateway)
  await gateway.api.approvals.decide({ id: held.id, verdict: 'deny' })
  await expect(answer).rejects.toMatchObject({ data: { code: 'approval_denied', task_id: held.id } })
  const task = await gateway.api.tasks.get({ task_id: held.id })
  expect(task).toMatchObject({ status: 'failed', sent: false, error: { code: 'approval_denied' } })
})

test('an answer for always holds for the tool and client, frees what waits with it, and can be revoked', async () => {
  await using open_ = await open()
  const { gateway, client } = open_
  const both = [client.call('remove'), client.call('remove')]
  await vi.waitUntil(async () => (await gateway.api.approvals.list()).items.length === 2)
  const [first] = (await gateway.api.approvals.list()).items
  const decision = await gateway.api.approvals.decide({ id: first!.id, verdict: 'allow', remember: 'always' })
  await Promise.all(both)
  await client.call('remove')
  expect(await gateway.api.approvals.remembered()).toEqual({ items: [decision] })
  const [last] = (await gateway.api.tasks.list({ action: ['remove'], limit: 1 })).items
  expect(await eventsOf(gateway, last!.task_id as never)).toContainEqual(
    expect.objectContaining({ kind: 'approval', verdict: 'allow', remembered: decision.id }),
  )

  await using other = await connect(gateway, 'claude')
  const asked = other.call('remove')
  const held = await heldOne(gateway)
  expect(held.origin).toBe('client:claude')
  await gateway.api.approvals.decide({ id: held.id, verdict: 'allow', remember: 'session', scope: 'tool' })
  await asked

  for (const { id } of (await gateway.api.approvals.remembered()).items) await gateway.api.approvals.revoke({ id })
  const again = client.call('remove')
  await gateway.api.approvals.decide({ id: (await heldOne(gateway)).id, verdict: 'allow' })
  await again
})

test('a client that cancels takes its call out of the inbox, and nobody is asked for ever', async () => {
  await using open_ = await open(rule({ timeout_s: 5 }))
  const { gateway, client } = open_
  const gaveUp = new AbortController()
  const left = client.call('remove', {}, { signal: gaveUp.signal })
  left.catch(() => {})
  const { id } = await heldOne(gateway)
  gaveUp.abort()
  await expect(left).rejects.toThrow()
  await vi.waitUntil(async () => (await gateway.api.approvals.list()).items.length === 0)
  await vi.waitUntil(async () => (await gateway.api.tasks.get({ task_id: id })).status === 'cancelled')
  await expect(client.call('remove')).rejects.toMatchObject({ data: { code: 'approval_timed_out' } })
}, 20_000)

test('a call that waits when the program ends gets its answer by that', async () => {
  const asked = await open(rule({ hint: 'any' }))
  const { gateway, client } = asked
  const answer = client.call('look')
  answer.catch(() => {})
  await heldOne(gateway)
  await asked[Symbol.asyncDispose]()
  await expect(answer).rejects.toThrow()
})
