"""Walks that Hypothesis makes up, over all ten operations: a state machine, and lists of steps.

The steps of :class:`~ccmm_contracts.walk.Walk` are drawn as plain data. On a mock every step is tried, time and the
status of campaigns included. Any other server is only read, and written to in its one campaign where that is allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from hypothesis.strategies import SearchStrategy

from . import generate
from .domain import Address, Campaign, Contact, CustomField, PhoneNumber, User
from .errors import ContractBroken, KitError
from .oracle import Oracle
from .walk import FORMER, LIVE, PRESENT, WRONG_LOGINS, Walk
from .worlds import (
    COMPLETED,
    MAIN,
    NO_ANSWER,
    NOT_LINKED,
    SALES,
    SERVICE,
    WRONG_NUMBER,
    World,
    WorldCampaign,
    WorldContact,
)

if TYPE_CHECKING:
    from .stage import Stage

Step = SearchStrategy[dict[str, Any]]

SMALL = "small"
LONG = "long"
WORLDS = (SMALL, SMALL, SMALL, LONG)
"""The worlds that walks are made in: mostly one with a few contacts, at times one with more than a page of them."""

_FIELDS = ("Account", "Segment")
_VALUES = ("A-1", "A-2", "", "gold & <silver>", "Zoë 太郎", " ")
_PHONES = ("5550100", "5550101", "30", "49")
_FAR_ID = 1 << 40
_HURRIES = st.sampled_from((False, False, True))
_LOOKS = st.sampled_from((True, True, False))
_SHAPES = (
    Contact(),
    Contact(contact_id=1, first_name="Ann", last_name="O'Neil"),
    Contact(campaign_name="", email_address="", first_name="", last_name="", title="", address=Address()),
    Contact(
        campaign_name="Another", title=" <b>&amp;</b> ]]>\t", preferred_agent_id=-1, preferred_agent_specified=True
    ),
    Contact(
        first_name="Zoe\u0308 👩\u200d👧", last_name="line\nline\r\nline\r", address=Address(line1=" ", country="日本")
    ),
    Contact(contact_id=-5, preferred_agent_id=4711, address=Address("1", "2", "3", "4", "5", "6", "7")),
)
"""What contacts that are appended have besides numbers, custom fields and a skillset."""


# --- worlds -----------------------------------------------------------------------------------------------------------


def world(name: str, users: tuple[User, ...], profile: Mapping[str, Any]) -> World:
    """The world of that name for these users; ``profile`` is what the mock is told to choose."""
    sizes = {SMALL: (7, 4, 0, 3, 2, 2), LONG: (201, 3, 0, 2, 1, 1)}[name]
    statuses = ("Running", "Waiting", "Paused", "Closed", "Completed", "Cancelled")
    codes = ((COMPLETED, NO_ANSWER), (WRONG_NUMBER,), (), (COMPLETED,), (COMPLETED,), (COMPLETED,))
    return World(
        users,
        tuple(
            WorldCampaign(
                MAIN + at,
                f"{status} & <co>",
                status,
                skillset=SALES if at % 2 == 0 else SERVICE,
                disposition_codes=codes[at],
                custom_field_names=_FIELDS,
                contacts=tuple(_contact(each, MAIN + at) for each in range(sizes[at])),
            )
            for at, status in enumerate(statuses)
        ),
        profile=profile,
    )


def _contact(at: int, campaign_id: int) -> WorldContact:
    """The contacts of a world share numbers and custom fields, so that searches find several."""
    fields = (CustomField("Account", _VALUES[at % 2]), CustomField("Segment", _VALUES[at % 5], at % 2 == 0))
    number = PhoneNumber((None, "49")[at % 2], ("", "30", None)[at % 3], _PHONES[at % 2])
    contact = Contact(
        first_name=("Zoë", "太郎", "Ann")[at % 3],
        last_name=f"of {campaign_id}, {at}",
        custom_fields=fields[: at % 3] or None,
        phone_number=None if at % 6 == 5 else number,
        skillset_id=SALES.skillset_id,
    )
    return WorldContact(contact, ("New", "Open", "Closed", "New", "Waiting")[at % 5])


def start_walk(stage: Stage, name: str = SMALL, *, patient: bool | None = None) -> Walk:
    """A new walk: in the world of that name where the center can be filled, else on the server as it is.

    On a server that is no mock its campaigns are read first, and the contacts of the one to work in; whoever the kit
    has logged in is logged off.
    """
    users = tuple(one for one in (stage.user, stage.second_user, stage.base_user) if one is not None)
    if stage.can_seed:
        filled = world(name, users, stage.world.profile if stage.world else {})
        stage.become(filled)
        return Walk(stage, Oracle(filled, stage.choices), patient=patient)
    campaigns = stage.campaigns()
    contacts = {stage.campaign_id: stage.contacts()} if campaigns else {}
    for one in (stage.user, stage.second_user):
        if one is not None:
            stage.log_off(one)
    return Walk(stage, Oracle.from_server(users, campaigns, contacts, stage.choices), patient=patient)


# --- steps ------------------------------------------------------------------------------------------------------------


def steps(walk: Walk) -> dict[str, Step]:
    """Strategies for the steps that this walk may take, by name; each draws one, for ``Walk.take(step, wrap=True)``."""
    stage = walk.stage
    seen = {number: one.seen for number, one in walk.oracle.memory.campaigns.items()}
    campaign_ids = tuple(seen) if stage.can_seed else (stage.campaign_id,)
    found = _reading(walk, campaign_ids)
    if stage.can_write:
        found |= _writing(walk, campaign_ids, seen)
    if stage.can_seed:
        found |= _steering(walk, campaign_ids)
    return found


def walks(walk: Walk, *, most: int = 30) -> SearchStrategy[list[dict[str, Any]]]:
    """Whole walks as lists of steps, for ``walk.play(steps, wrap=True)``: the same steps as the state machine's."""
    return st.lists(st.one_of(*steps(walk).values()), min_size=1, max_size=most)


