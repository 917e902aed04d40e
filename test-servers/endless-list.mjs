// Its list of tools gives the same cursor for ever; with `--new-cursors` a new one with each page.
import { serve, tool } from './raw-server.mjs'

const newCursors = process.argv.includes('--new-cursors')
let page = 0

serve({
  name: 'endless-list',
  on: {
    'tools/list': () => {
      page++
      return { tools: [tool(`tool_${page}`, `From page ${page}`)], nextCursor: newCursors ? `page-${page}` : 'again' }
    },
  },
})
