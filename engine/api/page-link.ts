import { z } from 'zod'
import { AppError } from '../../shared/app-error.ts'
import { apiPrefix } from './api-router.ts'

const answerSchema = z.object({ url: z.string() })

/** A link, good once and for a minute, to the page of the running program at `url`. Throws `link_refused`. */
export async function newPageLink(url: string, token: string): Promise<string> {
  const response = await fetch(`${url}${apiPrefix}/page-links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  })
  if (response.ok) return answerSchema.parse(await response.json()).url
  throw new AppError('link_refused', `Signalbox at ${url} made no link to its page (${response.status}).`, {
    hint: 'Restart it; its token may have been replaced while it ran.',
  })
}
