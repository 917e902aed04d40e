import { createHash } from 'node:crypto'
import type { Tool } from '../../../shared/server.ts'

/** The vocabulary that is counted with; models other than OpenAI's have vocabularies that nobody publishes. */
export const encoding = 'o200k_base'

/** What a client hands on to its model of a tool: the rest of the definition is for the client itself. */
export function definitionText({ name, description, inputSchema }: Tool): string {
  return JSON.stringify({ name, description, input_schema: inputSchema })
}

export function definitionHash(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
