import { join } from 'node:path'
import { z } from 'zod'
import { readToken } from '../engine/api/token-file.ts'
import { AppError } from '../shared/app-error.ts'

const answerSchema = z.object({ url: z.url() })

/** A link, good once, to the page of the program that serves this home at `url`. */
export async function newPageLink(home: string, url: string): Promise<string> {
  const token = await readToken(join(home, 'token'))
  const response = await fetch(`${url}/api/v1/page-links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  })
  if (!response.ok) {
    throw new AppError('page_link_refused', `The program at ${url} gave no link to its page (${response.status}).`, {
      hint: 'Stop it and start Signalbox again.',
    })
  }
  return answerSchema.parse(await response.json()).url
}
