import { expect, test } from 'vitest'
import { fixtureOpenApi } from '../../dev/fixture-openapi.ts'
import { curlOf, firstInput, matching, operationsIn } from './operations.ts'

const operations = operationsIn(fixtureOpenApi)
const where = { url: 'http://127.0.0.1:7420', home: "/home/o'neil/.signalbox" }
const operation = (id: string) => operations.find((one) => one.id === id)!

test('every operation has a group, a summary and what it answers', () => {
  expect(operations.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /tasks',
    'GET /tasks',
    'GET /tasks/{task_id}',
    'DELETE /tasks/{task_id}',
    'GET /servers',
    'PUT /agents/{agent}/state',
  ])
  for (const { id, group, summary, responses } of operations) {
    expect({ id, group, summary, responses: responses.length > 1 }).toEqual({
      id,
      group: expect.stringMatching(/\S/),
      summary: expect.stringMatching(/\S/),
      responses: true,
    })
  }
})

test('finds by words of the path, the name and the summary', () => {
  expect(matching(operations, 'post TASKS call').map(({ id }) => id)).toEqual(['tasks.create'])
  expect(matching(operations, 'no such thing')).toEqual([])
})

test('writes a command that a shell takes as it is', () => {
  const input = { agent: 'notes', parameters: { text: "it's" } }
  expect(curlOf(operation('tasks.create'), input, where)).toBe(
    [
      `curl -sS -X POST 'http://127.0.0.1:7420/api/v1/tasks'`,
      `-H "Authorization: Bearer $(cat '/home/o'\\''neil/.signalbox/token')"`,
      `-H 'Content-Type: application/json'`,
      `-d '{"agent":"notes","parameters":{"text":"it'\\''s"}}'`,
    ].join(' \\\n  '),
  )
  expect(curlOf(operation('tasks.list'), { status: ['failed', 'timed_out'], limit: 5 }, where)).toContain(
    `'http://127.0.0.1:7420/api/v1/tasks?status=failed&status=timed_out&limit=5'`,
  )
  expect(curlOf(operation('agents.putState'), { agent: 'a b', version: 1 }, where)).toContain('/agents/a%20b/state')
  expect(firstInput(operation('agents.putState'))).toEqual({ agent: '', state: expect.anything(), version: 3 })
})
