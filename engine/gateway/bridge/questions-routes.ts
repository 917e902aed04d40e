import { implement } from '@orpc/server'
import { questionsContract } from '../../../shared/questions-contract.ts'
import type { CallContext } from '../../router.ts'
import type { Masker } from '../../secrets/masker.ts'
import type { QuestionTray } from './question-tray.ts'

/** The part of the contract about questions of servers that the person answers. */
export function questionsRoutes({ tray, masker }: { tray: QuestionTray; masker: Masker }) {
  const os = implement(questionsContract).$context<CallContext>().$config({ initialOutputValidationIndex: Number.NaN })
  return {
    list: os.list.handler(() => ({ items: masker.json(tray.questions) })),
    answer: os.answer.handler(({ input: { id, answer } }) => {
      tray.answer(id, answer)
      return { answered: true as const }
    }),
  }
}
