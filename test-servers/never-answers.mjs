// Reads its input and answers nothing, not even `initialize`; ends with its input.
console.error('connecting to a database that is not there')
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
