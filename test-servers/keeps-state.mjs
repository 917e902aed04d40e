// Legacy, for one client at a time: `remember` keeps its text for `recall`, whoever asks; `ask` asks whoever is there.
import { serve, text, tool, write } from './raw-server.mjs'

let remembered = 'nothing'
let answered = () => {}
let asked = 0

serve({
  name: 'keeps-state',
  tools: [
    tool('remember', 'Keeps its text', { text: { type: 'string' } }),
    tool('recall', 'Tells the text that was kept'),
    tool('ask', 'Asks while it runs'),
    tool('pid', 'Tells the id of the process'),
    tool('end', 'Ends the process'),
  ],
  call(name, args) {
    switch (name) {
      case 'remember':
        remembered = args.text
        return text('kept')
      case 'recall':
        return text(remembered)
      case 'ask':
        write({
          jsonrpc: '2.0',
          id: `question-${++asked}`,
          method: 'elicitation/create',
          params: { message: 'Who?', requestedSchema: { type: 'object', properties: { name: { type: 'string' } } } },
        })
        return new Promise((resolve) => {
          answered = (result) => resolve(text(result.content?.name ?? result.action))
        })
      case 'pid':
        return text(process.pid)
      default:
        process.exit(1)
    }
  },
  on: {
    // A reply has no method; it is looked up under its absence.
    undefined: (_params, { result }) => answered(result),
  },
})
