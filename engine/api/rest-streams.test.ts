import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestFace, type TestFace } from './test-face.ts'
import { finishedTask, taskEvents } from './test-router.ts'

let test: TestFace
beforeAll(async () => {
  test = await openTestFace()
})
afterAll(() => test[Symbol.asyncDispose]())

const accept = { accept: 'text/event-stream' }

interface Seen {
  event: string | undefined
  id: string | undefined
  data: unknown
}

function parse(text: string): Seen[] {
  const blocks = text.split('\n\n').filter((block) => block !== '' && !block.startsWith(':'))
  return blocks.map((block) => {
    const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)))
    return { event: fields.event, id: fields.id, data: JSON.parse(fields.data ?? 'null') }
  })
}

/** Reads until the text holds what is waited for, then leaves. */
async function readUntil(response: Response, wanted: string): Promise<string> {
  let text = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    if (text.includes(wanted)) break
  }
  return text
}

it('streams the events of a task and ends with the task', async () => {
  const response = await test.call(`/api/v1/tasks/${finishedTask}/events`, { headers: accept })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const seen = parse(await response.text())
  expect(seen.map(({ event, id }) => [event, id])).toEqual([
    ['task_event', '1'],
    ['task_event', '2'],
    ['task_event', '3'],
    ['end', undefined],
  ])
  expect(seen[0]!.data).toEqual(taskEvents[0])
  expect(seen[3]!.data).toMatchObject({ task_id: finishedTask, status: 'completed' })
})

it('goes on after the last event that a reader has seen', async () => {
  const headers = { ...accept, 'last-event-id': '2' }
  const response = await test.call(`/api/v1/tasks/${finishedTask}/events`, { headers })
  expect(parse(await response.text()).map(({ id }) => id)).toEqual(['3', undefined])
})

it('answers the list of events without the Accept', async () => {
  const response = await test.call(`/api/v1/tasks/${finishedTask}/events`)
  expect(await response.json()).toEqual({ items: taskEvents })
})

it('refuses before it streams: an unknown task, a task id that is none, a foreign Last-Event-ID', async () => {
  const codeAt = async (path: string, headers: Record<string, string> = {}) => {
    const response = await test.call(path, { headers: { ...accept, ...headers } })
    return [response.status, ((await response.json()) as { code: string }).code]
  }
  const unknown = '/api/v1/tasks/0199d0a0-0000-7000-8000-000000000000/events'
  expect(await codeAt(unknown)).toEqual([404, 'unknown_task'])
  expect(await codeAt('/api/v1/tasks/12/events')).toEqual([404, 'unknown_task'])
  const known = `/api/v1/tasks/${finishedTask}/events`
  expect(await codeAt(known, { 'last-event-id': 'x' })).toEqual([400, 'invalid_input'])
  expect(await codeAt('/api/v1/logs?level=loud')).toEqual([400, 'invalid_input'])
})

it('streams the app events, each with the id that resumes them', async () => {
  const epoch = '0199d0a0-0000-7000-8000-000000000000'
  const response = await test.call('/api/v1/events', { headers: { ...accept, 'last-event-id': `${epoch}:41` } })
  expect(parse(await response.text())).toEqual([
    { event: 'changes', id: `${epoch}:42`, data: { kind: 'changes', epoch, seq: 42, events: [] } },
  ])
})

it('tails the log for as long as it is read', async () => {
  const response = await test.call('/api/v1/logs?server=echo&level=info', { headers: accept })
  const seen = parse((await readUntil(response, 'id: 3\n')).split('\n\n').slice(0, -1).join('\n\n'))
  expect(seen[0]).toMatchObject({ event: 'log_batch', id: '1', data: { lines: [{ text: 'a line' }], dropped: 0 } })
})
