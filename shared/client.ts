import { z } from 'zod'
import { timeSchema } from './common.ts'
import { type ServerId, serverIdSchema } from './ids.ts'
import { eraSchema } from './server.ts'

export const clientIdSchema = z.uuid().brand<'ClientId'>()
export type ClientId = z.infer<typeof clientIdSchema>

/** Stands on its tasks as `client:<name>`; a comma would split it in a filter. */
export const clientNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(80)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  .regex(/^[^\u0000-\u001f\u007f,]+$/, 'must not hold commas or control characters')

/** Stands in the path `/mcp/p/<profile>`. */
export const profileIdSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/)
  .brand<'ProfileId'>()
export type ProfileId = z.infer<typeof profileIdSchema>

/** What a profile says of one server; a server that it does not name follows `others`. */
export const serverGrantSchema = z.object({
  server: serverIdSchema,
  is_on: z.boolean(),
  tools_off: z.array(z.string()).describe('Names as the server gives them'),
})
export type ServerGrant = z.infer<typeof serverGrantSchema>

/** A named selection of servers and tools that a token or a path grants. */
export const profileSchema = z.object({
  id: profileIdSchema,
  name: z.string().min(1).max(80),
  others: z.enum(['on', 'off']).describe('What holds for servers that it does not name, later ones included'),
  servers: z.array(serverGrantSchema),
})
export type Profile = z.infer<typeof profileSchema>

/** What a program that called with the token has said and been served; null before its first request. */
export const clientSightingSchema = z.object({
  first_at: timeSchema,
  last_at: timeSchema,
  era: eraSchema,
  protocol_version: z.string(),
  implementation: z.object({ name: z.string(), version: z.string() }).nullable(),
  tools_served: z.int().nullable().describe('In the last full tool list'),
  listed_at: timeSchema.nullable().describe('When it last asked for its tool list'),
  last_call_at: timeSchema.nullable(),
})
export type ClientSighting = z.infer<typeof clientSightingSchema>

/** A program that calls us: one token, stored as a hash only. */
export const clientSchema = z.object({
  id: clientIdSchema,
  name: clientNameSchema,
  program: z.string().nullable().describe('Id of the known program whose file names it: `cursor`, `claude-desktop` …'),
  profile: profileIdSchema.nullable().describe('null: everything'),
  token_hint: z.string().describe('The last four characters of its token'),
  created_at: timeSchema,
  rotated_at: timeSchema.nullable(),
  revoked_at: timeSchema.nullable(),
  seen: clientSightingSchema.nullable(),
})
export type Client = z.infer<typeof clientSchema>

/** Whether a profile lets its holder reach a server, or one tool of it. Null is the profile that grants everything. */
export function isGranted(profile: Profile | null, server: string, tool?: string): boolean {
  if (profile === null) return true
  const grant = profile.servers.find((one) => one.server === server)
  if (grant === undefined) return profile.others === 'on'
  return grant.is_on && (tool === undefined || !grant.tools_off.includes(tool))
}

/** The profile with a server switched; its single tools stay as they are. */
export function withServer(profile: Profile, server: ServerId, isOn: boolean): Profile {
  return withGrant(profile, server, (grant) => ({ ...grant, is_on: isOn }))
}

/** The profile with single tools of a server switched. */
export function withTools(profile: Profile, server: ServerId, tools: readonly string[], isOn: boolean): Profile {
  return withGrant(profile, server, (grant) => {
    const others = grant.tools_off.filter((name) => !tools.includes(name))
    return { ...grant, tools_off: isOn ? others : [...others, ...tools] }
  })
}

function withGrant(profile: Profile, server: ServerId, change: (grant: ServerGrant) => ServerGrant): Profile {
  const before = profile.servers.find((grant) => grant.server === server)
  const after = change(before ?? { server, is_on: profile.others === 'on', tools_off: [] })
  const servers = before
    ? profile.servers.map((grant) => (grant === before ? after : grant))
    : [...profile.servers, after]
  return { ...profile, servers }
}
