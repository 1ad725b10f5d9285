"""Suppression: nobody finds a small cell in a published table, nor by subtraction."""

from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.scenarios.domain.suppression import Cell, suppress, total_of

pytestmark = pytest.mark.scenarios

SMALLEST = 3
COUNTS = st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=2), min_size=1, max_size=3)


def a_table(rows):
    return total_of([total_of([Cell(count) for count in row]) for row in rows])


def shown(table):
    return [cell.shown for cell in table.walk()]


def possible(cell, seen, most):
    """List what a reader may hold for possible: each is the cell's count and those below it."""
    if not cell.parts:
        if cell.count == 0:
            return [(0,)]
        counts = range(1, most + 1) if seen[cell] is None else [seen[cell]]
        return [(count,) for count in counts]
    worlds = []
    for below in product(*(possible(part, seen, most) for part in cell.parts)):
        total = sum(world[0] for world in below)
        if seen[cell] in (None, total):
            worlds.append((total, *(count for world in below for count in world)))
    return worlds


@settings(deadline=None)
@example([[1, 1, 1]])
@example([[1], [1], [1]])
@given(COUNTS)
def test_a_small_cell_cannot_be_computed_from_what_is_shown(rows):
    table = a_table(rows)
    suppress(table, SMALLEST)

    cells = list(table.walk())
    worlds = possible(table, {cell: cell.shown for cell in cells}, most=5)
    for number, cell in enumerate(cells):
        if 0 < cell.count < SMALLEST:
            assert len({world[number] for world in worlds}) > 1, shown(table)


@settings(deadline=None)
@given(COUNTS, st.integers(1, 6))
def test_no_cell_below_the_smallest_is_shown(rows, smallest):
    table = a_table(rows)
    suppress(table, smallest)

    assert all(not 0 < count < smallest for count in shown(table) if count is not None)


def test_a_table_without_small_cells_is_shown_whole():
    table = a_table([[10, 12], [30]])
    suppress(table, 10)

    assert shown(table) == [52, 22, 10, 12, 30, 30]


def test_the_next_smallest_is_suppressed_with_a_single_small_cell():
    table = total_of([Cell(3), Cell(40), Cell(12)])
    suppress(table, 10)

    assert shown(table) == [55, None, 40, None]


def test_of_a_suppressed_whole_some_part_is_suppressed_as_well():
    table = total_of([Cell(4), total_of([Cell(20), Cell(11)]), Cell(90)])
    suppress(table, 10)

    assert shown(table) == [125, None, None, 20, None, 90]
