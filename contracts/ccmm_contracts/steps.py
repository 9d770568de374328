"""What walks are made of: the worlds they are made in, and steps made up at random.

A random number decides on each step, so that a walk comes again with the same numbers. Most steps are such that they
are carried out, in the campaign to work in, with a key that works; some are wrong in one way or another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from .domain import ACTIVE_STATUSES, CONTACT_STATUSES, Address, Contact, CustomField, PhoneNumber, Status, User
from .generate import WRONG_KEYS
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

SMALL = "small"
LONG = "long"
WORLDS = (SMALL, SMALL, SMALL, LONG)
"""The worlds that walks are made in: mostly one with a few contacts, at times one with more than a page of them."""

Step = dict[str, Any]

_FIELDS = ("Account", "Segment")
_NO_FIELD = "No such field"
_VALUES = ("A-1", "A-2", "", "gold & <silver>", "Zoë 太郎", " ")
_PHONES = ("5550100", "5550101", "30", "49")
_BLANKS = (None, "", " ")
_NOBODY = 987654
_FAR_ID = 1 << 40
_TEXTS = (None, "", "done", " done & <dusted> ]]>\t", "line\nline\r\nline", "Zoë 太郎 👩\u200d👧")
_KEY_KINDS = (*[LIVE] * 60, *[PRESENT] * 6, *[FORMER] * 2, *WRONG_KEYS)
_SECONDS = (0.001, 0.5, 0.5, 0.999, 1.0, 1.0, 1.001, 2.0, 2.0, 60.0)
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


# --- steps ------------------------------------------------------------------------------------------------------------


class StepMaker:
    """Makes up steps for a walk on one stage. :attr:`kinds` has those that can be taken there, in groups.

    On a server that is no mock it is only read, unless it may be written to: then contacts are appended to the one
    campaign, and only those are closed. Wrong passwords may lock an account, so they are for mocks alone.
    """

    def __init__(self, walk: Walk) -> None:
        stage, memory = walk.stage, walk.oracle.memory
        self._on_mock = stage.can_seed
        self._people = len(memory.users)
        self._timeout = memory.choices.get("session_timeout")
        campaign = memory.campaigns.get(stage.campaign_id)
        self._campaign_ids = [stage.campaign_id]
        self._fields: tuple[str, ...] = (campaign.custom_field_names if campaign else None) or ()
        self._codes = [*(campaign.codes_by_id if campaign else ())]
        self._skillsets = [campaign.seen.skillset.skillset_id if campaign and campaign.seen.skillset else 0]
        if self._on_mock:
            self._campaign_ids = [*[MAIN] * 12, *[MAIN + 1, MAIN + 2] * 2, *range(MAIN + 3, MAIN + 6), _NOBODY]
            self._fields = (*_FIELDS * 3, _NO_FIELD)
            known = (COMPLETED, NO_ANSWER, WRONG_NUMBER, NOT_LINKED)
            self._codes = [*(one.disposition_code_id for one in known), COMPLETED.numeric_value]
            self._skillsets = [*[SALES.skillset_id] * 5, *[SERVICE.skillset_id] * 2, 0, _NOBODY]
        kinds = dict(_READING)
        if stage.can_write:
            kinds |= _WRITING
        if self._on_mock:
            kinds |= _STEERING
        self._makers = kinds
        groups = {"anything": tuple(kinds), "read": tuple(_READING)}
        if stage.can_write:
            groups["write"] = tuple(_WRITING)
        if self._on_mock:
            groups["move"] = ("session", *_STEERING)
        self.kinds: Mapping[str, tuple[str, ...]] = groups

    def make(self, kind: str, random: Random) -> Step:
        """A step of this kind, for ``Walk.take(step, wrap=True)``."""
        return self._makers[kind](self, random)

    # --- what steps are made of -------------------------------------------------------------------------------------

    def _who(self, random: Random) -> Step:
        return {"user": random.choice((0, 0, 0, 1, *range(self._people)))}

    def _call(self, random: Random, name: str, **arguments: Any) -> Step:
        key = {"user": random.choice((0, 0, 0, 1)), "key": random.choice(_KEY_KINDS)}
        return {"step": name, "key": key, "soap": random.choice(("1.1", "1.2")), **arguments}

    def _campaign_id(self, random: Random) -> int:
        return random.choice(self._campaign_ids)

    def _contact(self, random: Random) -> Step:
        """A contact by its place, often one of those that were appended last."""
        return {"contact": random.choice((*range(-3, 8), *range(-2, 8), 50, 199, 200, 201, 210))}

    def _phone_number(self, random: Random) -> PhoneNumber:
        parts = (*_BLANKS, *_PHONES)
        last = random.choice((*_PHONES * 3, *_BLANKS))
        return PhoneNumber(random.choice(parts), random.choice(parts), last)

    def _number(self, random: Random) -> PhoneNumber | Step:
        return self._contact(random) if random.random() < 0.6 else self._phone_number(random)

    def _field(self, random: Random) -> CustomField | Step:
        if not self._fields or random.random() < 0.5:
            return self._contact(random)
        return CustomField(random.choice(self._fields), random.choice(_VALUES))

    def _filter(self, random: Random) -> Status | None:
        usual: tuple[Status | None, ...] = (
            None,
            None,
            Status(0, None),
            Status(0, "New"),
            Status(0, "Closed"),
            Status(0, "New"),
        )
        wrong: tuple[Status | None, ...] = (Status(0, "No such status"), Status(_NOBODY, None)) if self._on_mock else ()
        return random.choice((*usual, *wrong))

    def _one_contact(self, random: Random) -> CustomField | Step:
        """What a status or a closing goes by."""
        ways: tuple[Callable[[], CustomField | Step], ...] = (
            lambda: self._contact(random),
            lambda: self._contact(random),
            lambda: {**self._contact(random), "field": 1},
            lambda: self._field(random),
            lambda: {"id": random.choice((0, -1, 1, 2, _FAR_ID))},
        )
        return random.choice(ways)()

    def _own_campaign(self, random: Random) -> int | None:
        """Mostly that of the contact which is meant."""
        return self._campaign_id(random) if random.random() < 0.25 else None

    # --- the kinds of steps -----------------------------------------------------------------------------------------

    def _session(self, random: Random) -> Step:
        soap = random.choice(("1.1", "1.2"))
        if random.random() < 0.4:
            return {"step": "log_off", "who": self._who(random), "soap": soap, "look": random.random() < 0.7}
        wrong = random.choice((None, *WRONG_LOGINS)) if self._on_mock and random.random() < 0.5 else None
        return {"step": "log_in", "who": self._who(random), "wrong": wrong, "soap": soap}

    def _get_campaigns(self, random: Random) -> Step:
        return self._call(random, "get_campaigns")

    def _get_page(self, random: Random) -> Step:
        after: int | Step = random.choice((0, 0, 1, _FAR_ID))
        if random.random() < 0.5:
            after = {**self._contact(random), "plus": random.choice((0, 0, -1, 1))}
        return self._call(random, "get_page", campaign_id=self._campaign_id(random), after=after)

    def _get_pages(self, random: Random) -> Step:
        return self._call(random, "get_pages", campaign_id=self._campaign_id(random))

    def _get_status(self, random: Random) -> Step:
        where = self._own_campaign(random)
        return self._call(random, "get_status", by=self._one_contact(random), campaign_id=where)

    def _get_id_by_phone(self, random: Random) -> Step:
        number = self._number(random)
        return self._call(random, "get_id_by_phone", campaign_id=self._campaign_id(random), number=number)

    def _find_by_phone(self, random: Random) -> Step:
        number, status = self._number(random), self._filter(random)
        return self._call(random, "find_by_phone", campaign_id=self._campaign_id(random), number=number, status=status)

    def _find_by_field(self, random: Random) -> Step:
        field, status = self._field(random), self._filter(random)
        return self._call(random, "find_by_field", campaign_id=self._campaign_id(random), field=field, status=status)

    def _append(self, random: Random) -> Step:
        fields = [
            CustomField(name, random.choice((None, *_VALUES)), random.random() < 0.5)
            for name in dict.fromkeys(
                random.choices(self._fields, k=random.choice((0, 1, 2, 3))) if self._fields else ()
            )
        ]
        contact: Contact | Step = replace(
            random.choice(_SHAPES),
            custom_fields=tuple(fields) if random.random() < 0.7 else None,
            phone_number=self._phone_number(random) if random.random() < 0.6 else None,
            skillset_id=random.choice(self._skillsets),
        )
        if random.random() < 0.15:
            contact = self._contact(random)
        return self._written(random, "append", campaign_id=self._campaign_id(random), contact=contact)

    def _close(self, random: Random) -> Step:
        is_given = bool(self._codes) and random.random() < 0.5
        return self._written(
            random,
            "close",
            by=self._one_contact(random) if self._on_mock else {"appended": random.randrange(8)},
            campaign_id=self._own_campaign(random),
            closure_text=random.choice(_TEXTS),
            disposition_code_specified=is_given,
            disposition_code=random.choice(self._codes) if is_given else random.choice((0, _NOBODY)),
        )

    def _written(self, random: Random, name: str, **arguments: Any) -> Step:
        step = self._call(random, name, **arguments)
        if not self._on_mock:
            step["key"] = {"user": 0, "key": LIVE}
        return {**step, "at_once": random.random() < 0.3, "look": random.random() < 0.7}

    def _advance(self, random: Random) -> Step:
        idle = (self._timeout * 60 - 1, self._timeout * 60 + 1) if self._timeout else (1300.0,)
        return {"step": "advance", "seconds": random.choice((*_SECONDS, *idle))}

    def _supervise(self, random: Random) -> Step:
        which = random.randrange(3)
        if which == 0:
            return {"step": "expire", "who": self._who(random), "look": random.random() < 0.5}
        if which == 1:
            status = random.choice(CONTACT_STATUSES)
            return {"step": "set_contact_status", "contact": self._contact(random), "status": status}
        statuses = (*ACTIVE_STATUSES * 3, "Closed", "Completed", "Cancelled")
        return {
            "step": "set_campaign_status",
            "campaign_id": random.choice((*range(MAIN, MAIN + 6), MAIN, MAIN + 1, MAIN + 2)),
            "status": random.choice(statuses),
        }


_Makers = Mapping[str, Callable[[StepMaker, Random], Step]]
_READING: _Makers = {
    "session": StepMaker._session,
    "get_campaigns": StepMaker._get_campaigns,
    "get_page": StepMaker._get_page,
    "get_pages": StepMaker._get_pages,
    "get_status": StepMaker._get_status,
    "get_id_by_phone": StepMaker._get_id_by_phone,
    "find_by_phone": StepMaker._find_by_phone,
    "find_by_field": StepMaker._find_by_field,
}
_WRITING: _Makers = {"append": StepMaker._append, "close": StepMaker._close}
_STEERING: _Makers = {"advance": StepMaker._advance, "supervise": StepMaker._supervise}
