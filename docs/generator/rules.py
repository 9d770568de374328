"""The page of the rules of the contact center, with the evidence for each."""

from __future__ import annotations

from fake_ccmm.profile import choices
from tests.rules import RULES

from .evidence import contracts_of_rules, legend, letters
from .markdown import code, plain, table
from .markdown import page as whole

_LEAD = """\
What the services do, rule by rule. Docstrings, tests, the journal and reports mean these by S1 or P3. The evidence of
a rule is that of the [contracts](contracts.md) in which the kit states it: where it has an A beside other letters, a
part of the rule is known and a detail is assumed. [What is known](../explanation/what-is-known.md) says more."""

_GROUPS = {
    "S": "Sessions",
    "C": "Campaigns",
    "P": "Paging",
    "A": "Appending",
    "X": "Closing",
    "T": "Status",
    "N": "One contact by phone number",
    "F": "Finding",
    "E": "Envelopes",
}


def page() -> str:
    """The text of the page; a KeyError where a rule has no contract or no group."""
    of_rules = contracts_of_rules()
    parts = []
    for letter, title in _GROUPS.items():
        rows = []
        for rule in (one for one in RULES if one[0] == letter):
            contracts = of_rules[rule]
            shown = ", ".join(f"{code(one.id)} {one.evidence}" for one in contracts)
            chosen = ", ".join(_choices_of(rule))
            rows.append([rule, plain(RULES[rule]), letters(contracts), shown, chosen])
        parts += [f"## {title}", table(("Rule", "What it says", "Evidence", "Contracts", "Choices"), rows)]
    left = [one for one in RULES if one[0] not in _GROUPS]
    if left:
        raise KeyError(f"docs/generator/rules.py has no group for {', '.join(left)}")
    return whole("Rules", _LEAD, legend(), *parts)


def _choices_of(rule: str) -> list[str]:
    """The choices that belong to a rule; those of the numbers of statuses as one."""
    names = []
    for one in choices():
        if rule in one.rules.split():
            kind, is_status, _ = one.name.partition("_status_id_")
            names.append(code(f"{kind}_status_id_*" if is_status else one.name))
    return list(dict.fromkeys(names))
