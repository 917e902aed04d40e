import { AppError } from '../../../shared/app-error.ts'
import type { ServerId } from '../../../shared/ids.ts'
import type { QuestionAnswer, Question as TrayQuestion } from '../../../shared/question.ts'
import type { Question, QuestionReply } from '../../links/link-options.ts'
import { refusal } from './bridged-call.ts'
import { isQuestionMethod } from './question-kinds.ts'

const METHOD_NOT_FOUND = -32601
const INTERNAL_ERROR = -32603
/** Where a person said no to something that has no word for it. */
const USER_REJECTED = -1

interface Open {
  readonly question: TrayQuestion
  readonly settle: (reply: QuestionReply) => void
}

interface Options {
  readonly onChange: (questions: TrayQuestion[]) => void
  /** Milliseconds that a question waits for the person. */
  readonly waitMs?: number
  /** Questions that wait at once; one more is refused. */
  readonly most?: number
}

/** Questions of servers that the person at Signalbox answers, because it is not sure which client caused them. */
export class QuestionTray {
  readonly #open = new Map<string, Open>()
  readonly #options: Required<Options>

  constructor(options: Options) {
    this.#options = { waitMs: 600_000, most: 50, ...options }
  }

  get questions(): TrayQuestion[] {
    return [...this.#open.values()].map(({ question }) => question)
  }

  /** Resolves with what the person answers, or with why nobody did. */
  async ask(
    server: ServerId,
    { method, params, signal }: Question,
    origins: readonly string[],
  ): Promise<QuestionReply> {
    if (!isQuestionMethod(method)) return refusal(METHOD_NOT_FOUND, `Method not found: ${method}`)
    if (this.#open.size >= this.#options.most) return refusal(INTERNAL_ERROR, 'Too many questions wait for an answer')
    const { waitMs } = this.#options
    const now = Date.now()
    const question: TrayQuestion = {
      id: crypto.randomUUID(),
      server,
      method,
      params,
      origins: [...new Set(origins)],
      asked_at: new Date(now).toISOString(),
      expires_at: new Date(now + waitMs).toISOString(),
    }
    const { promise, resolve } = Promise.withResolvers<QuestionReply>()
    const nobody = () => resolve(unanswered(method))
    const timer = setTimeout(nobody, waitMs).unref()
    if (signal.aborted) nobody()
    signal.addEventListener('abort', nobody, { once: true })
    this.#open.set(question.id, { question, settle: resolve })
    this.#changed()
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', nobody)
      this.#open.delete(question.id)
      this.#changed()
    }
  }

  /**
   * Answers one question for the person.
   * @throws AppError `unknown_question` (404) when it is answered or gone, `wrong_answer` (422) when it asked for another kind.
   */
  answer(id: string, answer: QuestionAnswer): void {
    const open = this.#open.get(id)
    if (open === undefined) {
      throw new AppError('unknown_question', 'This question is answered already, or its server waits no more.', {
        status: 404,
      })
    }
    open.settle(replyFor(open.question, answer))
  }

  #changed(): void {
    this.#options.onChange(this.questions)
  }
}

function replyFor({ method }: TrayQuestion, answer: QuestionAnswer): QuestionReply {
  if (answer.kind === 'decline') return declined(method)
  if (method === 'elicitation/create' && answer.kind === 'accept') {
    return result({ action: 'accept', ...(answer.content && { content: answer.content }) })
  }
  if (method === 'sampling/createMessage' && answer.kind === 'text') {
    const content = { type: 'text', text: answer.text }
    return result({ role: 'assistant', model: 'person', stopReason: 'endTurn', content })
  }
  if (method === 'roots/list' && answer.kind === 'roots') return result({ roots: answer.uris.map((uri) => ({ uri })) })
  throw new AppError('wrong_answer', `${method} is not answered with "${answer.kind}".`, { status: 422 })
}

const result = (value: unknown): QuestionReply => ({ kind: 'result', text: JSON.stringify(value) })

function declined(method: TrayQuestion['method']): QuestionReply {
  if (method === 'elicitation/create') return result({ action: 'decline' })
  return refusal(USER_REJECTED, 'The person at Signalbox declined')
}

function unanswered(method: TrayQuestion['method']): QuestionReply {
  if (method === 'elicitation/create') return result({ action: 'cancel' })
  return refusal(INTERNAL_ERROR, 'Nobody answered in time')
}
