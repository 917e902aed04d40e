/** Requests that a person would really send, by operation; for all others one is made from the schema. */
export const requestExamples: Readonly<Record<string, unknown>> = {
  'tasks.create': {
    agent: 'notes',
    action: 'add_note',
    parameters: { title: 'Groceries', text: 'Milk, bread' },
    callback_url: 'https://example.com/signalbox',
  },
  'webhooks.missed': { repository: 'octo/demo', token: 'GITHUB_TOKEN' },
  'agents.putState': { state: { step: 'triaged', issue: 7 }, version: 3 },
  'conversations.create': { agent: 'triage', metadata: { issue: 7 }, messages: [{ role: 'user', content: 'Hello' }] },
  'conversations.append': { messages: [{ role: 'assistant', content: 'It is a duplicate of #5.' }], version: 1 },
  'settings.set': { retention_log_days: 7, allowed_targets: ['localhost:9000'] },
  'secrets.set': { value: 'the value itself' },
  'servers.saveConfig': { entry: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-everything'] } },
}
