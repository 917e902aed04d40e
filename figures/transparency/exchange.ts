import fc from 'fast-check'
import { anyMembers, anyObject, objectText } from './any-json.ts'

const methods = ['tools/call', 'prompts/get', 'resources/read', 'completion/complete'] as const

/** One request, and all that the server is told to answer it with, as texts. */
export interface Exchange {
  readonly method: (typeof methods)[number]
  /** Of `params`, beside those that the method demands. */
  readonly members: readonly Member[]
  readonly argumentMembers: readonly Member[]
  readonly meta: readonly Member[]
  /** JSON of the progress token; null: none is asked for, and none is told. */
  readonly token: string | null
  /** Further members of each progress notification. */
  readonly progress: readonly (readonly Member[])[]
  readonly answer: { kind: 'result'; text: string } | { kind: 'error'; members: readonly Member[] }
}

type Member = readonly [key: string, text: string]

const taken = ['name', 'uri', 'ref', 'argument', 'arguments', '_meta', 'task', 'reply', 'error', 'progress']

/** `_meta` is an object or not there: the gateway puts a member of its own into it. */
const anyResult = fc
  .tuple(anyMembers('_meta', 'seen'), fc.option(anyObject), fc.boolean())
  .map(([members, meta, isFirst]) => {
    const all: Member[] = meta === null ? [...members] : [...members, ['_meta', meta]]
    return objectText(isFirst ? all.reverse() : all, ' ')
  })

export const anyExchange: fc.Arbitrary<Exchange> = fc.record({
  method: fc.oneof({ weight: 5, arbitrary: fc.constant(methods[0]) }, fc.constantFrom(...methods)),
  members: anyMembers(...taken),
  argumentMembers: anyMembers(...taken),
  meta: anyMembers('progressToken'),
  token: fc.oneof(
    fc.constant(null),
    fc.integer().map(String),
    fc.string().map((text) => JSON.stringify(text)),
  ),
  progress: fc.array(anyMembers('progressToken', 'progress', 'total', 'message'), { maxLength: 6 }),
  answer: fc.oneof(
    { weight: 5, arbitrary: anyResult.map((text) => ({ kind: 'result' as const, text })) },
    anyMembers('seen').map((members) => ({ kind: 'error' as const, members })),
  ),
})

/** What the method demands, and what tells our server what to say. */
export function paramsText(exchange: Exchange, name: string, envelope: readonly Member[]): string {
  const told: Member[] = [
    exchange.answer.kind === 'result'
      ? ['reply', JSON.stringify(exchange.answer.text)]
      : ['error', JSON.stringify(errorText('SEEN', exchange.answer.members))],
    ['progress', JSON.stringify(progressOf(exchange).map((members) => `,${inside(members)}`))],
  ]
  const token: Member[] = exchange.token === null ? [] : [['progressToken', exchange.token]]
  const meta: Member = ['_meta', objectText([...exchange.meta, ...token, ...envelope])]
  const members: Member[] = [...exchange.members, meta]
  const named: Member = ['name', JSON.stringify(name)]
  const withArguments: Member = ['arguments', objectText([...told, ...exchange.argumentMembers])]
  switch (exchange.method) {
    case 'tools/call':
      return objectText([named, ...members, withArguments], ' ')
    case 'prompts/get':
      return objectText([withArguments, named, ...members])
    case 'resources/read':
      return objectText([['uri', '"verbatim://say"'], ...told, ...members])
    case 'completion/complete':
      return objectText([
        ['ref', objectText([['type', '"ref/prompt"'], named])],
        ['argument', '{"name":"text","value":"v"}'],
        ...told,
        ...members,
      ])
  }
}

/** `params` of each progress notification but its token, in their order; none without a token. */
export function progressOf({ token, progress }: Exchange): Member[][] {
  if (token === null) return []
  return progress.map((members, index) => [['progress', `${index}.0`], ['total', '1e2'], ...members])
}

/** The error that the server answers with; `seen` is a member, or the word that our server puts it in for. */
export function errorText(seen: string | null, members: readonly Member[]): string {
  const data = [...(seen === null ? [] : [seen]), ...(members.length === 0 ? [] : [inside(members)])].join(',')
  return `{"code":-31999.0,"message":"as told","data":{${data}}}`
}

const inside = (members: readonly Member[]): string => objectText(members).slice(1, -1)
