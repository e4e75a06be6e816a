"""The API of a server, as the commands ask it."""
