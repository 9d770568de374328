"""Reports as runs make them: a usual one, a long one, one of hostile texts, an empty one, one of a broken set-up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ccmm_contracts.report import Contract, Finding, Observation, Outcome, Report, Result, ShownExchange

from ...rules import RULES

TARGET = "http://ccmm.example.com/ccmmoutboundwebservices"
STARTED = "2030-06-03T09:00:00Z"

_GROUPS = {
    "S": "session",
    "C": "campaigns",
    "P": "paging",
    "A": "appending",
    "X": "closing",
    "T": "finding",
    "N": "finding",
    "F": "finding",
    "E": "envelope",
}

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><script>alert(1)</script>",
    "</pre></code></details><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "]]></system-out><!-- &lt;script&gt; &#60;script&#62; ${7*7} {{7*7}}",
    "\x1b[2J\x1b]0;owned\x07\r\b\x00\x9b31m",
    "lone \ud800 surrogate, \ufffe, \uffff and \U0001fffe",
    "right \u202eto left\u2066, \u2028 and \u200b",
    "Überfällige Rechnungen 顧客 🙂 ∅",
    "one\ntwo\r\nthree\rfour\tfive",
)
"""Texts as a server could send them to harm whoever reads a report."""


def contract(contract_id: str, sentence: str = "", **more: Any) -> Contract:
    """A contract of a rule of the table."""
    rule = contract_id.partition(".")[0]
    known = {"evidence": "D", "source": "vendor SDK overview", "group": _GROUPS.get(rule[:1], "")} | more
    return Contract(contract_id, rule, sentence or RULES.get(rule, contract_id), **known)


def held(contract_id: str, sentence: str = "", **more: Any) -> Result:
    """A contract that holds."""
    return Result(contract(contract_id, sentence, **more), Outcome.HOLDS, examples=20, calls=60, seconds=0.2)


_TOO_SOON = "AppendContacts is callable once every 1 second"

FINDING = Finding(
    "ann appended a contact 0.2 s after the last one and it was added: expected a refusal.",
    (
        "the world: campaign 101 'Main' (Running) with 3 contacts; ann may log in",
        "ann: OutboundLogin('ann') -> <key of ann>",
        "ann: AppendContactsToCampaign(campaign 101, Contact(first_name='0', skillset_id=10032)) -> 1",
        "the clock moves 0.2 s",
        "ann: AppendContactsToCampaign(campaign 101, Contact(first_name='0', skillset_id=10032)) -> 1",
    ),
    tuple(
        ShownExchange(
            number,
            told,
            "POST /ccmmoutboundwebservices/OutboundCampaignWS.asmx HTTP/1.1\r\n"
            "Content-Type: text/xml; charset=utf-8\r\n"
            'SOAPAction: "http://nortel.com/CCMMOutboundWebservices/AppendContactsToCampaign"\r\n\r\n'
            '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">'
            '<soap:Body><AppendContactsToCampaign xmlns="http://nortel.com/CCMMOutboundWebservices/"><campaignID>101'
            "</campaignID><contact><FirstName>0</FirstName><SkillsetID>10032</SkillsetID></contact><sessionKey>&lt;key "
            "of ann&gt;</sessionKey></AppendContactsToCampaign></soap:Body></soap:Envelope>",
            "HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\n\r\n<?xml version='1.0' encoding='utf-8'?>...",
        )
        for number, told in (
            (1, "ann: OutboundLogin('ann') -> <key of ann>"),
            (2, "ann: AppendContactsToCampaign(campaign 101, Contact(first_name='0', skillset_id=10032)) -> 1"),
            (3, "ann: AppendContactsToCampaign(campaign 101, Contact(first_name='0', skillset_id=10032)) -> 1"),
        )
    ),
    (
        f"curl -sS '{TARGET}/OutboundCampaignWS.asmx' -H 'Content-Type: text/xml; charset=utf-8' "
        "-H 'SOAPAction: \"http://nortel.com/CCMMOutboundWebservices/AppendContactsToCampaign\"' "
        '--data-binary "<soap:Envelope>...<sessionKey>$KEY</sessionKey>...</soap:Envelope>"',
        f"curl -sS '{TARGET}/OutboundUtilityWS.asmx' --data-binary '<OutboundLogoff><username>ann</username>'",
    ),
    "ccmm-contracts/replay/A4.refused.json",
)


def usual_report() -> Report:
    """Some of everything: what a first run against a server may bring."""
    results = [held(one, evidence="DW" if one[0] in "CE" else "D") for one in RULES if one not in ("A4", "X5", "S8")]
    results += [
        Result(
            contract(
                "A4.refused",
                "An append within a second of the last is refused",
                evidence="DW",
                source="vendor SDK overview; WSDL documentation",
            ),
            Outcome.BROKEN,
            finding=FINDING,
            examples=20,
            calls=84,
            seconds=1.6,
        ),
        held("A4.later", "An append a second after the last is not refused for coming too soon", evidence="DW"),
        _observed(
            "A4.how",
            "How an append that comes too soon is answered",
            Observation(
                f"too fast: fault 2899 '{_TOO_SOON}'",
                {"limit_answer": "fault", "too_fast.number": 2899, "too_fast.text": _TOO_SOON},
            ),
            Observation("a second user is not held up by the first", {"limit_scope": "session"}),
        ),
        _observed(
            "X5.how",
            "How a closing that comes too soon is answered",
            Observation("too fast: -1 is returned", {"limit_answer": "return", "limit_return_value": -1}),
        ),
        _observed(
            "A6.unknown",
            "What becomes of a custom field that the campaign lacks",
            Observation("it is dropped", {"unknown_custom_field": "ignore"}),
        ),
        _observed("C2.dates", "How dates are written", Observation("local time, no offset")),
        Result(
            contract("X4.status", "After CloseContact GetContactStatus names the status Closed"),
            Outcome.BROKEN,
            finding=Finding(
                "contact 7 of campaign 101 was closed, and GetContactStatus says 'Processed'.",
                (
                    "ann: CloseContact(campaign 101, contact 7, text 'done') -> 1",
                    "ann: GetContactStatus(campaign 101, contact 7) -> Status(4, 'Processed')",
                ),
            ),
            calls=12,
            seconds=0.4,
        ),
        Result(
            contract("P3.closed", "The pages hold closed contacts too"),
            Outcome.STALE,
            "ticket CC-1042: closed contacts are left out until release 7.1",
            seconds=0.3,
        ),
        Result(
            contract("P5.controls", "Tabs and line feeds come back as they went in", evidence="WO"),
            Outcome.KNOWN,
            "ticket CC-77: the vendor trims trailing blanks; we do not send any",
            Finding("FirstName went in as 'Ann ' and came back as 'Ann'."),
        ),
        Result(
            contract("S4", "A second log-in by another user"), Outcome.SKIPPED, "needs a second user: --second-user"
        ),
        Result(contract("S6.other"), Outcome.SKIPPED, "needs a second user: --second-user"),
        Result(contract("S8", evidence="OA"), Outcome.SKIPPED, "needs a clock that can be moved: only mocks have one"),
    ]
    return Report(
        "server", TARGET, STARTED, 12.34, 4242,
        ("Answers as ASP.NET 4.0.30319 on Microsoft-IIS/8.5; not a mock, so nothing was written outside campaign 101.",
         "Its WSDL of OutboundContactWS is revision priority, and differs: DispositionCode lacks SaveAgentScript."),
        tuple(results), "", ("contacts 812, 813 and 814 in campaign 101 (closed, but no operation deletes them)",),
        "0.4.0",
    )  # fmt: skip


def long_report(count: int = 400) -> Report:
    """Several hundred contracts in every outcome, with a story of hundreds of steps and a very long page."""
    outcomes = list(Outcome)
    outcomes.remove(Outcome.SETUP)
    story = tuple(f"ann: AppendContactsToCampaign(campaign 101, contact {number}) -> 1" for number in range(401))
    page = "<OWContact>" + "<FirstName>Überfällig</FirstName>" * 20_000
    finding = replace(FINDING, story=story, exchanges=(ShownExchange(1, "a long page", "GET", page),))
    rules = list(RULES)
    results = []
    for number in range(count):
        outcome = outcomes[number % len(outcomes)] if number % 5 == 0 else Outcome.HOLDS
        one = contract(f"{rules[number % len(rules)]}.case{number}", f"Case {number}: a sentence of usual length")
        is_bad = outcome in (Outcome.BROKEN, Outcome.KNOWN)
        seen = (Observation(f"seen {number}", {f"choice_{number}": number}),) if outcome is Outcome.OBSERVED else ()
        results.append(Result(one, outcome, "a reason", finding if is_bad else None, seen, seconds=0.01))
    return replace(usual_report(), results=tuple(results), seconds=754.0)


def hostile_report(text: str) -> Report:
    """``text`` in every field that holds text."""
    finding = Finding(text, (text, text), (ShownExchange(1, text, text, text),), (text,), text)
    one = Contract(text, text, text, text, text, text, (text,), text)
    seen = (Observation(text, {text: text, "other": {text: [text]}}),)
    results = tuple(Result(replace(one, id=f"{number}{text}"), outcome, text, finding, seen)
                    for number, outcome in enumerate(Outcome))  # fmt: skip
    return Report(text, text, text, 1.0, 1, (text,), results, text, (text,), text)


def empty_report() -> Report:
    """Nothing was asked for."""
    return Report("server", TARGET, STARTED, version="0.4.0")


def set_up_report() -> Report:
    """Nothing could be tried."""
    return Report(
        "server", TARGET, STARTED, 10.0, 4242, version="0.4.0",
        set_up="no answer from ccmm.example.com within 10.0 s: is the URL right?\nTry it with curl first.",
    )  # fmt: skip


def _observed(contract_id: str, sentence: str, *seen: Observation) -> Result:
    return Result(contract(contract_id, sentence, evidence="A", severity="observes"), Outcome.OBSERVED,
                  observations=seen, examples=1, calls=6, seconds=0.1)  # fmt: skip
