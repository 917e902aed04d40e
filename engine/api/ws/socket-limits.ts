import { mostSubscriptions } from '../../../shared/ws-messages.ts'
import { keptMessages } from './topic-ring.ts'

/** What one socket may ask of the program. */
export const socketLimits = {
  message_bytes: 1024 * 1024,
  subscriptions: mostSubscriptions,
  open_requests: 32,
  kept_messages: keptMessages,
} as const

export const mostSockets = 1_024
export const mostSocketsOfAClient = 32
