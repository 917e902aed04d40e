/**
 * How many tools a program takes from all its servers together, by the id of the program; beyond it some are left out.
 * From the documents of Windsurf and VS Code and from reports on Cursor; such limits move.
 */
const toolCaps: Readonly<Record<string, number>> = { cursor: 80, windsurf: 100, vscode: 128 }

/** Null where no limit is known. */
export function toolCapOf(program: string | null): number | null {
  return program === null ? null : (toolCaps[program] ?? null)
}
