import { edited } from '../../links/json-text.ts'
import type { JsonObject } from '../../links/link.ts'
import { toolText } from '../../links/tool-text.ts'
import { errorOf, type MethodSet } from '../call.ts'
import { errorCodes } from '../error-codes.ts'
import { listMembers } from '../tool-methods.ts'
import { type PassOnParts, passOn } from './pass-on.ts'
import type { ServedServers } from './served-servers.ts'

interface PromptParts extends PassOnParts {
  served(): ServedServers
}

/** `prompts/list` from the lists that the servers gave last, `prompts/get` to the server. */
export function promptMethods(parts: PromptParts): MethodSet {
  return {
    methods: {
      'prompts/list': async (call) => {
        const entries = parts
          .served()
          .prompts(call)
          .map(({ name, definition }) => {
            return edited(toolText(definition), { name: JSON.stringify(name) })
          })
        return { kind: 'result', text: `{"prompts":[${entries.join(',')}]${listMembers(call)}}` }
      },
      'prompts/get': async (call) => {
        const { name } = call.params
        const found = parts
          .served()
          .prompts(call)
          .find((prompt) => prompt.name === name)
        if (found === undefined) return errorOf(errorCodes.invalidParams, `Unknown prompt: ${name}`)
        const paramsText = edited(call.paramsText, { name: JSON.stringify(found.prompt) })
        return passOn(parts, call, found.server, paramsText)
      },
    },
    capabilities: (asked): JsonObject => {
      const has = parts
        .served()
        .in(asked)
        .some(({ info }) => info?.capabilities.prompts !== undefined)
      return has || asked.scope.kind === 'all' ? { prompts: { listChanged: true } } : {}
    },
  }
}
