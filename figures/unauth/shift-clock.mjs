// Loaded before the program: SIGUSR2 moves its clock 31 days on, so that what expires can be seen expired.
const now = Date.now
let shiftMs = 0
Date.now = () => now() + shiftMs
process.on('SIGUSR2', () => (shiftMs += 31 * 24 * 3600 * 1000))
