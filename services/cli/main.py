"""Enter the `huxin` command.

The commands that run nameko's services need a green process, and it must be so before anything
else is imported; granian's threads and the short commands stay as they are.  Who only calls a
gateway does not wait until a node's services are imported.
"""

import sys

from huxin_client.shell.terminal import plainer

GREEN = {"demo", "up", "run"}
CALLERS = {"operator", "app"}


def main() -> None:
    """Run the command line."""
    plainer(sys.stdout, sys.stderr)
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    if words and words[0] in CALLERS:
        from huxin_client.shell.main import main as call  # noqa: PLC0415  and nothing of a node

        call()
        return
    from services.plumbing.green import patch  # noqa: PLC0415  and eventlet before nameko asks for it

    if words and words[0] in GREEN and words[:2] != ["run", "gateway"]:
        patch()
    from services.cli.commands import app  # noqa: PLC0415  only after the patch

    app()
