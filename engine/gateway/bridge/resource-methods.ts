import { isObject } from '../../links/json-object.ts'
import { edited, entriesOf, memberText } from '../../links/json-text.ts'
import type { JsonObject } from '../../links/link.ts'
import { toolText } from '../../links/tool-text.ts'
import { errorOf, type GatewayCall, type MethodSet, type Reply } from '../call.ts'
import { errorCodes } from '../error-codes.ts'
import { listMembers } from '../tool-methods.ts'
import { type PassOnParts, passOn } from './pass-on.ts'
import type { ResourceTarget } from './resource-table.ts'
import type { ServedServers } from './served-servers.ts'

interface ResourceParts extends PassOnParts {
  served(): ServedServers
  /** Answers for an address of our own; null where it is none. */
  ownResource(call: GatewayCall, uri: string): Promise<Reply | null>
}

/** What "no such resource" is called up to 2025-11-25; the newer revision says `invalid params`. */
const RESOURCE_NOT_FOUND = -32002

/** The lists of resources from what the servers gave last, `resources/read` to the server that an address leads to. */
export function resourceMethods(parts: ResourceParts): MethodSet {
  return {
    methods: {
      'resources/list': async (call) => {
        const table = parts.served().resources(call)
        const entries = parts
          .served()
          .in(call)
          .flatMap(({ id, listing }) =>
            listing.resources.map((resource) =>
              withMember(toolText(resource), 'uri', resource.uri, table.servedUri(id, resource.uri)),
            ),
          )
        return { kind: 'result', text: `{"resources":[${entries.join(',')}]${listMembers(call)}}` }
      },
      'resources/templates/list': async (call) => {
        const table = parts.served().resources(call)
        const entries = parts
          .served()
          .in(call)
          .flatMap(({ id, listing }) =>
            listing.resourceTemplates.map((template) => {
              const { uriTemplate } = template
              return withMember(toolText(template), 'uriTemplate', uriTemplate, table.servedTemplate(id, uriTemplate))
            }),
          )
        return { kind: 'result', text: `{"resourceTemplates":[${entries.join(',')}]${listMembers(call)}}` }
      },
      'resources/read': async (call) => {
        const { uri } = call.params
        if (typeof uri !== 'string') return errorOf(errorCodes.invalidParams, 'Invalid params: uri is no string')
        let reply = await parts.ownResource(call, uri)
        if (reply !== null) return reply
        // Where nobody has named the address, those that may know it are asked in turn.
        for (const target of targetsOf(parts.served(), call, uri)) {
          reply = await read(call, uri, target)
          if (!isNotFound(reply)) return reply
        }
        return notFound(call, uri)
      },
    },
    capabilities: (asked): JsonObject => {
      const offers = parts
        .served()
        .in(asked)
        .map(({ info }) => info?.capabilities.resources)
      const has = asked.scope.kind === 'all' || offers.some((offer) => offer !== undefined)
      const subscribe = offers.some((offer) => isObject(offer) && offer.subscribe === true)
      return has ? { resources: { listChanged: true, ...(subscribe && { subscribe }) } } : {}
    },
  }

  async function read(call: GatewayCall, asked: string, { server, uri }: ResourceTarget): Promise<Reply> {
    const reply = await passOn(parts, call, server, withMember(call.paramsText, 'uri', asked, uri))
    if (reply.kind === 'error' || isUnfinished(reply)) return reply
    return { kind: 'result', text: withFreshness(call, withServedUris(reply.text, uri, asked)) }
  }
}

/** A path of one server leads to that one, whatever the address. */
export function targetsOf(served: ServedServers, call: GatewayCall, uri: string): ResourceTarget[] {
  const { scope } = call
  if (scope.kind === 'server') return served.in(call).map(({ id }) => ({ server: id, uri }))
  return served.resources(call).targets(uri)
}

function withMember(text: string, key: string, before: string, after: string): string {
  return before === after ? text : edited(text, { [key]: JSON.stringify(after) })
}

/** The contents under the address that was asked for, where that is another one here than at the server. */
function withServedUris(text: string, own: string, served: string): string {
  if (own === served) return text
  const contents = entriesOf(memberText(text, 'contents') ?? '[]').map((entry) =>
    memberText(entry, 'uri') === JSON.stringify(own) ? edited(entry, { uri: JSON.stringify(served) }) : entry,
  )
  return edited(text, { contents: `[${contents.join(',')}]` })
}

/** The modern era wants to know how long a resource stays good; a legacy server has not said. */
function withFreshness({ client }: GatewayCall, text: string): string {
  if (client.era === 'legacy' || memberText(text, 'ttlMs') !== undefined) return text
  return edited(text, { ttlMs: '0', cacheScope: '"private"' })
}

const isUnfinished = ({ text }: Reply): boolean => memberText(text, 'resultType') === '"input_required"'

function isNotFound({ kind, text }: Reply): boolean {
  if (kind !== 'error') return false
  const { code, data } = JSON.parse(text) as { code: number; data?: { uri?: unknown } }
  return code === RESOURCE_NOT_FOUND || (code === errorCodes.invalidParams && typeof data?.uri === 'string')
}

function notFound({ client }: GatewayCall, uri: string): Reply {
  const code = client.era === 'legacy' ? RESOURCE_NOT_FOUND : errorCodes.invalidParams
  return errorOf(code, `Resource not found: ${uri}`, { data: { uri } })
}
