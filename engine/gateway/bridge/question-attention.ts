import type { Question } from '../../../shared/question.ts'
import type { AttentionItem } from '../../../shared/snapshot.ts'

/** One item however many wait: they are answered one after the other. */
export function questionItems(questions: readonly Question[]): AttentionItem[] {
  const [first] = questions
  if (first === undefined) return []
  const message =
    questions.length === 1
      ? `${first.server} asks, and no client can be asked for sure.`
      : `${questions.length} servers’ questions wait, and no client can be asked for sure.`
  return [
    {
      id: 'questions',
      severity: 'attention',
      server: first.server,
      task_id: null,
      state: null,
      title: 'Question.',
      message,
      code: 'question_wanted',
      since: first.asked_at,
      action: { kind: 'open_questions', label: 'Answer' },
    },
  ]
}
