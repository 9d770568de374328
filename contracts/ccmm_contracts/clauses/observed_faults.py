"""How a server words its refusals, where it has no choice but to refuse."""

from __future__ import annotations

from ..answer import Answer, Fault
from ..clause import Need, observation
from ..domain import Contact, PhoneNumber
from ..observing import log_in, observe_words, users_of
from ..stage import Stage
from ..wordings import asked
from .observed_sessions import NOBODIES

_NO_KEY = "AAAAAAAAAA__ccmm-contracts-nobody"
_NO_PASSWORD = "nobody has this one"  # noqa: S105 -- it is nobody's
_SEEN = "the text is seen in clients' logs"


@observation("S2.detail", "What a fault's detail says, and how a refused log-in is worded",
             source="sibling services send an Error element with a number",
             choices=("fault_detail", "invalid_login"))  # fmt: skip
def detail_of_faults(stage: Stage) -> None:
    def ask(username: str) -> Answer:
        return stage.call("OutboundLogin", username=username, password=_NO_PASSWORD)

    answer, words = asked("invalid_login", ask, *NOBODIES)
    if isinstance(answer, Fault) and answer.number is None:
        stage.observe("faults have no Error element with a number in their detail", fault_detail="plain")
    elif isinstance(answer, Fault):
        stage.observe(f"a fault's detail has an Error element with a number: {answer.number}", fault_detail="error")
    observe_words(stage, "a log-in of somebody unknown", answer, words)


@observation("S7.words", "How a key that is no session's is refused", source=_SEEN,
             choices=("invalid_session_key",))  # fmt: skip
def wording_of_a_wrong_key(stage: Stage) -> None:
    answer, words = asked("invalid_session_key", lambda: stage.call("GetCampaigns", session_key=_NO_KEY), {})
    observe_words(stage, "a call with a key that is nobody's", answer, words)


@observation("S4.words", "How the log-in of a user who is logged in is refused", source=_SEEN,
             choices=("already_logged_in",))  # fmt: skip
def wording_of_a_second_login(stage: Stage) -> None:
    users = users_of(stage)
    for one in users.values():
        stage.key(one)
    samples = [{"username": name} for name in users]
    answer, words = asked("already_logged_in", lambda username: log_in(stage, users[username]), *samples)
    observe_words(stage, "a log-in of a user who is logged in", answer, words)


@observation("A2.words", "How a contact without a skillset is refused", source="nothing says how",
             needs=(Need.WRITE,), choices=("skillset_required",))  # fmt: skip
def wording_of_no_skillset(stage: Stage) -> None:
    answer, words = asked("skillset_required", lambda: stage.append(Contact(skillset_id=0)), {})
    observe_words(stage, "an append of a contact without a skillset", answer, words)


@observation("F2.words", "How a search without a phone number is refused", source="nothing says how",
             choices=("phone_number_required",))  # fmt: skip
def wording_of_no_phone_number(stage: Stage) -> None:
    def ask() -> Answer:
        number = PhoneNumber("353", "91", "")
        where = stage.campaign_id
        return stage.call("FindContactsByPhoneNumber", campaign_id=where, phone_number=number, session_key=stage.key())

    answer, words = asked("phone_number_required", ask, {})
    observe_words(stage, "a search without a phone number", answer, words)


@observation("X2.words", "How a disposition code that is not the campaign's is refused", source="nothing says how",
             needs=(Need.WRITE,), choices=("disposition_code_not_linked",))  # fmt: skip
def wording_of_a_code_not_linked(stage: Stage) -> None:
    def ask(campaign_id: int, disposition_code: int) -> Answer:
        contact = stage.fresh_contact(campaign_id=campaign_id)
        return stage.close(
            campaign_id=campaign_id,
            contact_id=contact.contact_id,
            disposition_code=disposition_code,
            disposition_code_specified=True,
        )

    other = stage.campaign_id + 1 if stage.world is not None else stage.campaign_id
    samples = [{"disposition_code": 76543, "campaign_id": stage.campaign_id},
               {"disposition_code": 98761, "campaign_id": other}]  # fmt: skip
    answer, words = asked("disposition_code_not_linked", ask, *samples)
    observe_words(stage, "a closing with a disposition code that the campaign does not have", answer, words)
