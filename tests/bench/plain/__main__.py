"""Run a service of the plain call: `python -m tests.bench.plain PART BUS_URL DATABASE_URL`."""

import sys

from services.plumbing.green import patch  # first: it must patch before anything opens a socket

patch()

from tests.bench.plain.services import run  # noqa: E402

run(*sys.argv[1:])
