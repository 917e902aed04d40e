// A program of its own: reads texts as a JSON array from stdin, writes their numbers of tokens as one to stdout. Its
// vocabulary takes some 70 MiB of memory, which a thread would leave behind in the engine's process.
import { json } from 'node:stream/consumers'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'

const texts = (await json(process.stdin)) as string[]
// Text that spells a special token is counted as the text that it is.
const counts = texts.map((text) => countTokens(text, { disallowedSpecial: new Set() }))
process.stdout.write(JSON.stringify(counts))
