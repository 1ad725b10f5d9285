"""One part with its real database files and no server: the gateway's application, the commands."""
