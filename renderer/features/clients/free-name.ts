/** The name, or the name with the first number that makes it free: `Cursor 2`. Names differ whatever their case. */
export function freeName(name: string, taken: readonly string[]): string {
  const used = new Set(taken.map((one) => one.toLowerCase()))
  for (let number = 1; ; number++) {
    const free = number === 1 ? name : `${name} ${number}`
    if (!used.has(free.toLowerCase())) return free
  }
}
