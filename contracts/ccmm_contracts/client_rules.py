"""What a client of the services must do: the contracts of clients, whether driven by the kit or judged by a journal."""

from __future__ import annotations

from .report import Contract

GROUP = "client"
"""The group of these contracts in reports."""

_OVERVIEW = "vendor SDK overview"
_WSDL = "WSDL documentation"
_SEEN = "seen in a real client"


def _rule(rule_id: str, sentence: str, evidence: str, *sources: str) -> Contract:
    return Contract(rule_id, rule_id, sentence, evidence, "; ".join(sources), group=GROUP)


KRULES: dict[str, Contract] = {
    one.id: one
    for one in (
        _rule("K1", "Paging starts with LastContactID 0 and goes on with the last id received", "D", _OVERVIEW),
        _rule(
            "K2",
            "Paging stops at the end, not before: when the campaign's NumberOfContacts have come, or a page is short",
            "D",
            _OVERVIEW,
        ),
        _rule("K3", "Paging misses no contact and asks for no page twice", "D", _OVERVIEW),
        _rule("K4", "At least a second lies between two appends", "DW", _OVERVIEW, _WSDL),
        _rule("K5", "At least a second lies between two closings", "W", _WSDL),
        _rule(
            "K6",
            "A client stops working on a campaign that is no longer active, at the latest two calls after it was told",
            "D",
            _OVERVIEW,
        ),
        _rule("K7", "-1 is taken as 'not found', and never used as a contact's id", "D", _OVERVIEW),
        _rule(
            "K8",
            "A user who is already logged in is reported, and that session is not silently taken over",
            "DO",
            _OVERVIEW,
            _SEEN,
        ),
        _rule("K9", "An expired session leads to one new log-in and the call again, not to a loop", "O", _SEEN),
        _rule(
            "K10", "A rejected session key leads to one new log-in and the call again, not to a loop", "D", _OVERVIEW
        ),
        _rule(
            "K11",
            "A fault surfaces as an error with the server's words",
            "DO",
            _OVERVIEW,
            "seen in logs of the product family's services",
        ),
        _rule(
            "K12",
            "An append whose answer was lost is not blindly sent again",
            "D",
            f"{_OVERVIEW}: appends are not checked for duplicates",
        ),
        _rule("K13", "Only disposition codes that are linked to the campaign are used", "D", _OVERVIEW),
        _rule(
            "K14",
            "The flags agree with the way that was chosen: by id, by custom field, with a code",
            "DW",
            _OVERVIEW,
            "WSDL",
        ),
        _rule("K15", "Every session that was opened is logged off, also after errors", "D", _OVERVIEW),
        _rule("K16", "Names in any script arrive whole", "W", "WSDL: texts are xsd:string"),
        _rule(
            "K17",
            "Elements in an answer that the client does not know are passed over",
            "O",
            "two revisions of the services seen in the field",
        ),
        _rule("K18", "Every call is one that the WSDL describes", "W", "WSDL"),
    )
}
"""The rules of clients by id, in the order of reports."""

DRIVEN_ONLY = frozenset({"K3", "K11", "K16", "K17"})
"""Rules about what a client hands to its caller: a journal alone can show at most a part of these."""
