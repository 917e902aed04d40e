"""An MCP server on the official Python SDK. stdout belongs to the protocol: what people should read goes to stderr."""

import sys

from mcp.server import MCPServer

server = MCPServer("__NAME__", version="0.1.0")


@server.tool(title="Greet")
def greet(name: str) -> str:
    """Greets somebody by name."""
    return f"Hello, {name}!"


@server.resource("greeting://{name}", title="A greeting", mime_type="text/plain")
def greeting(name: str) -> str:
    """The greeting of one person."""
    return f"Hello, {name}!"


@server.prompt(title="Introduce")
def introduce(name: str) -> str:
    """Asks for an introduction of somebody."""
    return f"Greet {name}, then introduce yourself in one sentence."


if __name__ == "__main__":
    print("__NAME__ starts", file=sys.stderr)
    server.run()
