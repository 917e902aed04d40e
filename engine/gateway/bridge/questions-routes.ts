import type { ImplementerInternalWithMiddlewares } from '@orpc/server'
import type { questionsContract } from '../../../shared/questions-contract.ts'
import type { CallContext } from '../../router.ts'
import type { Masker } from '../../secrets/masker.ts'
import type { QuestionTray } from './question-tray.ts'

type Routes = ImplementerInternalWithMiddlewares<typeof questionsContract, CallContext, CallContext>

/** The part of the contract about questions of servers that the person answers. */
export function questionsRoutes(
  os: Pick<Routes, keyof typeof questionsContract>,
  { tray, masker }: { tray: QuestionTray; masker: Masker },
) {
  return {
    list: os.list.handler(() => ({ items: masker.json(tray.questions) })),
    answer: os.answer.handler(({ input: { id, answer } }) => {
      tray.answer(id, answer)
      return { answered: true as const }
    }),
  }
}
