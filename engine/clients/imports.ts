import type { Candidate, ImportScan } from '../../shared/import.ts'
import type { ServerSpec } from '../config/server-spec.ts'
import type { Host } from '../host.ts'
import { gatewayPortAt } from './own-gateway.ts'
import { readCandidates } from './read-candidates.ts'
import { scanClients } from './scan-clients.ts'

/** Servers that could come in: from other programs' files, from a pasted text, from the samples. Reads only. */
export interface Imports {
  scan(): Promise<ImportScan>
  /** @throws AppError `unreadable_text` with line and column. */
  read(text: string, name?: string): Candidate[]
}

/** `url`: base address of our own HTTP face; null while there is none. */
export function createImports(host: Host, existing: () => readonly ServerSpec[], url: () => string | null): Imports {
  const { userHome, platform, env, node, samples } = host
  return {
    scan: () =>
      scanClients({ userHome, platform, env, node, samples, existing: existing(), gatewayPort: gatewayPortAt(url()) }),
    read: (text, name) =>
      readCandidates(text, name, existing(), { userHome, platform, gatewayPort: gatewayPortAt(url()) }),
  }
}
