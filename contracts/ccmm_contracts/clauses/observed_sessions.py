"""What a server does about log-ins and log-offs where no paper says what it should."""

from __future__ import annotations

from ..answer import Answer, Fault
from ..clause import Need, observation
from ..observing import log_in, observe_choice, observe_words, users_of
from ..stage import Stage
from ..wordings import asked, wording

NOBODIES = ({"username": "ccmm-contracts-nobody"}, {"username": "someone-unheard-of"})
"""Names that no administrator has."""


@observation("S5.unknown", "What becomes of a log-off of somebody who is not logged in",
             source="log-off needs no key and answers nothing",
             choices=("unknown_logoff", "not_logged_in"))  # fmt: skip
def log_off_of_nobody(stage: Stage) -> None:
    def ask(username: str) -> Answer:
        return stage.call("OutboundLogoff", username=username)

    answer, words = asked("not_logged_in", ask, *NOBODIES)
    what = "a log-off of somebody who is not logged in"
    observe_choice(stage, what, answer, words, "unknown_logoff", "ignore")


@observation("S8.login", "Whether a user whose session has expired can log in without logging off",
             source="clients are seen to log off and in again", needs=(Need.CLOCK, Need.SEED),
             choices=("login_on_expired", "session_expired", "login_on_expired_session"))  # fmt: skip
def login_on_an_expired_session(stage: Stage) -> None:
    users = users_of(stage)
    keys = [stage.key(one) for one in users.values()]
    for one in users.values():
        stage.expire(one)
    answer = stage.call("GetCampaigns", session_key=keys[0])
    words = wording("session_expired", (answer, {})) if isinstance(answer, Fault) else None
    observe_words(stage, "a call on an expired session", answer, words)
    samples = [{"username": name} for name in users]
    answer, words = asked("login_on_expired_session", lambda username: log_in(stage, users[username]), *samples)
    what = "a log-in of a user whose session has expired"
    observe_choice(stage, what, answer, words, "login_on_expired", "replace")
