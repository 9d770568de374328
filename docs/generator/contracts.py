"""The pages of the kit's contracts: those of servers, and those of clients."""

from __future__ import annotations

from ccmm_contracts.clause import GROUPS, Clause, clauses
from ccmm_contracts.client_rules import DRIVEN_ONLY, KRULES

from .evidence import legend
from .markdown import code, codes, plain, table
from .markdown import page as whole

_LEAD = """\
What `ccmm-contracts server` tries on a server, in the order in which it tries it; `ccmm-contracts list` prints the
same. `--only` and `--skip` take the ids, the [rules](rules.md) (the id up to its dot) and the groups."""

_OBSERVED = "observed_"
_NEEDS = {
    "write": "leave to append and close contacts: a mock, or `--write --campaign ID`",
    "second user": "another user: a mock, or `--second-user`",
    "clock": "a clock that can be moved: a mock",
    "seed": "a center that the kit may fill: a mock",
}

_CLIENT_LEAD = """\
What a client of the services has to do. `ccmm-contracts client` drives a client in any language and judges it by these,
`ccmm-contracts judge` judges an application by the journal of the mock that it worked with, see
[the contract kit](../../contracts/README.md#check-a-client)."""


def page() -> str:
    """The contracts of servers."""
    found = list(clauses())
    needs = table(("Needs", "What that is"), ([code(name), text] for name, text in _NEEDS.items()))
    parts = []
    for group in GROUPS:
        members = [one for one in found if one.contract.group == group]
        parts += [f"## {group}", *([_observing(members)] if group.startswith(_OBSERVED) else []), _table(members)]
    count = f"{len(found)} contracts, {sum(one.observes for one in found)} of which only observe."
    return whole("Contracts of servers", _LEAD, count, legend(), needs, *parts)


def client_page() -> str:
    """The rules of clients."""
    columns = ("Rule", "What it says", "Evidence", "Source", "Judged")
    rows = (
        [one.id, plain(one.sentence), one.evidence, plain(one.source), "driven" if one.id in DRIVEN_ONLY else "both"]
        for one in KRULES.values()
    )
    last = """\
*Driven* rules are about what a client hands to its caller, of which a journal alone shows a part at most: they are
judged when the kit drives the client."""
    return whole("Rules of clients", _CLIENT_LEAD, legend(), table(columns, rows), last)


def _table(members: list[Clause]) -> str:
    rows = []
    for one in members:
        contract = one.contract
        unknown = set(contract.needs) - _NEEDS.keys()
        if unknown:
            raise KeyError(f"docs/generator/contracts.py does not say what {unknown} is")
        needs = codes(contract.needs)
        rows.append([code(contract.id), plain(contract.sentence), contract.evidence, plain(contract.source), needs])
    return table(("Contract", "What it says", "Evidence", "Source", "Needs"), rows)


def _observing(members: list[Clause]) -> str:
    chosen = sorted({choice for one in members for choice in one.choices})
    told = f" They find out {codes(chosen)} of the [profile](profile.md)." if chosen else ""
    return f"These report what a server does, and never fail one.{told}"
