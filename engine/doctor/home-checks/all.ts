import type { homeChecks } from '../../../shared/doctor-contract.ts'
import type { HomeCase } from '../case.ts'
import { type Finding, ok, problemOf } from '../finding.ts'
import { checkClientFiles } from './client-files.ts'
import { checkClock } from './clock.ts'
import { checkConfig } from './config.ts'
import { checkDiskSpace, checkHomeFolder } from './home-folder.ts'
import { checkToken, checkVault } from './keys.ts'
import { checkGatewayPort, checkProgram } from './program.ts'
import { checkStore } from './stores.ts'

type HomeCheckName = (typeof homeChecks)[number]

interface HomeCheck {
  /** Earlier checks without which this one says nothing. */
  readonly needs: readonly HomeCheckName[]
  run(home: HomeCase): Promise<Finding | Finding[]>
}

const inHome = ['home'] as const

/** What is looked at of a home; in the order of `homeChecks`. */
export const homeCheckTable: Readonly<Record<HomeCheckName, HomeCheck>> = {
  home: { needs: [], run: checkHomeFolder },
  disk_space: { needs: inHome, run: checkDiskSpace },
  clock: { needs: inHome, run: checkClock },
  program: { needs: inHome, run: checkProgram },
  gateway_port: { needs: inHome, run: checkGatewayPort },
  config: { needs: inHome, run: checkConfig },
  token: { needs: inHome, run: checkToken },
  vault: { needs: inHome, run: checkVault },
  store: { needs: inHome, run: (home) => checkStore(home, 'precious') },
  log_store: { needs: inHome, run: (home) => checkStore(home, 'logs') },
  search_path: { needs: [], run: checkSearchPath },
  client_files: { needs: inHome, run: checkClientFiles },
}

/** Whether the login shell could be asked where commands are. */
async function checkSearchPath({ around }: HomeCase): Promise<Finding> {
  const { problem, folders, shell } = around.searchPath
  if (problem !== null) return { ...problemOf(problem, { blocks: false }), status: 'warning' } as Finding
  return ok(shell === null ? 'Commands are looked for on our own PATH.' : `${shell} told its PATH.`, folders)
}
