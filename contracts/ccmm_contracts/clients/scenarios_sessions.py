"""Logging in and off, and sessions that end before the work does (rules K8, K9, K10 and K15)."""

from __future__ import annotations

from typing import Any

from ..answer import Returned
from ..errors import NotPossibleHere, SetUpBroken
from .fillings import fillings, row, to_append
from .scenario import scenario
from .scenarios_paging import PAGE, check_contacts, guard
from .scene import Scene

LOG_IN, LOG_OFF = "OutboundLogin", "OutboundLogoff"
APPEND = "AppendContactsToCampaign"
_MOST_LOG_INS = 3
_MOST_CALLS = 12


@scenario("K8", needs=("log_in",), deep_examples=3)
def reports_who_is_logged_in_already(scene: Scene) -> None:
    """Log in while somebody else is logged in under the same name, and end."""
    filling = scene.draw(fillings(2))
    scene.open(filling, log_in=False)
    key = _log_somebody_in(scene)
    said = scene.ask("log_in")
    words = f"An Application administrator with user ID {scene.user.name} is already logged in"
    if scene.check("K8", said.failed, f"somebody else is logged in under this name, and the client {said.told}"):
        told = str(said.error)
        scene.check(
            "K8",
            (said.error is not None and said.error.kind == "already-logged-in") or words in told,
            f"somebody else is logged in under this name, and the client does not say so: it {said.told}",
        )
    scene.ask("end")
    logged_off = len(scene.calls(LOG_OFF))
    lives = isinstance(scene.call("GetCampaigns", session_key=key), Returned)
    scene.check(
        "K8",
        lives and not logged_off,
        f"the client logged {scene.user.name} off {logged_off} times, though somebody else had opened that session and "
        "nobody had told the client to take it over",
    )


@scenario("K8", needs=("log_in",), deep_examples=3)
def takes_over_when_told(scene: Scene) -> None:
    """Log in while somebody else is logged in under the same name, having been told to take over."""
    filling = scene.draw(fillings(2))
    scene.open(filling, take_over=True, log_in=False)
    _log_somebody_in(scene)
    said = scene.ask("log_in")
    done = [(one["operation"], one["outcome"]) for one in scene.calls(LOG_IN, LOG_OFF)]
    scene.check(
        "K8",
        not said.failed and done[-2:] == [(LOG_OFF, "ok"), (LOG_IN, "ok")],
        f"the client had been told to take the session over: to log {scene.user.name} off and in again; it {said.told}",
    )
    scene.ask("end")
    open_sessions = scene.center.sessions()
    scene.check("K8", not open_sessions, "the session that the client took over is still open when the job is over")


@scenario("K9", "K10", needs=("fetch_contacts",), cases=("K9", "K10"), examples=2, deep_examples=5)
def reads_on_after_a_new_log_in(scene: Scene) -> None:
    """Read a campaign while the session ends once, between the pages."""
    filling = scene.draw(fillings(401))
    main = filling.main
    expires: dict[str, Any] = {"when": {"operation": PAGE}, "nth": 2, "do": {"kind": "expire-session"}}
    logged_off = {"kind": "log-off", "username": scene.user.name}
    scene.open(
        filling,
        faults=[guard(PAGE, _MOST_CALLS), *([expires] if scene.case == "K9" else [])],
        timeline=[] if scene.case == "K9" else [{"calls": 1, "when": {"operation": PAGE}, "do": logged_off}],
    )
    said = scene.ask("fetch_contacts", campaign_id=main.campaign_id)
    _need_ended(scene)
    check_contacts(scene, scene.case, said, main.ids)
    _check_one_new_log_in(scene)


@scenario("K9", "K10", needs=("append_contacts",), cases=("K9", "K10"), deep_examples=3)
def appends_after_a_new_log_in(scene: Scene) -> None:
    """Append a contact with a session that has just ended."""
    filling = scene.draw(fillings(2))
    main = filling.main
    scene.open(filling)
    if scene.offers("list_campaigns"):
        scene.ask("list_campaigns")
    if not scene.center.sessions():
        raise NotPossibleHere("the client opens its session only when it appends")
    if scene.case == "K9":
        scene.center.expire(scene.user.name)
    else:
        scene.center.end_session(scene.user.name)
    contact = to_append(row(0, 100).contact)
    said = scene.ask("append_contacts", campaign_id=main.campaign_id, contacts=[contact])
    _need_ended(scene)
    copies = len(scene.center.contacts(main.campaign_id)) - len(main.ids)
    scene.check(
        scene.case,
        not said.failed and copies == 1,
        f"{_ENDED[scene.case]}, so a new log-in was due, and then the append; the contact is there {copies} times, and "
        f"the client {said.told}",
    )
    _check_one_new_log_in(scene)


