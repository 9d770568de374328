"""Whether the parts of a seed go together: ids that are known and given once, settings that a profile has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ..clock import SettableClock
from ..errors import REFUSALS, SetupError
from ..faults import check_rule
from ..model import CampaignDetails, ContactStatus
from ..profile import choices, make_profile
from .contact_tables import ContactTable
from .problems import Problems, nearest, place_of
from .schema import CampaignSeed, ClockSeed, Generate, Seed

MOST_GENERATED = 10_000_000
"""The most contacts that one campaign may have invented."""

_LONG = 1 << 63
_NO_TEXTS = frozenset({"whole number", "number", "true"})
"""The first words about the alternatives of choices that are no texts."""

Tables = Mapping[int, ContactTable]
"""The contacts read from files, by the place of their campaign; they are the last of its ``contacts``."""


def check(seed: Seed, problems: Problems, tables: Tables) -> None:
    """Report everything in the seed that does not go together."""
    _once(problems, "administrators", "username", (one.username for one in seed.administrators))
    _once(problems, "skillsets", "skillset_id", (one.skillset_id for one in seed.skillsets))
    codes = [one.disposition_code_id for one in seed.disposition_codes]
    _once(problems, "disposition_codes", "disposition_code_id", codes)
    _once(problems, "campaigns", "campaign_id", (one.campaign_id for one in seed.campaigns))
    ids = _ContactIds()
    for number, campaign in enumerate(seed.campaigns):
        _CampaignCheck(problems, f"campaigns[{number}]", seed, campaign, tables.get(number)).check(ids)
    _check_profile(problems, seed.profile)
    _check_clock(problems, seed.clock)
    if seed.last_contact_id is not None and not ids.greatest <= seed.last_contact_id < _LONG:
        problems.add(
            "last_contact_id", f"is {seed.last_contact_id}, but there is a contact {ids.greatest}; that or more"
        )
    for name in ("journal_exchanges", "journal_bytes"):
        if getattr(seed.limits, name) < 0:
            problems.add(f"limits.{name}", f"is {getattr(seed.limits, name)}; 0 or more belongs here")
    _check_faults(problems, seed)


def details_of(seed: Seed, campaign: CampaignSeed) -> CampaignDetails:
    """The campaign as the center takes it, with skillset and codes in full. Ids in it are known."""
    skillsets = {one.skillset_id: one for one in seed.skillsets}
    codes = {one.disposition_code_id: one for one in seed.disposition_codes}
    skillset = campaign.skillset
    return CampaignDetails(
        skillset=skillsets[skillset] if isinstance(skillset, int) else skillset,
        disposition_codes=tuple(codes[one] if isinstance(one, int) else one for one in campaign.disposition_codes),
        **{name: getattr(campaign, name) for name in SAME_FIELDS},
    )


def flat_profile(settings: Mapping[str, Any]) -> dict[str, Any]:
    """A seed's profile as :func:`~fake_ccmm.profile.make_profile` takes it: a refusal's wording by dotted names."""
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        if isinstance(value, Mapping):
            flat.update({f"{name}.{part}": one for part, one in value.items()})
        else:
            flat[name] = value
    return flat


def set_clock(clock: SettableClock, wanted: ClockSeed) -> None:
    """Make the clock what the seed says; a ValueError where it cannot be. None given, it stays."""
    if wanted.offset is not None:
        clock.set_ahead(wanted.offset)
    elif wanted.frozen:
        clock.freeze(wanted.start)
    elif wanted.start is not None:
        clock.run()
        clock.set(wanted.start)


SAME_FIELDS = tuple(
    name for name in CampaignDetails.__dataclass_fields__ if name not in ("skillset", "disposition_codes")
)


class _ContactIds:
    """The ids of all contacts so far, as the center will give them out."""

    def __init__(self) -> None:
        self.greatest = 0
        self._taken: set[int] = set()
        self._ranges: list[range] = []

    def take(self, contact_id: int) -> bool:
        """Take an id, the next one for 0; False where it is taken."""
        if contact_id <= 0:
            contact_id = self.greatest + 1
        elif contact_id in self._taken or any(contact_id in one for one in self._ranges):
            return False
        self.greatest = max(self.greatest, contact_id)
        self._taken.add(contact_id)
        return True

    def take_next(self, count: int) -> None:
        """Take the next ``count`` ids."""
        self._ranges.append(range(self.greatest + 1, self.greatest + 1 + count))
        self.greatest += count


class _CampaignCheck:
    """The check of one campaign of the seed."""

    def __init__(
        self, problems: Problems, place: str, seed: Seed, campaign: CampaignSeed, table: ContactTable | None
    ) -> None:
        self._problems = problems
        self._place = place
        self._seed = seed
        self._campaign = campaign
        self._table = table

    def check(self, ids: _ContactIds) -> None:
        self._check_references()
        before = 0
        for number, contact in enumerate(self._campaign.contacts):
            if not ids.take(contact.contact_id):
                self._report(number, "contact_id", f"is {contact.contact_id}, which another contact has")
            now = contact.contact_id or ids.greatest
            if now < 0 or now >= _LONG:
                self._report(number, "contact_id", f"is {now}; ids are 1 to {_LONG - 1}, and 0 for the next one")
            elif now < before:
                self._report(
                    number, "contact_id", f"is {now}, below the {before} before it; sort contacts by their ids"
                )
            before = max(before, now)
        self._check_fields()
        self._check_closures()
        if self._campaign.generate is not None:
            self._check_generate(self._campaign.generate)
            ids.take_next(min(max(self._campaign.generate.count, 0), MOST_GENERATED))

    def _check_references(self) -> None:
        campaign, skillset = self._campaign, self._campaign.skillset
        known = [one.skillset_id for one in self._seed.skillsets]
        if isinstance(skillset, int) and skillset not in known:
            self._add("skillset", f"is {skillset}, and no skillset of the seed has this id{_listed(known)}")
        known = [one.disposition_code_id for one in self._seed.disposition_codes]
        for number, code in enumerate(campaign.disposition_codes):
            if isinstance(code, int) and code not in known:
                place = f"disposition_codes[{number}]"
                self._add(place, f"is {code}, and no disposition code of the seed has this id{_listed(known)}")

    def _check_fields(self) -> None:
        names = self._campaign.custom_field_names
        known = frozenset(names)
        for number, contact in enumerate(self._campaign.contacts):
            for one in contact.custom_fields or ():
                if (one.name or "") not in known:
                    close = nearest(one.name or "", names) if names else "; it has none"
                    message = f'the campaign has no custom field "{one.name or ""}" in custom_field_names{close}'
                    self._report(number, "custom_fields", message)

    def _check_closures(self) -> None:
        known = [one if isinstance(one, int) else one.disposition_code_id for one in self._campaign.disposition_codes]
        for number, contact in enumerate(self._campaign.contacts):
            closure = contact.closure
            if closure is None:
                continue
            if contact.status is not ContactStatus.CLOSED:
                status = contact.status.value
                self._report(number, "closure", f'belongs to a contact whose status is "Closed", not "{status}"')
            code = closure.disposition_code
            if isinstance(code, int) and code not in known:
                message = f"is {code}, and no disposition code of the campaign has this id{_listed(known)}"
                self._report(number, "closure.disposition_code", message)

    def _check_generate(self, wanted: Generate) -> None:
        if not 0 <= wanted.count <= MOST_GENERATED:
            self._add("generate.count", f"is {wanted.count}; 0 to {MOST_GENERATED} belongs here")
        if wanted.closed_every < 0:
            self._add("generate.closed_every", f"is {wanted.closed_every}; 0 (none) or more belongs here")
        if self._campaign.skillset is None:
            self._add("generate", "needs a skillset for its contacts; give the campaign one")
        if wanted.locales:
            from ..demo.locales import LOCALES  # made at import, and few seeds ask for them

            known = [one.code for one in LOCALES]
            for number, code in enumerate(wanted.locales):
                if code not in known:
                    self._add(f"generate.locales[{number}]", f'is "{code}", and there are only: {", ".join(known)}')

    def _report(self, number: int, field: str, message: str) -> None:
        """Report a problem of a contact, in the file that it is from."""
        listed = len(self._campaign.contacts) - (len(self._table) if self._table else 0)
        if self._table and number >= listed:
            self._problems.add(field, message, self._table.source_of(number - listed))
        else:
            self._add(f"contacts[{number}].{field}", message)

    def _add(self, field: str, message: str) -> None:
        self._problems.add(f"{self._place}.{field}", message)


def _once(problems: Problems, place: str, field: str, values: Iterable[object]) -> None:
    first: dict[object, int] = {}
    for number, value in enumerate(values):
        if value in first:
            problems.add(f"{place}[{number}].{field}", f"is {value}, as in {place}[{first[value]}]; each needs its own")
        first.setdefault(value, number)


def _listed(known: list[int]) -> str:
    """The ids there are, some of them where they are many."""
    text = ", ".join(map(str, known[:12])) + (", …" if len(known) > 12 else "")
    return f"; there are: {text}" if text else "; there is none"


def _check_profile(problems: Problems, settings: Mapping[str, Any]) -> None:
    known = {one.name: one for one in choices()}
    for name, value in settings.items():
        if isinstance(value, Mapping) and not value:
            problems.add(place_of(("profile", name)), "is empty; a refusal has a number, a code and a text")
    for name, value in flat_profile(settings).items():
        refusal, dot, part = name.partition(".")
        names: Collection[str] = REFUSALS if dot else known
        if refusal not in names:
            what, lister = ("refusal", "") if dot else ("choice", "'fake-ccmm profile' lists all")
            problems.add(place_of(("profile", refusal)), f"there is no such {what}{nearest(refusal, names, lister)}")
            continue
        try:
            make_profile({name: value})
        except SetupError as error:
            problems.add(place_of(("profile", *name.split("."))), str(error).removeprefix("profile: "))
            continue
        is_no_text = part == "number" if dot else known[name].alternatives[0] in _NO_TEXTS
        if is_no_text and isinstance(value, str):
            problems.add(place_of(("profile", *name.split("."))), f'is the text "{value}"; leave the quotes out')


def _check_clock(problems: Problems, wanted: ClockSeed) -> None:
    if wanted.offset is not None and (wanted.frozen or wanted.start is not None):
        problems.add("clock.offset", "is for a running clock that has no start; leave one of the two out")
        return
    try:
        set_clock(SettableClock(running=True), wanted)
    except ValueError as error:
        problems.add("clock", str(error))


def _check_faults(problems: Problems, seed: Seed) -> None:
    for number, rule in enumerate(seed.faults):
        try:
            check_rule(rule)
        except SetupError as error:
            problems.add(f"faults[{number}]", str(error))
    names = [(number, rule.name) for number, rule in enumerate(seed.faults) if rule.name]
    first: dict[str, int] = {}
    for number, name in names:
        if first.setdefault(name, number) != number:
            problems.add(f"faults[{number}].name", f'is "{name}", as in faults[{first[name]}]; each needs its own')
