"""Documents written from the contracts: docs/messages.md, openapi.json, asyncapi.json.

`make contracts` writes them; a test and `make contracts-check` fail when one is stale.
"""
