import { STATUS_CODES } from 'node:http'
import type { AppError } from '../../shared/app-error.ts'

/** A problem document of RFC 9457, with our `code` and `hint`; further members are facts for programs. */
export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  code: string
  hint: string | null
  [fact: string]: unknown
}

export const problemContentType = 'application/problem+json'

export function problemOf(error: AppError): Problem {
  return {
    ...error.data,
    type: `urn:signalbox:problem:${error.code}`,
    title: STATUS_CODES[error.status] ?? 'Error',
    status: error.status,
    detail: error.message,
    code: error.code,
    hint: error.hint,
  }
}

export function problemResponse(error: AppError): Response {
  return Response.json(problemOf(error), {
    status: error.status,
    headers: {
      'content-type': problemContentType,
      'cache-control': 'no-store',
      // The rest of a body that is too large stays unread, so the connection is of no more use.
      ...(error.status === 413 ? { connection: 'close' } : {}),
    },
  })
}
