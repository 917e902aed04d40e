import type { ImplementerInternalWithMiddlewares } from '@orpc/server'
import type { ExportedConfig, ExportFormat, exportContract } from '../../../shared/export-contract.ts'
import type { ProgramId } from '../../../shared/import.ts'
import type { ServerSpec } from '../../config/server-spec.ts'
import type { CallContext } from '../../router.ts'
import { exportConfig } from './export-config.ts'

export type ExportConfig = (asked: { format: ExportFormat; program?: ProgramId | undefined }) => ExportedConfig

export function exporter(specs: () => readonly ServerSpec[], url: () => string | null): ExportConfig {
  return (asked) => exportConfig({ ...asked, specs: specs(), url: url() })
}

type Routes = ImplementerInternalWithMiddlewares<typeof exportContract, CallContext, CallContext>

/** The part of the contract about using the set elsewhere. */
export function exportRoutes(os: Pick<Routes, keyof typeof exportContract>, exported: ExportConfig) {
  return { config: os.config.handler(({ input }) => exported(input)) }
}
