// Answers every request with the status in its path, `/401`; `/302` redirects to another host, `/200` is a web page.
import { listen } from './raw-http.mjs'

listen((request, response) => {
  request.resume()
  const status = Number(request.url.slice(1))
  response.writeHead(status, {
    'content-type': 'text/html',
    ...(status === 302 && { location: 'http://example.com/mcp' }),
  })
  response.end('<h1>Not here</h1>')
})
