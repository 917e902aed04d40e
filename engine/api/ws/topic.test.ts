import { expect, it } from 'vitest'
import { topicOf } from './topic.ts'

const id = '019f0000-0000-7000-8000-000000000000'

it.each([
  ['tasks', { kind: 'tasks' }],
  ['servers', { kind: 'servers' }],
  [`tasks.${id}`, { kind: 'task', id }],
  ['servers.echo.logs', { kind: 'logs', server: 'echo' }],
  ['events.github.pr.updated', { kind: 'fact', event: 'github.pr.updated' }],
  ['servers.a.logs.b.logs', { kind: 'logs', server: 'a.logs.b' }],
  ['servers.größe 雪.logs', { kind: 'logs', server: 'größe 雪' }],
])('%s', (name, parts) => {
  expect(topicOf(name)).toEqual({ name, ...parts })
})

it.each([
  '',
  'task',
  'tasks.',
  'tasks.1',
  'Tasks',
  'servers.',
  'servers.echo',
  'servers..logs',
  'servers.\n.logs',
  'events.',
  'events.no',
])('%j is none', (name) => {
  expect(() => topicOf(name)).toThrow(expect.objectContaining({ code: 'unknown_topic' }))
})
