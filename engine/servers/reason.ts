import { type ServerState, type StartStep, startSteps } from '../../shared/server.ts'

/** One clause on why a server is in its state, for a cell of a table; null where the state says it all. */
export function reasonOf(state: ServerState, { isQueued = false, isInstalling = false } = {}): string | null {
  switch (state.state) {
    case 'stopped':
    case 'asleep':
    case 'ready':
      return null
    case 'starting':
      if (isQueued) return 'waits its turn'
      // What downloads its package first says nothing as a server until that is done.
      return `${isInstalling ? 'installing' : stepName(state.step)}, ${stepNumber(state.step)} of ${startSteps.length}`
    case 'stopping':
      return rungClauses[state.rung]
    case 'backing_off':
      return `${ordinal(state.attempt)} try follows`
    case 'crash_looping':
      return `${firstClause(state.failure.message)}, ${state.exits} times`
    case 'needs_secret':
      return `${state.names.join(', ')} ${state.names.length === 1 ? 'is' : 'are'} not in the vault`
    case 'degraded':
    case 'unresponsive':
    case 'needs_sign_in':
    case 'needs_consent':
    case 'failed':
      return firstClause(state.failure.message)
    default:
      return state satisfies never
  }
}

const rungClauses = {
  drain: 'waits for running calls',
  stdin: 'asked to end',
  sigterm: 'sent SIGTERM',
  sigkill: 'sent SIGKILL',
  leftover: 'ends what an earlier run left',
} as const

/** Messages put the clause first and the details after a colon or a semicolon. */
function firstClause(message: string): string {
  return lowerFirst(message.split(/[:;] /, 1)[0]!.replace(/\.$/, ''))
}

/** A message as it stands in the middle of a sentence; what is not an English word at its start is a name. */
export function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text
}

function stepName(step: StartStep): string {
  return step.replace('_', ' ')
}

function stepNumber(step: StartStep): number {
  return startSteps.indexOf(step) + 1
}

export function ordinal(count: number): string {
  const ending = { one: 'st', two: 'nd', few: 'rd', other: 'th', zero: 'th', many: 'th' }[ordinals.select(count)]
  return `${count}${ending}`
}

const ordinals = new Intl.PluralRules('en', { type: 'ordinal' })
