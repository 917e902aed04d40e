import { oc } from '@orpc/contract'
import { z } from 'zod'
import { questionAnswerSchema, questionSchema } from './question.ts'

/** The part of the contract about questions of servers that the person answers. */
export const questionsContract = {
  list: oc
    .route({
      method: 'GET',
      path: '/questions',
      summary: 'Questions of servers that no client can be asked with certainty',
    })
    .output(z.object({ items: z.array(questionSchema) })),
  answer: oc
    .route({ method: 'POST', path: '/questions/{id}/answer', summary: 'Answer one for its server' })
    .input(z.object({ id: z.uuid(), answer: questionAnswerSchema }))
    .output(z.object({ answered: z.literal(true) })),
}