@scenario("K9", "K10", needs=("fetch_contacts",), cases=("K9", "K10"), deep_examples=2)
def gives_up_when_sessions_keep_ending(scene: Scene) -> None:
    """Read a campaign while every session ends at once."""
    filling = scene.draw(fillings(3))
    ends = {"kind": "expire-session" if scene.case == "K9" else "reject-key"}
    scene.open(filling, faults=[guard(PAGE, _MOST_CALLS), {"when": {"operation": PAGE}, "do": ends}])
    said = scene.ask("fetch_contacts", campaign_id=filling.main.campaign_id)
    _need_ended(scene)
    scene.check(scene.case, said.failed, f"no page could be read, and the client {said.told}")
    log_ins = _log_ins(scene)
    scene.check(
        scene.case,
        log_ins <= _MOST_LOG_INS and len(scene.calls(PAGE)) <= _MOST_CALLS,
        f"{_ENDED[scene.case]} at every call, and the client logged in {log_ins} times and called {PAGE} "
        f"{len(scene.calls(PAGE))} times before it gave up; one new log-in is enough",
    )


@scenario(
    "K15", needs=("fetch_contacts",), cases=("soap-fault", "http-error", "truncate", "reject-key", "expire-session")
)
def logs_off_after_an_error(scene: Scene) -> None:
    """Log off at the end, after reading a campaign has failed."""
    filling = scene.draw(fillings(3))
    do = {"kind": scene.case, **({"text": "Out of order"} if scene.case == "soap-fault" else {})}
    scene.open(filling, faults=[guard(PAGE, _MOST_CALLS), {"when": {"operation": PAGE}, "do": do}])
    scene.ask("fetch_contacts", campaign_id=filling.main.campaign_id)


@scenario("K15", needs=("log_in",))
def logs_off_without_having_worked(scene: Scene) -> None:
    """Log off at the end, when nothing was done but logging in."""
    scene.open(scene.draw(fillings(1)))


@scenario("K15", needs=("close_contact",))
def logs_off_after_a_refusal(scene: Scene) -> None:
    """Log off at the end, after a contact that the campaign does not have could not be closed."""
    filling = scene.draw(fillings(2))
    scene.open(filling)
    contact_id = max(filling.main.ids) + 1
    scene.ask("close_contact", campaign_id=filling.main.campaign_id, contact_id=contact_id, text=None, disposition=None)


@scenario("K15", needs=("log_in", "log_off"))
def logs_off_when_told(scene: Scene) -> None:
    """Log off when told to, and be done with it."""
    scene.open(scene.draw(fillings(1)))
    said = scene.ask("log_off")
    scene.check("K15", not scene.center.sessions(), f"the session is still open, though the client {said.told}")


_ENDED = {"K9": "the session had expired", "K10": "the session key was rejected"}


def _log_somebody_in(scene: Scene) -> str:
    answer = scene.call(LOG_IN, username=scene.user.name, password=scene.user.password)
    if not isinstance(answer, Returned):
        raise SetUpBroken(f"the mock refused the kit's own log-in: {answer}")
    return str(answer.value)


def _need_ended(scene: Scene) -> None:
    """Go on only where the client was told that its session has ended."""
    if not any(one["refusal"] in ("session_expired", "invalid_session_key") for one in scene.calls()):
        raise NotPossibleHere("the client did not call again after its session had ended")


def _log_ins(scene: Scene) -> int:
    return sum(one["outcome"] == "ok" for one in scene.calls(LOG_IN))


def _check_one_new_log_in(scene: Scene) -> None:
    log_ins = _log_ins(scene)
    scene.check(
        scene.case,
        log_ins == 2,
        f"{_ENDED[scene.case]} once, so the client should have logged in once again; it logged in {log_ins} times",
    )