def _step(name: str, **strategies: SearchStrategy[Any]) -> Step:
    return st.fixed_dictionaries({"step": st.just(name), **strategies})


def _people() -> SearchStrategy[dict[str, Any]]:
    return st.sampled_from([{"user": place} for place in (0, 0, 0, 1, 2)])


def _keys() -> SearchStrategy[dict[str, Any]]:
    """Mostly keys that work, of the first user or the second."""
    kinds = (*[LIVE] * 60, *[PRESENT] * 6, *[FORMER] * 2, *generate.WRONG_KEYS)
    return st.sampled_from([{"user": place, "key": kind} for kind in kinds for place in (0, 0, 0, 1)])


def _contacts() -> SearchStrategy[dict[str, Any]]:
    """Contacts by their place, often those that were appended last."""
    return st.sampled_from([{"contact": place} for place in (*range(-3, 8), *range(-2, 8), 50, 199, 200, 201, 210)])


def _numbers() -> SearchStrategy[Any]:
    parts = generate.phone_parts(_PHONES)
    with_number = st.builds(PhoneNumber, parts, parts, st.sampled_from(_PHONES))
    return st.one_of(_contacts(), _contacts(), with_number, generate.phone_numbers(_PHONES))


def _fields(walk: Walk) -> SearchStrategy[Any]:
    """Custom fields to search by; no campaign of a server that is no mock is asked for one that it may not have."""
    known = _FIELDS if walk.stage.can_seed else _known_fields(walk)
    names = (*known, "No such field") if walk.stage.can_seed else known
    if not names:
        return _contacts()
    return _contacts() | st.builds(CustomField, st.sampled_from(names), st.sampled_from(_VALUES))


def _known_fields(walk: Walk) -> tuple[str, ...]:
    campaign = walk.oracle.memory.campaigns.get(walk.stage.campaign_id)
    return (campaign.custom_field_names if campaign else None) or ()


def _one_contact(walk: Walk) -> SearchStrategy[Any]:
    """What a status or a closing goes by."""
    by_field = st.builds(lambda one: {**one, "field": 1}, _contacts())
    by_id = st.sampled_from([{"id": number} for number in (0, -1, 1, 2, _FAR_ID)])
    return st.one_of(_contacts(), _contacts(), by_field, by_id, _fields(walk))


def _filters(walk: Walk) -> SearchStrategy[Any]:
    usual = generate.status_filters()
    return st.one_of(usual, usual, usual, generate.wrong_status_filters()) if walk.stage.can_seed else usual


