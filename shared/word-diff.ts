export interface DiffPart {
  readonly kind: 'same' | 'gone' | 'new'
  readonly text: string
}

/** Beyond this many words the middle of a text is told as replaced whole. */
const mostWords = 1500

/** What became of a text, word by word: equal words stay, the others are gone or new. Joined they give both texts again. */
export function wordDiff(before: string, after: string): DiffPart[] {
  const a = wordsOf(before)
  const b = wordsOf(after)
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++
  const middle = difference(a.slice(start, a.length - end), b.slice(start, b.length - end))
  const same = (words: string[]): DiffPart => ({ kind: 'same', text: words.join('') })
  return joined([same(a.slice(0, start)), ...middle, same(a.slice(a.length - end))])
}

function wordsOf(text: string): string[] {
  return text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? []
}

/** The longest common subsequence, by the table. */
function difference(a: string[], b: string[]): DiffPart[] {
  if (a.length > mostWords || b.length > mostWords) {
    return [
      { kind: 'gone', text: a.join('') },
      { kind: 'new', text: b.join('') },
    ]
  }
  const width = b.length + 1
  const lengths = new Uint16Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const isSame = a[i] === b[j]
      lengths[i * width + j] = isSame
        ? lengths[(i + 1) * width + j + 1]! + 1
        : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!)
    }
  }
  const parts: DiffPart[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      parts.push({ kind: 'same', text: a[i++]! })
      j++
    } else if (j === b.length || (i < a.length && lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!)) {
      parts.push({ kind: 'gone', text: a[i++]! })
    } else parts.push({ kind: 'new', text: b[j++]! })
  }
  return parts
}

function joined(parts: DiffPart[]): DiffPart[] {
  const all: { kind: DiffPart['kind']; text: string }[] = []
  for (const part of parts) {
    if (part.text === '') continue
    if (all.at(-1)?.kind === part.kind) all.at(-1)!.text += part.text
    else all.push({ ...part })
  }
  return all
}
