import { starts } from './a-start.ts'
import { framing } from './b-framing.ts'
import { protocol } from './c-protocol.ts'
import { lists } from './d-lists.ts'
import { calls } from './e-calls.ts'
import { remote } from './f-http.ts'
import type { Catalogue } from './fault.ts'
import { modern } from './g-modern.ts'
import { house } from './h-house.ts'

/** The catalogue of misbehaviour, section by section; what a figure counts is computed from it. */
export const catalogues: readonly Catalogue[] = [starts, framing, protocol, lists, calls, remote, modern, house]
