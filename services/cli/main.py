"""Enter the `huxin` command.

The commands that run nameko's services need a green process, and it must be so before anything
else is imported; granian's threads and the short commands stay as they are.
"""

import sys

from services.plumbing.green import patch

GREEN = {"demo", "up", "run"}


def main() -> None:
    """Run the command line."""
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    if words and words[0] in GREEN and words[:2] != ["run", "gateway"]:
        patch()
    from services.cli.commands import app  # noqa: PLC0415  only after the patch

    app()
