import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestFace, type TestFace } from './test-face.ts'
import { finishedTask, knownServers } from './test-router.ts'

let test: TestFace
const defects: unknown[] = []
beforeAll(async () => {
  test = await openTestFace({ report: (error) => defects.push(error) })
})
afterAll(() => test[Symbol.asyncDispose]())

function post(path: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return test.call(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
}

async function problemAt(answer: Promise<Response>): Promise<unknown> {
  const response = await answer
  const { status, code } = (await response.json()) as { status: number; code: string }
  return { type: response.headers.get('content-type'), status: response.status, same: status === response.status, code }
}
const problem = (status: number, code: string) => ({ type: 'application/problem+json', status, same: true, code })

describe('REST', () => {
  it('answers a list, and records the caller as api', async () => {
    const response = await test.call('/api/v1/servers')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    const { items } = (await response.json()) as { items: { id: string }[] }
    expect(items.map(({ id }) => id)).toEqual(knownServers)
    expect(test.origins.at(-1)).toBe('api')
    await test.call('/api/v1/servers', { headers: { 'x-signalbox-face': 'terminal' } })
    expect(test.origins.at(-1)).toBe('terminal')
  })

  it.each(knownServers)('finds the server %j by its percent-encoded id', async (id) => {
    const response = await test.call(`/api/v1/servers/${encodeURIComponent(id)}`)
    expect(await response.json()).toMatchObject({ id })
  })

  it('takes parameters of a call without a body from the query, and answers 202', async () => {
    const response = await test.call('/api/v1/servers/echo/start?wait_s=7', { method: 'POST' })
    expect(response.status).toBe(202)
    expect(test.waits.at(-1)).toBe(7)
    await post('/api/v1/servers/echo/start', '{"wait_s":3}')
    expect(test.waits.at(-1)).toBe(3)
  })

  it('takes repeated and comma-separated filters, and numbers out of the query', async () => {
    const response = await test.call('/api/v1/tasks?status=failed&status=completed&agent=a,b&limit=5&q=42')
    const { next_before } = (await response.json()) as { next_before: string }
    expect(JSON.parse(next_before)).toEqual({ status: ['failed', 'completed'], agent: ['a', 'b'], limit: 5, q: '42' })
  })

  it('creates a task with 202', async () => {
    const response = await post('/api/v1/tasks', '{"agent":"echo","action":"say","parameters":{"__proto__":{"x":1}}}')
    expect([response.status, await response.json()]).toEqual([202, { task_id: finishedTask, status: 'queued' }])
  })

  it('names what is wrong with an input', async () => {
    const response = await post('/api/v1/tasks', '{"agent":"echo","action":""}')
    expect(await response.json()).toMatchObject({
      type: 'urn:signalbox:problem:invalid_input',
      title: 'Bad Request',
      status: 400,
      code: 'invalid_input',
      hint: expect.any(String),
      issues: [{ path: ['action'], message: expect.any(String) }],
    })
  })

  it('keeps the facts of a failure', async () => {
    const response = await test.call('/api/v1/servers/nobody')
    expect(await response.json()).toEqual({
      type: 'urn:signalbox:problem:unknown_server',
      title: 'Not Found',
      status: 404,
      detail: 'There is no server "nobody".',
      code: 'unknown_server',
      hint: 'List the servers.',
      id: 'nobody',
    })
  })

  it.each<[string, () => Promise<Response>, number, string]>([
    ['an unknown agent', () => post('/api/v1/tasks', '{"agent":"no","action":"a"}'), 404, 'unknown_server'],
    ['an unknown task', () => test.call('/api/v1/tasks/0199d0a0-0000-7000-8000-000000000000'), 404, 'unknown_task'],
    ['a task id that is none', () => test.call('/api/v1/tasks/12'), 404, 'unknown_task'],
    ['a field too many', () => post('/api/v1/tasks', '{"agent":"echo","action":"a","x":1}'), 400, 'invalid_input'],
    ['a body that is no object', () => post('/api/v1/tasks', '[1]'), 400, 'invalid_input'],
    ['no body', () => post('/api/v1/tasks', ''), 400, 'invalid_input'],
    ['broken JSON', () => post('/api/v1/tasks', '{"agent":'), 400, 'invalid_json'],
    ['nesting past any use', () => post('/api/v1/tasks', '['.repeat(201)), 400, 'invalid_json'],
    ['a text body', () => post('/api/v1/tasks', '{}', { 'content-type': 'text/plain' }), 415, 'unsupported_media_type'],
    [
      'a form',
      () => test.call('/api/v1/tasks', { method: 'POST', body: new FormData() }),
      415,
      'unsupported_media_type',
    ],
    ['a route that is none', () => test.call('/api/v1/nothing'), 404, 'unknown_route'],
    ['a procedure without a route', () => post('/api/v1/tasks/follow', '{}'), 404, 'unknown_route'],
    ['another method', () => test.call('/api/v1/servers', { method: 'PATCH' }), 404, 'unknown_route'],
    ['a broken percent-encoding', () => test.call('/api/v1/servers/%E0%A4%A'), 400, 'malformed_path'],
    ['a body over 8 MB', () => post('/api/v1/tasks', ' '.repeat(8 * 1024 * 1024 + 1)), 413, 'body_too_large'],
  ])('refuses %s', async (_name, send, status, code) => {
    expect(await problemAt(send())).toEqual(problem(status, code))
  })

  it('refuses a body over 8 MB that does not say its length', async () => {
    const chunk = new Uint8Array(1024 * 1024).fill(0x20)
    let sent = 0
    const body = new ReadableStream({
      pull: (controller) => (sent++ < 9 ? controller.enqueue(chunk) : controller.close()),
    })
    const init: RequestInit = { method: 'POST', body, duplex: 'half', headers: { 'content-type': 'application/json' } }
    expect(await problemAt(test.call('/api/v1/tasks', init))).toEqual(problem(413, 'body_too_large'))
  })

  it('tells nothing of what went wrong inside, but reports it', async () => {
    const response = await test.call('/api/v1/attention')
    expect(response.status).toBe(500)
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ code: 'internal_error' })
    expect(text).not.toContain('secret')
    expect(defects).toEqual([expect.objectContaining({ message: 'the secret inside' })])
  })

  it('writes an OpenAPI document of every route', async () => {
    const response = await test.call('/api/v1/openapi.json')
    const document = (await response.json()) as {
      openapi: string
      servers: unknown
      security: unknown
      paths: Record<string, Record<string, { responses: object }>>
    }
    expect(document).toMatchObject({
      openapi: expect.stringMatching(/^3\.1/),
      servers: [{ url: `${test.face.url}/api/v1` }],
      security: [{ token: [] }],
    })
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    )
    expect(operations).toEqual(expect.arrayContaining(['get /servers', 'post /tasks', 'delete /tasks/{task_id}']))
    expect(operations.filter((operation) => operation.includes('follow'))).toEqual([])
    for (const methods of Object.values(document.paths)) {
      for (const { responses } of Object.values(methods)) expect(responses).toHaveProperty('4XX')
    }
  })
})
