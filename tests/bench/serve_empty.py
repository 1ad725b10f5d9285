"""Serve the empty handler as a node serves its gateway; the argument is the port."""

import sys

from services.cli.gateway import server

if __name__ == "__main__":
    server("tests.bench.empty:front", "127.0.0.1", int(sys.argv[1]), workers=1).serve()
