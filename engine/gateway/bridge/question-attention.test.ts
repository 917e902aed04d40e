import { expect, test } from 'vitest'
import type { Question } from '../../../shared/question.ts'
import { questionItems } from './question-attention.ts'

const question = (server: string) =>
  ({
    id: crypto.randomUUID(),
    server,
    method: 'elicitation/create',
    params: {},
    origins: [],
    asked_at: '2026-11-23T00:00:00.000Z',
    expires_at: '2026-11-23T00:10:00.000Z',
  }) as unknown as Question

test('questions that wait are one thing that needs a person, of a kind of their own', () => {
  expect(questionItems([])).toEqual([])
  expect(questionItems([question('a')])).toMatchObject([
    { id: 'questions', server: 'a', code: 'question_wanted', action: { kind: 'open_questions' } },
  ])
  expect(questionItems([question('a'), question('b')])).toMatchObject([{ message: expect.stringMatching(/^2 /) }])
})
