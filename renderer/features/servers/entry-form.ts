/** What the form of a new server holds: lines of text, as typed. */
export interface EntryForm {
  kind: 'program' | 'address'
  name: string
  command: string
  /** One argument a line. */
  args: string
  /** `NAME=value`, one a line; for an address, headers as `Name: value`. */
  pairs: string
  url: string
}

export const emptyForm: EntryForm = { kind: 'program', name: '', command: '', args: '', pairs: '', url: '' }

export type FormProblems = Partial<Record<keyof EntryForm, string>>

/** What keeps the form from being an entry, by field; empty when nothing does. */
export function formProblems(form: EntryForm): FormProblems {
  const problems: FormProblems = {}
  if (form.name.trim() === '') problems.name = 'A server needs a name.'
  if (form.kind === 'program') {
    if (form.command.trim() === '') problems.command = 'Name the program to run.'
    const bad = linesOf(form.pairs).find((line) => !/^[A-Za-z_][A-Za-z0-9_]*=/.test(line))
    if (bad !== undefined) problems.pairs = `“${bad}” is not NAME=value.`
    return problems
  }
  if (!/^https?:\/\/.+/.test(form.url.trim()) || !URL.canParse(form.url.trim()))
    problems.url = 'An address starts with http:// or https://.'
  const bad = linesOf(form.pairs).find((line) => !/^[A-Za-z0-9-]+:/.test(line))
  if (bad !== undefined) problems.pairs = `“${bad}” is not Name: value.`
  return problems
}

/** The form as the text that the import reads: one entry under `mcpServers`. */
export function formText(form: EntryForm): string {
  return JSON.stringify({ mcpServers: { [form.name.trim()]: entryOf(form) } })
}

function entryOf(form: EntryForm): Record<string, unknown> {
  if (form.kind === 'address') {
    const headers = pairsOf(form.pairs, ':')
    return { type: 'http', url: form.url.trim(), ...(headers === null ? {} : { headers }) }
  }
  const args = linesOf(form.args)
  const env = pairsOf(form.pairs, '=')
  return {
    command: form.command.trim(),
    ...(args.length === 0 ? {} : { args }),
    ...(env === null ? {} : { env }),
  }
}

function pairsOf(text: string, separator: string): Record<string, string> | null {
  const lines = linesOf(text)
  if (lines.length === 0) return null
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(separator)
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()]
    }),
  )
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
