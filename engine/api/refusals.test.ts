import { afterAll, beforeAll, expect, test } from 'vitest'
import { operations, strayed } from './test-openapi.ts'
import { openStage } from './test-scenes.ts'

let stage: Awaited<ReturnType<typeof openStage>>
beforeAll(async () => {
  stage = await openStage()
}, 120_000)
afterAll(() => stage[Symbol.asyncDispose]())

const nobody = '019aab3f-7c1e-7d52-9b0a-3f6c2a5e8d41'

/** What an operation refuses, in the form that the document gives it. */
async function refusal(...asked: Parameters<typeof stage.ask>): Promise<[status: number, code: string]> {
  const answer = await stage.ask(...asked)
  const { operation } = operations.find((one) => one.operation.operationId === asked[0])!
  expect([asked[0], strayed(operation, answer)]).toEqual([asked[0], null])
  return [answer.status, answer.body.code]
}

test.each([
  ['rules.get', 'unknown_rule'],
  ['rules.test', 'unknown_rule'],
  ['rules.run', 'unknown_run'],
  ['conversations.get', 'unknown_conversation'],
  ['webhooks.delivery', 'unknown_delivery'],
  ['webhooks.redeliver', 'unknown_delivery'],
  ['webhooks.addSecret', 'unknown_source'],
] as const)('%s of what there is none of is %s', async (operationId, code) => {
  const body = operationId.startsWith('rules.test') || operationId.startsWith('webhooks.add') ? {} : undefined
  expect(await refusal(operationId, { id: nobody }, body)).toEqual([404, code])
})

test('a result that was handed on whole is none that is kept', async () => {
  expect(await refusal('limits.result', { task_id: nobody })).toEqual([404, 'unknown_result'])
})

test('a callback is not sent to an address that holds a secret, and not before its task has ended', async () => {
  await stage.did('secrets.set', { name: 'HOOK' }, { value: 'correct-horse-battery-staple' })
  const call = { agent: 'hinted', action: 'wait' }
  const telling = { ...call, callback_url: 'https://example.com/correct-horse-battery-staple' }
  expect(await refusal('tasks.create', {}, telling)).toEqual([400, 'callback_holds_secret'])
  const { task_id } = await stage.did('tasks.create', {}, { ...call, callback_url: 'https://example.com/done' })
  expect(await refusal('callbacks.redeliver', { task_id })).toEqual([409, 'task_unfinished'])
  await stage.did('tasks.cancel', { task_id })
  const { items } = await stage.did('tasks.list')
  expect(JSON.stringify(items)).not.toContain('correct-horse')
})

test('a source of webhooks has a name of its own, secrets of its kind, and only so many of them', async () => {
  const { source } = await stage.did('webhooks.createSource', {}, { name: 'billing', signing: { kind: 'standard' } })
  const again = { name: 'billing', signing: { kind: 'github' } }
  expect(await refusal('webhooks.createSource', {}, again)).toEqual([409, 'source_exists'])
  for (const secret of ['whsec_dG9vIHNob3J0', 'long enough, and in no base64 at all']) {
    expect(await refusal('webhooks.addSecret', { id: source.id }, { secret })).toEqual([400, 'invalid_secret'])
  }
  const codes: string[] = []
  for (let count = 0; count < 10; count++) {
    const { status, body } = await stage.ask('webhooks.addSecret', { id: source.id }, {})
    codes.push(status === 201 ? 'added' : body.code)
  }
  expect([...new Set(codes)]).toEqual(['added', 'too_many_secrets'])
  const other = { id: source.id, secret_id: nobody }
  expect(await refusal('webhooks.removeSecret', other)).toEqual([404, 'unknown_secret'])
})
