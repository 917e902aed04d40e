import type { ServerId } from '../../shared/ids.ts'
import type { JsonObject } from '../links/link.ts'
import type { Question, QuestionReply, Remark } from '../links/link-options.ts'

/** What servers say and ask by themselves, for whoever stands between them and their clients. */
export interface ServerTraffic {
  /** What is declared to this server at its start. */
  capabilities(server: ServerId): JsonObject
  /** Null: there is no such method. */
  question(server: ServerId, question: Question): Promise<QuestionReply> | null
  notification(server: ServerId, notification: Remark): void
}
