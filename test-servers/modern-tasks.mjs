// Modern by hand: `begin` answers with a task, which asks for a name and then completes; two tools bring a page along.
import { notify, refuse, serve, text, tool } from './raw-server.mjs'

const version = '2026-07-28'
const extension = 'io.modelcontextprotocol/tasks'
const subscriptionKey = 'io.modelcontextprotocol/subscriptionId'
const capabilitiesKey = 'io.modelcontextprotocol/clientCapabilities'
const tasks = new Map()
/** Who listens to what: the id of the request, and the ids of its tasks. */
const listeners = new Map()
const question = { method: 'elicitation/create', params: { message: 'Whose?', requestedSchema: { type: 'object' } } }
const at = '2026-11-22T12:00:00Z'

const detail = (taskId) => {
  const task = tasks.get(taskId) ?? refuse(-32602, `Unknown task: ${taskId}`)
  return { resultType: 'complete', taskId, createdAt: at, lastUpdatedAt: at, ttlMs: null, pollIntervalMs: 10, ...task }
}

function settle(taskId, task) {
  detail(taskId)
  tasks.set(taskId, task)
  for (const [id, taskIds] of listeners) {
    const { resultType: _, ...told } = detail(taskId)
    if (taskIds.includes(taskId)) notify('notifications/tasks', { ...told, _meta: { [subscriptionKey]: id } })
  }
  return { resultType: 'complete' }
}

serve({
  name: 'modern-tasks',
  on: {
    initialize: () => refuse(-32601, 'Method not found: initialize'),
    'server/discover': () => ({
      resultType: 'complete',
      supportedVersions: [version],
      capabilities: { tools: {}, resources: {}, extensions: { [extension]: {} } },
      ttlMs: 0,
      cacheScope: 'private',
    }),
    'tools/list': () => ({
      resultType: 'complete',
      tools: [
        tool('begin', 'Answers with a task'),
        { ...tool('show', 'Has a page'), _meta: { ui: { resourceUri: 'ui://page' } } },
        { ...tool('press', 'For the page alone'), _meta: { ui: { resourceUri: 'ui://page', visibility: ['app'] } } },
      ],
    }),
    'resources/list': () => ({ resultType: 'complete', resources: [] }),
    'resources/templates/list': () => ({ resultType: 'complete', resourceTemplates: [] }),
    'resources/read': ({ uri }) =>
      uri === 'ui://page'
        ? {
            resultType: 'complete',
            contents: [
              { uri, mimeType: 'text/html;profile=mcp-app', text: `<p>${process.argv[2]}</p>`, _meta: { ui: {} } },
            ],
          }
        : refuse(-32602, 'Resource not found', { uri }),
    'tools/call': ({ name, _meta }) => {
      if (name !== 'begin') return { resultType: 'complete', ...text(name) }
      if (_meta[capabilitiesKey].extensions?.[extension] === undefined) refuse(-32021, 'Tasks are needed')
      const taskId = `task.${tasks.size + 1}`
      tasks.set(taskId, { status: 'input_required', inputRequests: { whose: question } })
      return { resultType: 'task', taskId, status: 'working', createdAt: at, lastUpdatedAt: at, ttlMs: null }
    },
    'tasks/get': ({ taskId }) => detail(taskId),
    'tasks/update': ({ taskId, inputResponses }) =>
      settle(taskId, { status: 'completed', result: text(`${inputResponses.whose.content.name}'s`) }),
    'tasks/cancel': ({ taskId }) => settle(taskId, { status: 'cancelled' }),
    'subscriptions/listen': ({ notifications, _meta }, { id }) => {
      if (_meta[capabilitiesKey].extensions?.[extension] === undefined) refuse(-32021, 'Tasks are needed')
      listeners.set(id, notifications.taskIds ?? [])
      notify('notifications/subscriptions/acknowledged', { notifications, _meta: { [subscriptionKey]: id } })
    },
    'notifications/cancelled': ({ requestId }) => void listeners.delete(requestId),
  },
})
