import { expect, test } from 'vitest'
import type { ServerId } from '../../../shared/ids.ts'
import type { Question } from '../../../shared/question.ts'
import { addressOf, causeOf, messageOf } from './question-text.ts'

function question(method: Question['method'], params: Record<string, unknown>, origins: string[] = []): Question {
  const at = '2026-11-22T12:00:00.000Z'
  return { id: crypto.randomUUID(), server: 'notes' as ServerId, method, params, origins, asked_at: at, expires_at: at }
}

test('says in a line what a server wants to know', () => {
  const sampled = { messages: [{ role: 'user', content: { type: 'text', text: 'What is the capital?' } }] }
  expect([
    messageOf(question('elicitation/create', { message: 'Delete it?' })),
    messageOf(question('sampling/createMessage', sampled)),
    messageOf(question('roots/list', {})),
  ]).toEqual(['Delete it?', 'What is the capital?', 'Which folders may be worked in?'])
})

test('shows an address only where a browser opens it safely', () => {
  const asked = (url: string) => addressOf(question('elicitation/create', { mode: 'url', url }))
  expect(['https://a.example/x', 'javascript:alert(1)', 'file:///etc/passwd'].map(asked)).toEqual([
    'https://a.example/x',
    null,
    null,
  ])
})

test('says why it is the person who is asked', () => {
  expect(causeOf(question('roots/list', {}, ['client:Cursor', 'owner']))).toBe(
    'Cursor and owner call it at the same time, so it is not sure who caused this.',
  )
})
