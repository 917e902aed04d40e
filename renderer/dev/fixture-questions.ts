import type { ServerId } from '../../shared/ids.ts'
import type { Question } from '../../shared/question.ts'

/** One question of each kind, as servers ask them. */
export function fixtureQuestions(): Question[] {
  const now = Date.now()
  const asked = (index: number): Pick<Question, 'id' | 'asked_at' | 'expires_at'> => ({
    id: `00000000-0000-4000-8000-00000000000${index}`,
    asked_at: new Date(now - 20_000).toISOString(),
    expires_at: new Date(now + 580_000).toISOString(),
  })
  return [
    {
      ...asked(1),
      server: 'github' as ServerId,
      method: 'elicitation/create',
      params: {
        message: 'Which branch should the release be cut from, and who is told?',
        requestedSchema: {
          type: 'object',
          required: ['branch'],
          properties: {
            branch: { type: 'string', title: 'Branch', enum: ['main', 'next', 'support/1.x'] },
            reviewer: { type: 'string', description: 'A login, or nobody' },
            draft: { type: 'boolean', default: true },
          },
        },
      },
      origins: ['client:Cursor', 'client:Claude Desktop'],
    },
    {
      ...asked(2),
      server: 'memory' as ServerId,
      method: 'sampling/createMessage',
      params: { messages: [{ role: 'user', content: { type: 'text', text: 'Sum these notes up in a line.' } }] },
      origins: ['owner', 'client:Cursor'],
    },
  ]
}
