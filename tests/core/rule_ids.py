"""The ids that rules have."""

from rules import RULES

RULE_IDS = frozenset(RULES)
