import type { CheckName, serverChecks } from '../../../shared/doctor-contract.ts'
import type { ServerCase } from '../case.ts'
import type { Finding } from '../finding.ts'
import { checkExposure } from './exposure.ts'
import { checkPort } from './port.ts'
import { checkCommand, checkFiles, checkRuntime, checkWorkingFolder } from './programs.ts'
import { checkSchemas } from './schemas.ts'
import { checkEntry, checkSecrets, checkVariables } from './texts.ts'
import {
  checkAddress,
  checkConsent,
  checkEra,
  checkHandshake,
  checkSignIn,
  checkSpawn,
  checkStdout,
  checkTools,
} from './trials.ts'

type ServerCheckName = (typeof serverChecks)[number]

interface ServerCheck {
  /** Earlier checks without which this one says nothing. */
  readonly needs: readonly CheckName[]
  run(patient: ServerCase): Promise<Finding | Finding[]>
}

const filledIn = ['home', 'config', 'entry', 'variables', 'secrets'] as const
const found = [...filledIn, 'working_folder', 'runtime', 'command', 'files', 'port'] as const
const mayStart = [...found, 'consent'] as const
const starts = [...mayStart, 'address', 'sign_in', 'spawn'] as const
const answers = [...starts, 'stdout', 'handshake'] as const

/** What is looked at of each server; in the order of `serverChecks`. */
export const serverCheckTable: Readonly<Record<ServerCheckName, ServerCheck>> = {
  entry: { needs: ['home', 'config'], run: checkEntry },
  variables: { needs: ['home', 'config', 'entry'], run: checkVariables },
  secrets: { needs: ['home', 'config', 'entry', 'variables'], run: checkSecrets },
  working_folder: { needs: filledIn, run: checkWorkingFolder },
  runtime: { needs: [...filledIn, 'working_folder'], run: checkRuntime },
  command: { needs: [...filledIn, 'working_folder', 'runtime'], run: checkCommand },
  files: { needs: [...filledIn, 'working_folder', 'runtime', 'command'], run: checkFiles },
  port: { needs: filledIn, run: checkPort },
  consent: { needs: found, run: checkConsent },
  address: { needs: mayStart, run: checkAddress },
  sign_in: { needs: [...mayStart, 'address'], run: checkSignIn },
  spawn: { needs: mayStart, run: checkSpawn },
  stdout: { needs: starts, run: checkStdout },
  handshake: { needs: [...starts, 'stdout'], run: checkHandshake },
  era: { needs: answers, run: checkEra },
  tools: { needs: answers, run: checkTools },
  schemas: { needs: [...answers, 'tools'], run: checkSchemas },
  exposure: { needs: [...answers, 'tools'], run: checkExposure },
}
