import unittest

from mcp import Client

from server import server


class ServerTest(unittest.IsolatedAsyncioTestCase):
    async def test_greets_by_name(self) -> None:
        async with Client(server) as client:
            result = await client.call_tool("greet", {"name": "Ada"})
            self.assertEqual(result.content[0].text, "Hello, Ada!")

    async def test_has_the_same_greeting_as_a_resource(self) -> None:
        async with Client(server) as client:
            result = await client.read_resource("greeting://Ada")
            self.assertEqual(result.contents[0].text, "Hello, Ada!")

    async def test_offers_a_prompt(self) -> None:
        async with Client(server) as client:
            result = await client.get_prompt("introduce", {"name": "Ada"})
            self.assertIn("Greet Ada", result.messages[0].content.text)


if __name__ == "__main__":
    unittest.main()
