import { implement } from '@orpc/server'
import { type ExportedConfig, type ExportFormat, exportContract } from '../../../shared/export-contract.ts'
import type { ProgramId } from '../../../shared/import.ts'
import type { ServerSpec } from '../../config/server-spec.ts'
import type { CallContext } from '../../router.ts'
import { exportConfig } from './export-config.ts'

export type ExportConfig = (asked: { format: ExportFormat; program?: ProgramId | undefined }) => ExportedConfig

export function exporter(specs: () => readonly ServerSpec[], url: () => string | null): ExportConfig {
  return (asked) => exportConfig({ ...asked, specs: specs(), url: url() })
}

/** The part of the contract about using the set elsewhere. */
export function exportRoutes(exported: ExportConfig) {
  const os = implement(exportContract).$context<CallContext>().$config({ initialOutputValidationIndex: Number.NaN })
  return { config: os.config.handler(({ input }) => exported(input)) }
}
