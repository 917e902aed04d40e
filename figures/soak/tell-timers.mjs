// Loaded before the program, with --expose-internals: SIGUSR2 has it write down how many timers of its main thread are set,
// those that keep nothing alive included, which no public interface tells. Those of sockets go with their handles.
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const { timerListMap } = createRequire(import.meta.url)('internal/timers')

process.on('SIGUSR2', () => {
  let timers = 0
  for (const list of Object.values(timerListMap)) {
    for (let timer = list._idleNext; timer !== list; timer = timer._idleNext) {
      if (timer._onTimeout?.name !== 'onStreamTimeout') timers++
    }
  }
  writeFileSync(process.env.TIMERS_FILE, String(timers))
})
