/** Where a program dies that was made to: by name, and at which of its occurrences. */
export interface Moment {
  name: string
  nth: number
}

export function moment(): Moment {
  return JSON.parse(process.env.KILL9_MOMENT ?? '{"name":"random","nth":1}') as Moment
}

/** At once and without a last word, as the system does it. */
export function die(): never {
  process.kill(process.pid, 'SIGKILL')
  // The signal is on its way; nothing more may happen in this thread.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

/** True at the nth call and at no other. */
export function turns(nth: number): () => boolean {
  let calls = 0
  return () => ++calls === nth
}
