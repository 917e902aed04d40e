// `add` adds a tool, a resource or a prompt, by `kind`, or changes the `words` of a tool, and says that the list changed;
// `storm` says so 20,000 times.
import { notify, serve, text, tool } from './raw-server.mjs'

const tools = [
  tool('add', 'Adds one', { kind: { enum: ['tools', 'resources', 'prompts', 'words'] } }, ['kind']),
  tool('storm', 'Says 20,000 times that the list of tools changed'),
]
const resources = []
const prompts = []

serve({
  name: 'list-changes',
  capabilities: { tools: { listChanged: true }, resources: { listChanged: true }, prompts: { listChanged: true } },
  tools,
  call(name, { kind }) {
    if (name === 'storm') for (let count = 0; count < 20_000; count++) notify('notifications/tools/list_changed')
    else {
      if (kind === 'tools') tools.push(tool(`added_${tools.length}`, 'Added'))
      if (kind === 'resources') resources.push({ uri: `memo://${resources.length}`, name: `memo ${resources.length}` })
      if (kind === 'prompts') prompts.push({ name: `prompt_${prompts.length}` })
      if (kind === 'words') tools[1].description = 'Says so no more'
      notify(`notifications/${kind === 'words' ? 'tools' : kind}/list_changed`)
    }
    return text('done')
  },
  on: {
    'resources/list': () => ({ resources }),
    'resources/templates/list': () => ({ resourceTemplates: [{ uriTemplate: 'memo://{number}', name: 'memo' }] }),
    'prompts/list': () => ({ prompts }),
  },
})