def _reading(walk: Walk, campaign_ids: tuple[int, ...]) -> dict[str, Step]:
    on_mock = walk.stage.can_seed
    campaigns = _campaign_ids(walk, campaign_ids)
    own = st.one_of(st.none(), st.none(), campaigns)
    soap = st.sampled_from(("1.1", "1.2"))
    cursors = st.sampled_from((0, 0, 1, _FAR_ID)) | st.builds(
        lambda one, plus: {**one, "plus": plus}, _contacts(), st.sampled_from((0, 0, -1, 1))
    )
    # Wrong passwords may lock an account, so they are tried on mocks alone.
    wrong = st.sampled_from((None, None, *WRONG_LOGINS)) if on_mock else st.none()
    key, number, fields, filters = _keys(), _numbers(), _fields(walk), _filters(walk)
    return {
        "session": st.one_of(
            _step("log_in", who=_people(), wrong=wrong, soap=soap), _step("log_off", who=_people(), soap=soap, look=_LOOKS)
        ),
        "get_campaigns": _step("get_campaigns", key=key, soap=soap),
        "get_page": _step("get_page", campaign_id=campaigns, after=cursors, key=key, soap=soap),
        "get_pages": _step("get_pages", campaign_id=campaigns, key=key, soap=soap),
        "get_status": _step("get_status", by=_one_contact(walk), key=key, campaign_id=own, soap=soap),
        "get_id_by_phone": _step("get_id_by_phone", campaign_id=campaigns, number=number, key=key, soap=soap),
        "find_by_phone": _step(
            "find_by_phone", campaign_id=campaigns, number=number, key=key, status=filters, soap=soap
        ),
        "find_by_field": _step(
            "find_by_field", campaign_id=campaigns, field=fields, key=key, status=filters, soap=soap
        ),
    }


def _campaign_ids(walk: Walk, campaign_ids: tuple[int, ...]) -> SearchStrategy[int]:
    """Mostly the campaign to work in, at times one that is not active or not there."""
    if not walk.stage.can_seed:
        return st.sampled_from(campaign_ids)
    return st.sampled_from((*campaign_ids[:1] * 12, *campaign_ids[1:3] * 2, *campaign_ids[3:], 987654))


def _new_contacts(skillsets: tuple[int, ...], field_names: tuple[str, ...]) -> SearchStrategy[Contact]:
    """Contacts to append that share much with others; that any text comes back as it went in is tried elsewhere."""
    field = st.builds(
        CustomField, st.sampled_from(field_names or ("",)), st.sampled_from((None, *_VALUES)), st.booleans()
    )
    fields = st.lists(field, max_size=3 if field_names else 0, unique_by=lambda one: one.name).map(tuple)
    return st.builds(
        lambda contact, fields, number, skillset: replace(
            contact, custom_fields=fields, phone_number=number, skillset_id=skillset
        ),
        st.sampled_from(_SHAPES),
        st.none() | fields,
        st.none() | generate.phone_numbers(_PHONES),
        st.sampled_from(skillsets),
    )


def _writing(walk: Walk, campaign_ids: tuple[int, ...], seen: Mapping[int, Campaign]) -> dict[str, Step]:
    """Appending and closing; on a server that is no mock in one campaign, and closing only what the walk appended."""
    soap = st.sampled_from(("1.1", "1.2"))
    if walk.stage.can_seed:
        skillsets: tuple[int, ...] = (*[SALES.skillset_id] * 4, *[SERVICE.skillset_id] * 3, 0, 987654)
        linked = tuple(one.disposition_code_id for one in (COMPLETED, NO_ANSWER, WRONG_NUMBER))
        numbers: tuple[int, ...] = (COMPLETED.numeric_value, NOT_LINKED.disposition_code_id)
        campaigns = _campaign_ids(walk, campaign_ids)
        close_where: SearchStrategy[int | None] = st.one_of(st.none(), st.none(), campaigns)
        by, keys = _one_contact(walk), _keys()
        fields: tuple[str, ...] = (*_FIELDS, *_FIELDS, "No such field")
    else:
        there = seen[walk.stage.campaign_id]
        skillsets = (there.skillset.skillset_id,) if there.skillset else (SALES.skillset_id,)
        linked = tuple(one.disposition_code_id for one in there.disposition_codes or ())
        numbers = ()
        campaigns = st.sampled_from(campaign_ids)
        close_where, fields = campaigns, _known_fields(walk)
        by, keys = st.builds(lambda place: {"appended": place}, st.integers(-3, 3)), st.just({"user": 0, "key": LIVE})
    contacts = _new_contacts(skillsets, fields)
    dispositions = generate.dispositions(linked, numbers)
    plain = _step(
        "close", by=by, key=keys, campaign_id=close_where, closure_text=st.none() | generate.texts(), soap=soap, at_once=_HURRIES, look=_LOOKS
    )
    return {
        "append": _step("append", campaign_id=campaigns, contact=contacts, key=keys, soap=soap, at_once=_HURRIES, look=_LOOKS),
        "close": st.builds(lambda step, code: {**step, **code}, plain, dispositions),
    }


