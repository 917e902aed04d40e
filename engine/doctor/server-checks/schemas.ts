import type { ServerCase } from '../case.ts'
import { type Finding, notLooked, ok, warning } from '../finding.ts'
import { refusals } from './client-demands.ts'
import { listingOf } from './trials.ts'

const evidenceLines = 20

/** Whether the programs that call take its tools as they are described. */
export async function checkSchemas(patient: ServerCase): Promise<Finding> {
  const listing = await listingOf(patient)
  if (listing === null) return notLooked('It has not listed anything yet.')
  const { tools } = listing
  if (tools.length === 0) return notLooked('It has no tools.')
  const refused = refusals(tools)
  if (refused.length === 0) return ok('All programs that we know take its tools.')
  return warning('schema_unacceptable', 'Some programs refuse tools of it, or all of them.', {
    hint: 'Give those programs a profile without these tools, or report it to the author of the server.',
    evidence: refused.slice(0, evidenceLines),
  })
}
