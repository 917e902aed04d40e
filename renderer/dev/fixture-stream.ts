/** An async iterator over what a source pushes, until the signal ends it. */
export async function* stream<T>(
  signal: AbortSignal | undefined,
  open: (push: (item: T) => void) => () => void,
): AsyncGenerator<T> {
  const items: T[] = []
  let wake: (() => void) | undefined
  const close = open((item) => {
    items.push(item)
    wake?.()
  })
  signal?.addEventListener('abort', () => wake?.(), { once: true })
  try {
    while (!signal?.aborted) {
      yield* items.splice(0)
      if (items.length === 0)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  } finally {
    close()
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
