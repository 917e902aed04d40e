import type { Consent } from '../../shared/consent.ts'
import type { ServerId } from '../../shared/ids.ts'
import type { Tool } from '../../shared/server.ts'
import type { Subject } from './subject.ts'

/** What stands between a configuration and a process, and between a tool and its callers. */
export interface ConsentGate {
  /**
   * Before anything of a server runs. `askedBy` names the owner's face where the owner started it: that is agreement to
   * exactly this. Null where it starts by itself: throws `needs_consent` unless this was agreed to.
   */
  admit(subject: Subject, askedBy: string | null): Promise<void>
  /** Names of listed tools that must not be served. The first list after an agreement is pinned, and none of it held. */
  held(id: ServerId, tools: readonly Tool[]): string[]
  /** What would run now beside what was agreed to. */
  review(subject: Subject, tools: readonly Tool[]): Consent
  /**
   * Agrees to what stands now; `tools` is null where it does not run. Throws `consent_stale` (409) when `seen`, from a
   * review, names something else.
   */
  approve(subject: Subject, tools: readonly Tool[] | null, by: string, seen: string | undefined): Promise<void>
}
