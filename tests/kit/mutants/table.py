"""The page of mutants: which clause catches which. ``python -m tests.kit.mutants.table`` makes it anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tests.docs.pages import DOCS, table

from .hunt import Kill, hunt
from .mutant import Mutant, mutants

PAGE = DOCS / "reference" / "mutants.md"
SEEDS = (0, 1, 2)
"""A clause is named that catches the mutant with each of these: one that does so by chance is not."""

_HEAD = """\
# Broken mocks

What the kit says of a server is worth something only if it notices a broken one. So it is tried on mutants: mocks in
which one rule is broken on purpose, by a slip that somebody might make. Each is caught by a clause of the rule that it
breaks. A test breaks the mock in each of these ways, runs the clauses of that rule against it, and holds what it finds
against this table; other tests let the kit run against mocks that are whole, whatever their profile, and none of those
may be blamed.

A *finding* is a contract that does not hold: the run ends with exit status 1. What is *observed* is behaviour that no
paper settles: no server fails by it, but the kit tells it apart from what the mock does otherwise. The clause in the
table is the first that catches the mutant whatever the kit happens to generate; others may, too.

"""
_COLUMNS = ("Mutant", "What is broken", "Rule", "Caught by", "How")


def render(kills: Mapping[str, Kill]) -> str:
    """The page, of what caught the mutants, by their ids."""
    lines = [_row(_COLUMNS), _row("---" for _ in _COLUMNS)]
    for one in mutants():
        kill = kills.get(one.id, Kill())
        clauses = ", ".join(f"`{each}`" for each in kill.clauses)
        lines.append(_row((f"`{one.id}`", one.broken, one.rule, clauses, kill.how)))
    return _HEAD + "\n".join(lines) + "\n"


def recorded() -> dict[str, Kill]:
    """What caught the mutants, as the page has it."""
    rows = table(PAGE, _COLUMNS[0]) if PAGE.exists() else []
    return {one: Kill(tuple(filter(None, clauses.split(", "))), how) for one, _, _, clauses, how in rows}


def certain_kill(mutant: Mutant) -> Kill:
    """The first clause that catches a finding with every seed; all that observe what cannot be one."""
    kills = [hunt(mutant, seed=seed) for seed in SEEDS]
    always = set(kills[0].clauses).intersection(*(one.clauses for one in kills))
    certain = tuple(one for one in kills[0].clauses if one in always)
    return Kill(certain if mutant.assumed else certain[:1], kills[0].how if always else "")


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(render({one.id: certain_kill(one) for one in mutants()}), "utf-8")
