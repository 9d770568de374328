"""Whole journals: every rule at once, and what is no journal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ccmm_contracts.client_rules import DRIVEN_ONLY, KRULES
from ccmm_contracts.domain import Contact, CustomField
from ccmm_contracts.errors import SetUpBroken
from ccmm_contracts.judge import judge_exchanges, load_journal
from ccmm_contracts.report import Outcome
from ccmm_contracts.worlds import MAIN

from .journals import ANN, BEN, Application, Written


def outcomes(exchanges: list[dict[str, Any]], **options: Any) -> dict[str, Outcome]:
    return {one.contract.id: one.outcome for one in judge_exchanges(exchanges, **options)}


def test_an_empty_journal_says_nothing_of_any_rule() -> None:
    results = judge_exchanges([])
    assert [one.contract.id for one in results] == [f"K{number}" for number in range(1, 19)]
    assert {one.outcome for one in results} == {Outcome.SKIPPED}
    assert all(one.reason for one in results)


def test_the_rules_of_clients_have_evidence_and_a_source() -> None:
    assert [one.id for one in KRULES.values()] == list(KRULES)
    assert all(one.source and one.sentence and set(one.evidence) <= set("DWOA") for one in KRULES.values())
    assert KRULES.keys() >= DRIVEN_ONLY


def work(application: Application, user: Any) -> None:
    """What a well-behaved client may meet in a day: all of it in one session after another."""
    key = application.log_in(user)
    application.campaigns(key)
    last = application.page(key, 0)
    while last > 0:
        last = application.page(key, last)
    for name in ("Ada", "太郎", "O'Neil & <Co>"):
        application.append(
            key, Contact(first_name=name, skillset_id=10032, custom_fields=(CustomField("Account", name),))
        )
        application.wait()
    application.status(key, contact_id=1)
    application.close(key, contact_id=1, disposition_code=11, disposition_code_specified=True, closure_text="Sold")
    application.wait()
    application.close(key, custom_field_specified=True, custom_field_name="Account", custom_field_value="Ada")
    application.mock.expire(user.name)
    application.status(key, contact_id=2)
    application.log_off(user)
    key = application.log_in(user)
    application.status(key, contact_id=2)
    application.page(key, 0, campaign_id=102)
    application.strike("AppendContactsToCampaign", {"kind": "reset"})
    application.append(key, Contact(first_name="Lost", skillset_id=10032))
    application.wait()
    application.page(key, 0)
    application.append(key, Contact(first_name="Lost", skillset_id=10032))
    application.mock.put_faults([])
    application.wait()
    application.log_off(user)


def test_a_well_behaved_client_is_never_blamed(application: Application) -> None:
    work(application, ANN)
    work(application, BEN)
    found = outcomes(application.journal(), responses=application.mock.response_bytes)
    assert not [one for one, outcome in found.items() if outcome is Outcome.BROKEN]
    held = {one for one, outcome in found.items() if outcome is Outcome.HOLDS}
    assert held == set(KRULES) - {"K7", "K8", "K10", "K11", "K16", "K17"}


def test_two_well_behaved_clients_at_the_same_time_are_never_blamed(application: Application) -> None:
    work(application, ANN)
    between = len(application.journal())
    work(application, BEN)
    journal = application.journal()
    first, second = journal[:between], journal[between:]
    woven = [one for pair in zip(first, second, strict=True) for one in pair]
    renumbered = [{**one, "number": number} for number, one in enumerate(woven, 1)]
    assert Outcome.BROKEN not in outcomes(renumbered).values()


def test_exchanges_may_come_in_any_order_and_rules_can_be_picked() -> None:
    journal = Written().log_in().page(0, 3).page(7, 0).log_off().exchanges
    [one] = judge_exchanges(reversed(journal), rules={"K1"})
    assert one.finding is not None
    assert one.finding.message.startswith("exchanges 2 and 3: the page after 3")


def test_a_long_story_is_cut_and_a_secret_is_in_none() -> None:
    journal = Written().log_in(arguments={"username": "ann", "password": "pa55"})
    for number in range(40):
        journal.append(
            arguments={"campaign_id": MAIN, "session_key": "k3y", "contact": {"first_name": "x" * 300}}, at=1
        )
        journal.close(number + 1, refusal="inactive_campaign", result=None)
    results = {one.contract.id: one for one in judge_exchanges(journal.exchanges)}
    finding = results["K4"].finding
    assert finding is not None
    assert "(and 38 more)" in finding.message
    assert finding.story[-1] == "... and 36 more"
    assert max(map(len, finding.story)) < 400
    assert "pa55" not in str(results)
    assert "k3y" not in str(results)


def test_a_story_of_many_calls_has_its_start_and_its_end() -> None:
    journal = Written().log_in()
    for contact_id in range(1, 13):
        journal.close(contact_id, refusal="inactive_campaign", result=None)
    [one] = judge_exchanges(journal.exchanges, rules=["K6"])
    assert one.finding is not None
    assert one.finding.message.startswith("exchanges 2 to 13: after it was told that campaign 101 is inactive")
    assert [line.partition(" ")[0] for line in one.finding.story] == [
        "2.",
        "3.",
        "4.",
        "5.",
        "...",
        "10.",
        "11.",
        "12.",
        "13.",
    ]


def test_texts_of_a_client_do_not_reach_the_terminal_raw() -> None:
    journal = Written().log_in(user="\x1b[2Jann").page(0, 3, user="\x1b[2Jann").page(9, 0, user="\x1b[2Jann").exchanges
    assert "\x1b" not in str([one.finding.story for one in judge_exchanges(journal) if one.finding])


def test_many_exchanges_are_judged_in_no_time() -> None:
    journal = Written()
    for number in range(3000):
        session = f"s{number}"
        journal.log_in(session, at=number * 10.0).page(0, 200, session=session).page(200, 5, session=session).log_off()
    assert Outcome.BROKEN not in outcomes(journal.exchanges).values()


# --- files ------------------------------------------------------------------------------------------------------------

EXCHANGES = Written().log_in().page(0, 3, arguments={"campaign_id": 1, "last_contact_id": 0, "x": "a\u2028b"}).exchanges


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(EXCHANGES),
        json.dumps({"total": 2, "dropped": 0, "exchanges": EXCHANGES}, indent=2, ensure_ascii=False),
        "\n".join(json.dumps(one, ensure_ascii=False) for one in EXCHANGES),
        "\r\n".join(json.dumps(one) for one in EXCHANGES) + "\r\n\r\n",
        "\ufeff" + json.dumps(EXCHANGES),
    ],
    ids=["array", "object", "lines", "lines of Windows", "byte order mark"],
)
def test_a_journal_is_read_in_every_form(tmp_path: Path, text: str) -> None:
    file = tmp_path / "journal.json"
    file.write_bytes(text.encode())
    assert load_journal(file) == EXCHANGES
    assert load_journal(str(file)) == EXCHANGES


def test_one_line_and_none_are_journals_too(tmp_path: Path) -> None:
    file = tmp_path / "journal.json"
    file.write_text(json.dumps(EXCHANGES[0]))
    assert load_journal(file) == EXCHANGES[:1]
    file.write_text('{"exchanges": []}')
    assert load_journal(file) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty; save one with 'fake-ccmm journal --json > FILE'"),
        (b" \n ", "is empty"),
        (b"\xff\xfe", r"is no text in UTF-8 \(byte 0\)"),
        (b"nonsense", "is no JSON: Expecting value: line 1 column 1"),
        (b'[{"number": 1,', "is no JSON"),
        (b'{"number": 1, "operation": null}\n{"number": 2', "line 2 is no JSON"),
        (b'{"number": 1, "operation": null}\n3', "line 2 is no exchange of a journal"),
        (b"7", "is no list of exchanges"),
        (b'{"exchanges": 7}', "is no list of exchanges"),
        (b"[7]", "exchange 1 is no exchange of a journal"),
        (
            b'[{"number": 1, "operation": null}]',
            r"journal\.json: entry 1 of the journal is no exchange: it has to have",
        ),
        (b'[{"number": 1}]', "exchange 1 is no exchange of a journal"),
        (b"[" * 100_000, "is (nested too deeply|no JSON)"),
    ],
)
def test_a_file_that_is_no_journal_is_refused_with_a_word_on_why(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "journal.json"
    file.write_bytes(content)
    with pytest.raises(SetUpBroken, match=message):
        load_journal(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetUpBroken, match="cannot be read: No such file"):
        load_journal(tmp_path / "nowhere.json")
    with pytest.raises(SetUpBroken, match="cannot be read"):
        load_journal(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"number": "1"}, "has the number '1', which is none"),
        ({"number": True}, "which is none"),
        ({"operation": "Login"}, "of the operation 'Login'; there are OutboundLogin"),
        ({"operation": ["x"]}, "of the operation"),
        ({"outcome": "fine"}, "has the outcome 'fine'; there are ok, refused"),
        ({"arguments": []}, "has no mapping of arguments"),
        ({"user": 7}, "has 7 as its user, where a text belongs"),
        ({"center_time": "yesterday"}, "has the time 'yesterday'"),
        ({"real_time": 3}, "has the time 3"),
        ({"number": 2}, "two exchanges of the journal have the number 2"),
    ],
)
def test_what_is_no_exchange_is_refused_with_a_word_on_why(change: dict[str, Any], message: str) -> None:
    first, second = EXCHANGES
    with pytest.raises(SetUpBroken, match=message):
        judge_exchanges([{**first, **change}, second])


def test_what_has_no_outcome_is_no_exchange() -> None:
    with pytest.raises(SetUpBroken, match="entry 1 of the journal is no exchange: it has to have number, operation"):
        judge_exchanges([{"number": 1}])


def test_odd_values_in_arguments_end_no_judgement() -> None:
    odd_values: tuple[Any, ...] = (None, "x", [], {}, -1, 1.5, True)
    for odd in odd_values:
        names = ("campaign_id", "contact_id", "last_contact_id", "contact", "disposition_code", "custom_field_name")
        given: dict[str, Any] = {"arguments": dict.fromkeys(names, odd), "result": odd}
        journal = Written().log_in().page(0, 3, **given).append(**given).close(**given)
        journal.add("GetContactStatus", **given).campaigns(result=odd).page(5, 1, refusal="inactive_campaign", **given)
        judge_exchanges(journal.exchanges)
