import { readFile } from 'node:fs/promises'

/**
 * A call's parameters from words: `key=text`, `key:=json`, `key=@file` (its text), over those of `--args`.
 * Throws an Error whose message names the word that is wrong.
 */
export async function callParameters(
  words: readonly string[],
  args: string | undefined,
): Promise<Record<string, unknown>> {
  const parameters = args === undefined ? {} : readArgs(args)
  for (const word of words) {
    const [, key, sign, value] = /^([^=]*?)(:?=)(.*)$/s.exec(word) ?? []
    if (key === undefined || key === '' || value === undefined) {
      throw new Error(`"${word}" is not KEY=TEXT, KEY:=JSON or KEY=@FILE.`)
    }
    // Defined, not assigned: a key named __proto__ is a key like any other.
    Object.defineProperty(parameters, key, {
      value: sign === ':=' ? readJson(value, key) : await readText(value),
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  return parameters
}

function readArgs(text: string): Record<string, unknown> {
  const value = readJson(text, '--args')
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new Error('--args takes a JSON object.')
}

function readJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(`${where} is not JSON (${(cause as Error).message}).`, { cause })
  }
}

async function readText(value: string): Promise<string> {
  return value.startsWith('@') ? readFile(value.slice(1), 'utf8') : value
}
