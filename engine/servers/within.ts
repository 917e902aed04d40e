/** Whether the promise settled before the time was over or the signal fired. Leaves no timer and no listener behind. */
export async function within(promise: Promise<unknown>, maxMs: number, signal?: AbortSignal): Promise<boolean> {
  const { promise: over, resolve } = Promise.withResolvers<false>()
  const giveUp = (): void => resolve(false)
  const timer = setTimeout(giveUp, maxMs)
  signal?.addEventListener('abort', giveUp)
  if (signal?.aborted) giveUp()
  const settled = promise.then(
    () => true,
    () => true,
  )
  try {
    return await Promise.race([settled, over])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', giveUp)
  }
}

/** Waits; resolves early when a signal fires. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await within(new Promise(() => {}), ms, signal)
}
