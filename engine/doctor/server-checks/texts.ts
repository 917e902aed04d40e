import { AppError } from '../../../shared/app-error.ts'
import { entryVariable, expandLaunch, secretNamesOf } from '../../servers/expand.ts'
import { readSecrets } from '../../servers/secrets.ts'
import type { ServerCase } from '../case.ts'
import { entryFix, replacedIn, secretFix } from '../entry-fix.ts'
import { type Finding, notLooked, ok, problem, problemOf, warning } from '../finding.ts'
import { mendedEntry } from './mended-entry.ts'

/** Whether the entry can be used at all. */
export async function checkEntry(patient: ServerCase): Promise<Finding> {
  const { spec } = patient
  if (spec.problem === null) return ok(`Its entry can be used: ${spec.transport}.`)
  const mended = mendedEntry(spec)
  return problemOf(spec.problem, { fix: mended && entryFix(patient, mended.title, mended.entry) })
}

const placeholder = /\$\{([A-Za-z_]\w*)(:-[^{}]*)?\}/g
/** As Cursor, VS Code, Windsurf and others spell them; here they would reach the server as they stand. */
const foreign = /\$\{(env|input):([\w.-]+)\}|\$\{(userHome)\}/g

/** Whether every variable that the entry names is set. */
export async function checkVariables(patient: ServerCase): Promise<Finding | Finding[]> {
  const { spec, around } = patient
  const texts = textsOf(spec.entry)
  const names = texts.flatMap((text) =>
    [...text.matchAll(placeholder)].filter(([, , fallback]) => fallback === undefined).map(([, name]) => name!),
  )
  const missing = [...new Set(names)].filter((name) => name !== 'userHome' && entryVariable(name, around) === undefined)
  const found = missing.map((name) => missingVariable(name, patient))
  const odd = texts.flatMap((text) => [...text.matchAll(foreign)].map(([whole]) => whole))
  if (odd.length > 0) found.push(foreignPlaceholder(odd, patient))
  if (found.length > 0) return found
  return ok(names.length === 0 ? 'It names no variables.' : `Its variables are set: ${[...new Set(names)].join(', ')}.`)
}

function missingVariable(name: string, patient: ServerCase): Finding {
  const entry = replacedIn(patient.spec.entry, (text) => text.replaceAll(`\${${name}}`, `\${secret:${name}}`))
  return problem('variable_missing', `The variable ${name} is not set.`, {
    hint: `Set ${name} before Signalbox starts, keep its value in the vault, or write a default: \${${name}:-value}.`,
    fix: secretFix(patient, name, `Keep ${name} in the vault`, entry),
  })
}

function foreignPlaceholder(odd: readonly string[], patient: ServerCase): Finding {
  const home = patient.around.host.platform === 'win32' ? 'USERPROFILE' : 'HOME'
  const entry = replacedIn(patient.spec.entry, (text) =>
    text.replace(foreign, (_, kind?: string, name?: string) =>
      kind === undefined ? `\${${home}}` : kind === 'env' ? `\${${name}}` : `\${secret:${name}}`,
    ),
  )
  return warning('foreign_placeholder', `It holds what only other programs fill in: ${[...new Set(odd)].join(', ')}.`, {
    hint: 'Write ${NAME} for a variable, ${secret:NAME} for a secret.',
    fix: entryFix(patient, 'Write the placeholders as Signalbox reads them', entry),
  })
}

/** Whether the vault holds and opens every secret that the entry names. Fills in all placeholders for the checks that follow. */
export async function checkSecrets(patient: ServerCase): Promise<Finding | Finding[]> {
  const { spec, around } = patient
  const { vault } = around.host
  const names = secretNamesOf(spec.launch ?? spec.remote!)
  const found: Finding[] = []
  for (const name of names) {
    try {
      await readSecrets([name], vault)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      const isMissing = error.code === 'secret_missing'
      const fix = secretFix(patient, name, `${isMissing ? 'Store' : 'Store anew'} the secret ${name}`, null)
      found.push(problemOf(error.failure, { fix: vault === null ? null : fix }))
    }
  }
  if (found.length > 0) return found
  await fillIn(patient)
  return names.length === 0 ? notLooked('It names no secrets.') : ok(`Its secrets are there: ${names.join(', ')}.`)
}

async function fillIn(patient: ServerCase): Promise<void> {
  const { spec, around } = patient
  if (spec.launch === null) return
  const secrets = await readSecrets(secretNamesOf(spec.launch), around.host.vault)
  around.masker.learn(secrets.values())
  patient.expanded = expandLaunch(spec.launch, {
    variable: (name) => entryVariable(name, around),
    secret: (name) => secrets.get(name),
  })
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsOf)
}
