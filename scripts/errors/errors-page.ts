import { globSync } from 'node:fs'
import { doctorCodes } from '../../engine/doctor/doctor-codes.ts'
import { readCodes } from './read-codes.ts'
import { wordedElsewhere } from './worded-elsewhere.ts'

/** One code with all that is said of it. */
interface ErrorCode {
  readonly code: string
  readonly causes: readonly string[]
  readonly cures: readonly string[]
}

export interface ErrorsPage {
  readonly text: string
  readonly codes: readonly ErrorCode[]
  /** What keeps the page from being complete, a line each. */
  readonly problems: readonly string[]
}

const folders = ['engine', 'shared', 'cli', 'electron']
const isTest = /\.test\.ts$|(?:^|\/)test-[^/]*\.ts$/

/** docs/errors.md, made of the sources. */
export function errorsPage(): ErrorsPage {
  const files = folders.flatMap((folder) => globSync(`${folder}/**/*.ts`)).filter((file) => !isTest.test(file))
  const { wordings, unread } = readCodes(files.map((file) => file.replaceAll('\\', '/')).sort())
  const names = [...new Set([...wordings.map(({ code }) => code), ...Object.keys(doctorCodes)])].sort()
  const codes = names.map((code): ErrorCode => {
    const own = wordings.filter((wording) => wording.code === code)
    const written = { ...wordedElsewhere[code], ...doctorCodes[code as keyof typeof doctorCodes] }
    const causes = written.cause ? [written.cause] : distinct(own.map(({ message }) => message))
    return { code, causes, cures: written.cure ? [written.cure] : distinct(own.map(({ hint }) => hint)) }
  })
  const problems = [
    ...unread.map((place) => `a code that is not of lower snake case: ${place}`),
    ...codes.filter(({ causes }) => causes.length === 0).map(({ code }) => `no cause is said of ${code}`),
    ...codes.filter(({ cures }) => cures.length === 0).map(({ code }) => `no cure is said of ${code}`),
    ...Object.keys(wordedElsewhere)
      .filter((code) => !names.includes(code))
      .map((code) => `scripts/errors/worded-elsewhere.ts says something of ${code}, which is no code`),
  ]
  return { text: pageOf(codes), codes, problems }
}

function distinct(texts: readonly (string | null)[]): string[] {
  // What is nothing but its variable parts says nothing here.
  return [
    ...new Set(texts.filter((text) => text !== null && /[a-z]{3}/i.test(text.replace(/\{[^}]*\}/g, '')))),
  ] as string[]
}

function pageOf(codes: readonly ErrorCode[]): string {
  const rows = codes.map(({ code, causes, cures }) => `| \`${code}\` | ${cellOf(causes)} | ${cellOf(cures)} |`)
  return `${head(codes.length)}\n${rows.join('\n')}\n`
}

function cellOf(texts: readonly string[]): string {
  return texts.map((text) => asWritten(text)).join('<br>')
}

/** Told as a sentence, with nothing in it that Markdown would read. */
function asWritten(text: string): string {
  const one = text.replace(/\s+/g, ' ').trim()
  const ended = /[.!?:]$/.test(one) ? one : `${one}.`
  return ended[0]!.toUpperCase() + ended.slice(1).replace(/[|<>*_]/g, '\\$&')
}

const head = (count: number): string => `# Error codes

Every failure has a stable code, a sentence for people and a hint: in the page, in \`signalbox\`, in the \`code\` of an HTTP problem
document and in the report of the doctor. Scripts may match on codes; texts may change. Names in braces stand for what varies.
\`signalbox doctor\` finds many of these before they hurt, and mends some.

This page is made from the sources by \`node scripts/errors-page.ts\`, and a test sees that it is complete: ${count} codes.

| code | what happened | what to do |
|---|---|---|`
