const { contextBridge, ipcRenderer } = require('electron')

contextBridge.exposeInMainWorld('sample', { face: 'desktop', deep: { platform: process.platform } })
window.secretOfThePreload = 42
ipcRenderer.on('port', (event) => window.postMessage('port', '*', event.ports))
window.addEventListener('message', async (event) => {
  if (event.data?.greet === undefined) return
  const answer = await ipcRenderer.invoke('greet', event.data.greet).catch((error) => error.message)
  window.postMessage({ greeting: answer }, '*')
})
