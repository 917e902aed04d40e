import { z } from 'zod'

const port = '(?::[1-9][0-9]{0,4})?'
const form = new RegExp(
  [
    // A name or an IPv4 address; a network of either family; an IPv6 address in brackets.
    `^[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?${port}$`,
    '^[0-9.]{7,15}/[0-9]{1,2}$',
    '^[0-9a-f:.]{2,45}/[0-9]{1,3}$',
    `^\\[[0-9a-f:.]{2,45}\\]${port}$`,
  ].join('|'),
  'i',
)

/** A target within this machine or its networks that may be called: `hooks.lan`, `localhost:9000`, `192.168.1.0/24`, `[::1]:9000`. */
export const allowedTargetSchema = z
  .string()
  .max(300)
  .regex(form, 'must be a host, host:port or a network as 192.168.1.0/24')

/**
 * What became of one request to the outside, or what a limit made of it: the `data` of a task event `outbound`.
 * `service` is who asks: `callback`, `github`, `http`.
 */
export const outboundDecisionSchema = z.object({
  service: z.string(),
  endpoint: z.string().describe('Method and host'),
  decision: z.enum([
    'answered',
    'unreachable',
    'refused',
    'redirected',
    'waited',
    'asked_to_wait',
    'retry',
    'queue_full',
    'circuit_open',
    'gave_up',
  ]),
  attempt: z.int().describe('From 1'),
  status: z.int().optional(),
  ms: z.int().optional().describe('How long it took, or what it waits'),
  code: z.string().optional(),
  message: z.string().optional(),
  next_at: z.iso.datetime().optional().describe('When it is tried again'),
})
export type OutboundDecision = z.infer<typeof outboundDecisionSchema>
