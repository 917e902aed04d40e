// Ends with code 3 before it reads anything, and says why on stderr.
console.error('Error: API_KEY is missing')
process.exitCode = 3