def _steering(walk: Walk, campaign_ids: tuple[int, ...]) -> dict[str, Step]:
    minutes = walk.oracle.memory.choices.get("session_timeout")
    idle = (1300.0,) if not minutes else (minutes * 60 - 1, minutes * 60 + 1)
    usual = (0.001, 0.5, 0.5, 0.999, 1.0, 1.0, 1.001, 2.0, 2.0, 60.0)
    campaigns = st.sampled_from((*campaign_ids, *campaign_ids[1:3], *campaign_ids[:1]))
    statuses = (*("Running", "Waiting", "Paused") * 3, "Closed", "Completed", "Cancelled")
    return {
        "advance": _step("advance", seconds=st.sampled_from((*usual, *idle))),
        "supervise": st.one_of(
            _step("set_campaign_status", campaign_id=campaigns, status=st.sampled_from(statuses)),
            _step("set_contact_status", contact=_contacts(), status=generate.contact_statuses()),
            _step("expire", who=_people()),
        ),
    }


# --- the state machine ------------------------------------------------------------------------------------------------


def make_machine(
    start: Callable[[str], Walk],
    *,
    names: Iterable[str] = WORLDS,
    note: Callable[[KitError], None] = lambda error: None,
) -> type[RuleBasedStateMachine]:
    """A state machine over walks: ``start`` begins one in the world of a name, and each step of it is a rule.

    A difference is raised as WalkBroken; ``note`` is told of it and of every other error of the kit before.
    """
    names_of_worlds = tuple(names)
    begun = [start(names_of_worlds[0])]
    strategies = steps(begun[0])
    has_worlds = begun[0].stage.can_seed

    @contextmanager
    def noted() -> Iterator[None]:
        try:
            yield
        except KitError as error:
            note(error)
            raise

    class WalkMachine(RuleBasedStateMachine):
        walk: Walk

        @initialize(name=st.sampled_from(names_of_worlds))
        def begin(self, name: str) -> None:
            # What was read of a server that is no mock need not be read twice.
            with noted():
                self.walk = begun.pop() if begun and not has_worlds else start(name)

        def teardown(self) -> None:
            if not has_worlds and hasattr(self, "walk"):
                self.walk.end()

    def rule_of(name: str) -> Any:
        def take(self: WalkMachine, step: dict[str, Any]) -> None:
            with noted():
                self.walk.take(step, wrap=True)

        take.__name__ = name
        return rule(step=strategies[name])(take)

    return type("Machine", (WalkMachine,), {name: rule_of(name) for name in strategies})


def run_machine(
    stage: Stage, *, seed: int, examples: int, steps: int, patient: bool | None = None, shrink: bool = True
) -> None:
    """Walk on a server, ``examples`` times with so many ``steps`` each, and shorten what shows a difference.

    Raises WalkBroken, a ContractBroken, with the shortest story that was found; SetUpBroken where the server cannot be
    reached. On a server that is no mock nothing is shortened, as every try would be felt there.
    """
    errors: list[KitError] = []

    def start(name: str) -> Walk:
        if errors and not (stage.can_seed and isinstance(errors[-1], ContractBroken)):
            raise errors[-1]
        return start_walk(stage, name, patient=patient)

    machine = hypothesis.seed(seed)(make_machine(start, note=errors.append))
    try:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                phases=[Phase.generate, Phase.shrink] if shrink and stage.can_seed else [Phase.generate],
                deadline=None,
                database=None,
                derandomize=False,
                print_blob=False,
                report_multiple_bugs=False,
                verbosity=Verbosity.quiet,
                suppress_health_check=list(HealthCheck),
            ),
        )
    except Exception:
        if errors:
            raise errors[-1] from None
        raise
