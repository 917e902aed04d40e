import { isObject } from '../../links/json-object.ts'
import { edited, memberText } from '../../links/json-text.ts'
import type { JsonObject } from '../../links/link.ts'
import { errorOf, type GatewayCall, type MethodSet } from '../call.ts'
import { errorCodes } from '../error-codes.ts'
import { type PassOnParts, passOn } from './pass-on.ts'
import { targetsOf } from './resource-methods.ts'
import type { ResourceTarget } from './resource-table.ts'
import type { ServedServers } from './served-servers.ts'

interface CompletionParts extends PassOnParts {
  served(): ServedServers
}

/** `completion/complete` to the server whose prompt or template it is about. */
export function completionMethods(parts: CompletionParts): MethodSet {
  return {
    methods: {
      'completion/complete': async (call) => {
        const found = subjectOf(parts.served(), call)
        if (found === null) return errorOf(errorCodes.invalidParams, 'There is no such prompt or resource template')
        const ref = edited(memberText(call.paramsText, 'ref') ?? '{}', found.change)
        return passOn(parts, call, found.server, edited(call.paramsText, { ref }))
      },
    },
    capabilities: (asked): JsonObject => {
      const has = parts
        .served()
        .in(asked)
        .some(({ info }) => info?.capabilities.completions !== undefined)
      return has ? { completions: {} } : {}
    },
  }
}

/** Whose subject it is, and what it is called there. */
function subjectOf(
  served: ServedServers,
  call: GatewayCall,
): { server: ResourceTarget['server']; change: Record<string, string> } | null {
  const { ref } = call.params
  if (!isObject(ref)) return null
  if (ref.type === 'ref/prompt') {
    const prompt = served.prompts(call).find(({ name }) => name === ref.name)
    return prompt ? { server: prompt.server, change: { name: JSON.stringify(prompt.prompt) } } : null
  }
  const [target] = typeof ref.uri === 'string' ? targetsOf(served, call, ref.uri) : []
  return target ? { server: target.server, change: { uri: JSON.stringify(target.uri) } } : null
}
