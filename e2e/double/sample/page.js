const status = document.querySelector('[role=status]')

window.addEventListener('message', (event) => {
  if (event.data !== 'port') return
  const [port] = event.ports
  port.onmessage = (message) => {
    status.textContent = `doubled ${message.data.doubled}`
  }
  port.postMessage({ number: 21 })
})
