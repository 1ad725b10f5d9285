"""Measure what quotas cost: a grant under four quotas and three limits of its holder, against one
under a single limit, through the handler and a database.

Runs by itself as well: `python -m tests.bench.quotas`.
"""

import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.console import Console
from rich.table import Table
