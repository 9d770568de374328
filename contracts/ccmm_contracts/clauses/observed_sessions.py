"""What a server does about sessions where no paper says what it should: faults, log-offs, time-outs."""

from __future__ import annotations

from ..answer import Answer, Fault, Returned
from ..clause import Need, observation
from ..domain import User
from ..errors import NotPossibleHere
from ..pacing import LONGEST, MINUTE, SECOND, Kept, first_without, mock_of
from ..stage import Stage, shown
from ..wordings import Sample, asked, wording

NOBODY = "ccmm-contracts-nobody"
NO_ONE = "someone-unheard-of"
"""Names that no administrator has."""

_NO_KEY = "AAAAAAAAAA__ccmm-contracts-nobody"
_LONGEST = LONGEST * MINUTE


def _log_in(stage: Stage, user: User) -> Answer:
    return stage.call("OutboundLogin", username=user.name, password=user.password)


def _users(stage: Stage) -> list[User]:
    return [one for one in (stage.user, stage.second_user) if one is not None]


def _named(users: list[User]) -> list[Sample]:
    return [{"username": one.name} for one in users]


@observation("S2.detail", "What a fault's detail says, and how a refused log-in is worded",
             source="sibling services send an Error element with a number", choices=("fault_detail", "invalid_login"))  # fmt: skip
def detail_of_faults(stage: Stage) -> None:
    def ask(username: str) -> Answer:
        return stage.call("OutboundLogin", username=username, password="not a password")

    answer, words = asked(ask, {"username": NOBODY}, {"username": NO_ONE})
    if not isinstance(answer, Fault) or words is None:
        stage.observe(f"a log-in of somebody unknown: {shown(answer)}")
        return
    if answer.number is None:
        stage.observe("faults have no Error element with a number in their detail", fault_detail="plain")
    else:
        stage.observe(f"a fault's detail has an Error element: number {answer.number}", fault_detail="error")
    stage.observe(f"a log-in of somebody unknown: {shown(answer)}", invalid_login=words)


@observation("S7.words", "How a key that is no session's is refused", source="the text is seen in clients' logs",
             choices=("invalid_session_key",))  # fmt: skip
def wording_of_a_wrong_key(stage: Stage) -> None:
    answer, words = asked(lambda: stage.call("GetCampaigns", session_key=_NO_KEY), {})
    _observe_words(stage, "a call with a key that is nobody's", answer, "invalid_session_key", words)


@observation("S4.words", "How the log-in of a user who is logged in is refused",
             source="the text is seen in clients' logs", choices=("already_logged_in",))  # fmt: skip
def wording_of_a_second_login(stage: Stage) -> None:
    users = _users(stage)
    by_name = {one.name: one for one in users}
    for one in users:
        stage.key(one)
    answer, words = asked(lambda username: _log_in(stage, by_name[username]), *_named(users))
    _observe_words(stage, "a log-in of a user who is logged in", answer, "already_logged_in", words)


@observation("S5.unknown", "What becomes of a log-off of somebody who is not logged in",
             source="log-off needs no key and answers nothing", choices=("unknown_logoff", "not_logged_in"))  # fmt: skip
def log_off_of_nobody(stage: Stage) -> None:
    def ask(username: str) -> Answer:
        return stage.call("OutboundLogoff", username=username)

    answer, words = asked(ask, {"username": NOBODY}, {"username": NO_ONE})
    told = f"a log-off of somebody who is not logged in: {shown(answer)}"
    if words is not None:
        stage.observe(told, unknown_logoff="fault", not_logged_in=words)
    elif isinstance(answer, Returned):
        stage.observe(told, unknown_logoff="ignore")
    else:
        stage.observe(told)


@observation("S8.timeout", "After how long an idle session expires", source="nothing says how long",
             choices=("session_timeout",), needs=(Need.CLOCK, Need.SEED))  # fmt: skip
def timeout_of_sessions(stage: Stage) -> None:
    mock = mock_of(stage)
    key = stage.key()
    with Kept(stage) as kept:

        def is_alive(microseconds: int) -> bool:
            kept.back()
            mock.advance(microseconds / SECOND)
            return isinstance(stage.call("GetCampaigns", session_key=key), Returned)

        if not isinstance(stage.call("GetCampaigns", session_key=key), Returned):
            raise NotPossibleHere("needs a session that lives at least as long as the clock stands still")
        end = first_without(is_alive, _LONGEST)
    if end is None:
        stage.observe("a session that lies idle for a thousand years is still alive", session_timeout=0.0)
        return
    minutes = _minutes(end - 1)
    stage.observe(f"a session expires when it has been idle for more than {minutes:g} minutes", session_timeout=minutes)


def _minutes(microseconds: int) -> float:
    """The minutes with the fewest digits that are so many microseconds, when what is left over is dropped."""
    for digits in range(17):
        minutes = round(microseconds / MINUTE, digits)
        if minutes > 0 and int(minutes * MINUTE) == microseconds:
            return minutes
    return microseconds / MINUTE


@observation("S8.login", "Whether a user whose session has expired can log in without logging off",
             source="clients are seen to log off and in again", needs=(Need.CLOCK, Need.SEED),
             choices=("login_on_expired", "session_expired", "login_on_expired_session"))  # fmt: skip
def login_on_an_expired_session(stage: Stage) -> None:
    users = _users(stage)
    by_name = {one.name: one for one in users}
    keys = {one.name: stage.key(one) for one in users}
    for one in users:
        stage.expire(one)
    answer = stage.call("GetCampaigns", session_key=keys[stage.user.name])
    words = wording((answer, {})) if isinstance(answer, Fault) else None
    _observe_words(stage, "a call on an expired session", answer, "session_expired", words)
    answer, words = asked(lambda username: _log_in(stage, by_name[username]), *_named(users))
    told = f"a log-in of a user whose session has expired: {shown(answer)}"
    if words is not None:
        stage.observe(told, login_on_expired="fault", login_on_expired_session=words)
    elif isinstance(answer, Returned):
        stage.observe(told, login_on_expired="replace")
    else:
        stage.observe(told)
    for one in users:
        stage.log_off(one)


def _observe_words(stage: Stage, what: str, answer: Answer, refusal: str, words: dict[str, object] | None) -> None:
    stage.observe(f"{what}: {shown(answer)}", **({refusal: words} if words is not None else {}))
