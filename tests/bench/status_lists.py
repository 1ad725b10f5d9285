"""Measure status lists of a million attestations: reading, building, signing, and what they weigh.

The floor of building and signing is zlib alone over the very same bytes.  Runs by itself as well:
`python -m tests.bench status_lists`.
"""

import random
import statistics
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, insert, update

from services.plumbing.clock import utc_now
from services.plumbing.database import close_database, open_database
from services.recognition.adapters.keys import PrivateKey
from services.recognition.adapters.status_lists import SqlStatusLists
from services.recognition.adapters.tables import consents, issuances, metadata, status_lists
from services.recognition.domain.jws import decode, encode
from services.recognition.domain.status_list import SIZE, Status, StatusList, sign_status_list
from tests.bench.results import Found

ENTRIES, ROUNDS = 1_000_000, 3
LISTS = -(-ENTRIES // SIZE)
RATES = (0.001, 0.01, 0.1)
SUSPENDED = 0.1  # of those that are not valid
ROWS_AT_ONCE = 20_000
NOW = utc_now()

Entries = list[tuple[int, Status]]


@dataclass(frozen=True)
class Figures:
    """What all lists together weigh and take, at one rate of entries that are not valid."""

    raw_bytes: int
    compressed_bytes: int
    token_bytes: int
    read_ms: float
    read_past_ms: float
    build_ms: float
    zlib_ms: float


def measure(console: Console) -> Found:
    """Fill a database, measure at each rate, print a table, and return the figures by name."""
    with tempfile.TemporaryDirectory(prefix="huxin-bench-") as home:
        url = f"sqlite:///{Path(home)}/recognition.db"
        engine = open_database(url)
        metadata.create_all(engine)
        console.print(f"filling {LISTS} status lists with {ENTRIES:,} attestations …")
        with engine.begin() as connection:
            fill(connection)
        found = {}
        for rate in RATES:
            console.print(f"status lists with {rate:.1%} not valid …")
            with engine.begin() as connection:
                take_back(connection, rate)
            with engine.connect() as connection:
                found[rate] = figures(SqlStatusLists(connection))
        close_database(url)
    console.print(table(found))
    return Found(
        figures={
            f"{rate * 1000:g}_per_mille_{name}": round(value, 3)
            for rate, each in found.items()
            for name, value in {**vars(each), "build_vs_zlib": each.build_ms / each.zlib_ms}.items()
        }
    )


def fill(connection: Connection) -> None:
    consent, numbers = uuid4(), range(LISTS)
    connection.execute(insert(consents).values(id=consent, **a_consent()))
    secret = bytes(32)
    lists = [{"number": number, "secret": secret, "taken": SIZE} for number in numbers]
    connection.execute(insert(status_lists), lists)
    for start in range(0, ENTRIES, ROWS_AT_ONCE):
        stop = min(start + ROWS_AT_ONCE, ENTRIES)
        rows = [an_issuance(number) | {"consent_id": consent} for number in range(start, stop)]
        connection.execute(insert(issuances), rows)


def a_consent() -> dict[str, object]:
    return {
        "subject": uuid4(),
        "recipient": "330100",
        "purposes": ["transport"],
        "text_version": "2026-05",
        "given_at": NOW,
        "until": NOW + timedelta(days=365),
    }


def an_issuance(number: int) -> dict[str, object]:
    return {
        "attestation_id": uuid4(),
        "subject": uuid4(),
        "recipient": "330100",
        "sealed": b"",
        "status_list": number // SIZE,
        "status_index": number % SIZE,
        "issued_at": NOW,
        "until": NOW + timedelta(days=30),
    }


def take_back(connection: Connection, rate: float) -> None:
    """Make so many entries invalid or suspended, chosen at random, and the others valid."""
    chance = random.Random(7)  # noqa: S311 - the same choice in every run
    connection.execute(update(issuances).values(revoked_at=None, suspended_at=None))
    chosen = chance.sample(range(ENTRIES), int(ENTRIES * rate))
    suspended = int(len(chosen) * SUSPENDED)
    for column, some in (("suspended_at", chosen[:suspended]), ("revoked_at", chosen[suspended:])):
        for number, indexes in by_list(some):
            for start in range(0, len(indexes), 500):
                one = update(issuances).where(
                    issuances.c.status_list == number,
                    issuances.c.status_index.in_(indexes[start : start + 500]),
                )
                connection.execute(one.values({column: NOW}))


def by_list(numbers: list[int]) -> Iterator[tuple[int, list[int]]]:
    for number in range(LISTS):
        yield number, [each % SIZE for each in numbers if each // SIZE == number]


def figures(lists: SqlStatusLists) -> Figures:
    key, at = PrivateKey.generate("EdDSA"), NOW + timedelta(seconds=1)
    entries = [lists.not_valid(number) or [] for number in range(LISTS)]
    built = [build(list(each)) for each in entries]
    raw = [zlib.decompress(decode(each.compress())) for each in built]
    tokens = [sign(each, key) for each in built]
    return Figures(
        raw_bytes=sum(map(len, raw)),
        compressed_bytes=sum(len(zlib.compress(each, 9)) for each in raw),
        token_bytes=sum(map(len, tokens)),
        read_ms=milliseconds(lambda: [lists.not_valid(each) for each in range(LISTS)]),
        read_past_ms=milliseconds(lambda: [lists.not_valid(each, at) for each in range(LISTS)]),
        build_ms=milliseconds(lambda: [sign(build(list(each)), key) for each in entries]),
        zlib_ms=milliseconds(lambda: [encode(zlib.compress(each, 9)) for each in raw]),
    )


def build(entries: Entries) -> StatusList:
    statuses = StatusList.blank()
    for index, status in entries:
        statuses[index] = status
    return statuses


def sign(statuses: StatusList, key: PrivateKey) -> str:
    uri = "https://fuzhou.example/v1/status-lists/0"
    return sign_status_list(statuses, uri=uri, now=NOW, ttl=timedelta(minutes=10), signer=key)


def milliseconds(work: Callable[[], object]) -> float:
    """Return the median of some rounds."""
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def table(found: dict[float, Figures]) -> Table:
    title = f"{LISTS} lists together, {ENTRIES:,} entries of 2 bits; KiB, then milliseconds"
    columns = ("not valid", "raw", "zlib", "tokens", "read", "of then", "sign", "floor", "ratio")
    shown = Table(*columns, title=title)
    for rate, each in found.items():
        sizes = (each.raw_bytes, each.compressed_bytes, each.token_bytes)
        shown.add_row(
            f"{rate:.1%}",
            *(f"{size / 1024:,.0f}" for size in sizes),
            *(f"{value:,.0f}" for value in (each.read_ms, each.read_past_ms)),
            *(f"{value:,.0f}" for value in (each.build_ms, each.zlib_ms)),
            f"{each.build_ms / each.zlib_ms:.2f}",
        )
    return shown
