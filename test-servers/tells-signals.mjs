// No server: a bystander that writes the name of every signal that it gets, and stays.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGCONT']) process.on(signal, () => console.log(signal))
setInterval(() => {}, 60_000)
