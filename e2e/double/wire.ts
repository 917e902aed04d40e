/** A value on its way between Node and a page: it travels as JSON, so what JSON would change in silence is refused. */
export function onTheWire(value: unknown): string {
  const text = JSON.stringify(value, (_key, part: unknown) => {
    const isPlain = part === null || typeof part !== 'object' || Array.isArray(part) || isRecord(part)
    if (!isPlain || typeof part === 'function' || typeof part === 'symbol' || typeof part === 'bigint') {
      throw new TypeError(`The double carries JSON only, not ${Object.prototype.toString.call(part)}`)
    }
    return part
  })
  // JSON has no undefined of its own; at the top it is what a message without a body is.
  return text ?? 'null'
}

function isRecord(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
