"""Serve a door of the benchmarks as a node serves its gateway: `MODULE:FRONT PORT`."""

import sys

from services.cli.gateway import server

if __name__ == "__main__":
    server(sys.argv[1], "127.0.0.1", int(sys.argv[2]), workers=1).serve()
