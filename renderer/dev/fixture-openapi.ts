const id = { name: 'task_id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }
const taskId = '019aab3f-7c1e-7d52-9b0a-3f6c2a5e8d41'
const refused = {
  '4XX': {
    description: 'It cannot be done; `code` says why',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  },
}
const answered = (example: unknown) => ({
  description: 'OK',
  content: { 'application/json': { schema: { type: 'object' }, example } },
})

/** A few operations of the API's document, as the engine writes it. */
export const fixtureOpenApi = {
  openapi: '3.1.1',
  paths: {
    '/tasks': {
      post: {
        operationId: 'tasks.create',
        summary: 'Call a tool; the call is a task',
        tags: ['tasks'],
        parameters: [
          {
            name: 'Idempotency-Key',
            in: 'header',
            required: false,
            description: 'The same request with the same key makes one task, for 24 hours',
            schema: { type: 'string' },
          },
        ],
        requestBody: {
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['agent', 'action'],
                properties: {
                  agent: { type: 'string', description: 'The server' },
                  action: { type: 'string', description: 'The tool' },
                  parameters: { type: 'object' },
                  callback_url: { type: 'string', description: 'Told, signed, when the task ends' },
                },
              },
              example: { agent: 'notes', action: 'add_note', parameters: { text: 'Milk' } },
            },
          },
        },
        responses: { 202: answered({ task_id: taskId, status: 'queued' }), ...refused },
      },
      get: {
        operationId: 'tasks.list',
        summary: 'Tasks without their bodies, newest first',
        tags: ['tasks'],
        parameters: [
          { name: 'status', in: 'query', schema: { type: 'array', items: { type: 'string' } } },
          { name: 'q', in: 'query', description: 'Text in the tool or the parameters', schema: { type: 'string' } },
          { name: 'limit', in: 'query', schema: { type: 'integer' } },
        ],
        responses: { 200: answered({ items: [], next_before: null }), ...refused },
      },
    },
    '/tasks/{task_id}': {
      get: {
        operationId: 'tasks.get',
        summary: 'One task, whole',
        tags: ['tasks'],
        parameters: [id],
        responses: { 200: answered({ task_id: taskId, status: 'completed' }), ...refused },
      },
      delete: {
        operationId: 'tasks.cancel',
        summary: 'Cancel it',
        tags: ['tasks'],
        parameters: [id],
        responses: { 202: answered({ task_id: taskId, status: 'cancelled' }), ...refused },
      },
    },
    '/servers': {
      get: {
        operationId: 'servers.list',
        summary: 'All servers in their order',
        tags: ['servers'],
        responses: { 200: answered({ items: [], next_before: null }), ...refused },
      },
    },
    '/agents/{agent}/state': {
      put: {
        operationId: 'agents.putState',
        summary: 'Replace it, if it still is the version that was read',
        tags: ['agents'],
        parameters: [{ name: 'agent', in: 'path', required: true, schema: { type: 'string' } }],
        requestBody: {
          content: {
            'application/json': {
              schema: { type: 'object', properties: { state: { type: 'object' }, version: { type: 'integer' } } },
              example: { state: { step: 'triaged' }, version: 3 },
            },
          },
        },
        responses: { 200: answered({ agent: 'triage', state: { step: 'triaged' }, version: 4 }), ...refused },
      },
    },
  },
}
