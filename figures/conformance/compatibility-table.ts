import type { Era } from '../../shared/server.ts'
import { exclusions, type Pairing } from './carriable.ts'

/** What one suite found through the gateway at one server. */
export interface Cell extends Pairing {
  readonly transport: string
  /** Scenarios that came out equal, of those that can be carried. */
  readonly equal: number
  readonly carriable: number
  readonly excluded: number
}

const eraNames: Record<Era, string> = { legacy: 'up to 2025-11-25', modern: '2026-07-28' }

/** The guide, from what was just measured. */
export function compatibilityTable(
  cells: readonly Cell[],
  scripts: ReadonlyMap<string, readonly [number, number]>,
): string {
  const pairs = cells.map(
    ({ client, server, transport, equal, carriable, excluded }) =>
      `| ${eraNames[client]} | ${eraNames[server]} | ${transport} | ${equal} of ${carriable} | ${excluded} |`,
  )
  const reasons = exclusions.map(
    ({ client, server, scenario, reason }) =>
      `| ${eraNames[client]} | ${eraNames[server]} | \`${scenario}\` | ${reason} |`,
  )
  const runs = [...scripts].map(([name, [kept, all]]) => `| ${name} | ${kept} of ${all} |`)
  return `# Compatibility

This page is written by \`npm run figures -- conformance\`; do not edit it by hand.

## Eras

The official conformance suites (0.1.16 for clients up to 2025-11-25, 0.2.0-alpha.12 with \`--requirements 2026-07-28\` for the
newer ones) run against one server of our own, direct and through the gateway. A scenario is equal when each of its checks comes
out the same. Scenarios for which our server has nothing are left out.

| client speaks | server speaks | server's transport | equal | cannot be carried |
|---|---|---|---|---|
${pairs.join('\n')}

What cannot be carried between the eras, and why:

| client speaks | server speaks | scenario | reason |
|---|---|---|---|
${reasons.join('\n')}

## Clients

Each runs the same script against \`server-everything\` at \`/mcp\`: tools, progress, cancellation, questions to the person and to the
model, roots, resources, prompts, completion.

| client | steps kept |
|---|---|
${runs.join('\n')}
`
}
