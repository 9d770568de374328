"""What the kit calls servers with: Hypothesis strategies for contacts, phone numbers, keys and everything else.

Every value is a JSON type or a dataclass of :mod:`ccmm_contracts.domain`, and every text can be carried by XML 1.0.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from .domain import CONTACT_STATUSES, Address, Contact, CustomField, PhoneNumber, Status

_T = TypeVar("_T")

BOUNDARIES = (0, 1, 199, 200, 201, 400, 401)
"""How many contacts a campaign has where pages of 200 begin and end (rule P1)."""

PHONE_POOL = ("5550100", "5550101", "49", "0049", "+49", "30", "030", "5550100 ext. 7", "(555) 0100")
"""Parts of phone numbers, few enough that contacts share them."""

_NOT_CARRIED = "".join(chr(code) for code in range(0x20) if chr(code) not in "\t\n\r") + "\ufffe\uffff"
_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters=_NOT_CARRIED)
_PIECES = (
    *(" ", "  ", "\t", "\n", "\r", "\r\n", "\u00a0", "\u2028", "\u0085", "\ufeff", "\u200b"),
    *("<", ">", "&", "'", '"', "]]>", "<![CDATA[", "<!--", "-->", "<?", "&amp;", "&#13;", "&#0;", "<b/>", "</Title>"),
    *("a", "B", "0", "-1", "%s", "{0}", "\\", "\\n", "null", "'; --"),
    *("Zoë", "Zoe\u0308", "山田", "Ωμέγα", "שלום", "ß", "İ", "\ufffd", "😀", "👩\u200d👧", "\U00020000", "\U0010fffd"),
)
_LONG = 2**63

WRONG_KEYS: dict[str, Callable[[str], str | None]] = {
    "missing": lambda key: None,
    "empty": lambda key: "",
    "in the other letter case": str.swapcase,
    "without its last character": lambda key: key[:-1],
    "without its first character": lambda key: key[1:],
    "with its first character changed": lambda key: ("A" if key[:1] != "A" else "B") + key[1:],
    "with its tenth character changed": lambda key: key[:9] + ("z" if key[9:10] != "z" else "y") + key[10:],
    "with another user's name": lambda key: key[:10] + "__nobody",
    "without the user's name": lambda key: key[:10],
    "with a blank in front": lambda key: " " + key,
    "with a blank behind": lambda key: key + " ",
    "with a line feed behind": lambda key: key + "\n",
    "doubled": lambda key: key + key,
}
"""Ways to get a session key wrong (rule S7), each from a good key."""


def texts(*, max_size: int = 20) -> SearchStrategy[str]:
    """Any text that XML 1.0 can carry, mostly short; with carriage returns, so expect :func:`as_received` back."""
    return st.one_of(
        st.text(_CHARACTERS, max_size=max_size),
        st.lists(st.sampled_from(_PIECES), max_size=4).map(lambda pieces: "".join(pieces)[:max_size]),
    )


def as_received(value: _T) -> _T:
    """A text as it comes back from a server, or a value of the domain with all of its texts.

    XML knows only line feeds: a carriage return, alone or before a line feed, comes back as one (rule P5).
    """
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(as_received(one) for one in value)  # type: ignore[return-value]
    if is_dataclass(value) and not isinstance(value, type):
        changes = {one.name: as_received(getattr(value, one.name)) for one in fields(value)}
        return replace(value, **changes)
    return value


def names() -> SearchStrategy[str]:
    """Names of people and things: not empty, without control characters and without blanks at either end."""
    usual = st.sampled_from(("Ann", "Zoë", "太郎", "O'Neil", "Müller & Söhne", "Jean-Luc", "Ångström", "نور"))
    return usual | st.text(_CHARACTERS, min_size=1, max_size=20).filter(
        lambda text: text.isprintable() and text == text.strip()
    )


def phone_parts(pool: Sequence[str] = PHONE_POOL) -> SearchStrategy[str | None]:
    """One part of a phone number: left out, blank, or one of the pool."""
    return st.sampled_from((None, "", " ", *pool))


def phone_numbers(pool: Sequence[str] = PHONE_POOL) -> SearchStrategy[PhoneNumber]:
    """Phone numbers of few different parts, so that contacts share them; each part may be blank (rule N3)."""
    return st.builds(PhoneNumber, phone_parts(pool), phone_parts(pool), phone_parts(pool))


def custom_fields(
    names: Sequence[str], values: SearchStrategy[str | None] | None = None
) -> SearchStrategy[CustomField]:
    """A custom field of one of these names, with any text or none."""
    texts_of_it = st.none() | texts() if values is None else values
    return st.builds(CustomField, st.sampled_from(tuple(names)), texts_of_it, st.booleans())


def contacts(
    skillset_ids: Sequence[int],
    custom_field_names: Sequence[str],
    *,
    unknown_fields: bool = False,
    doubled_fields: bool = False,
    field_values: SearchStrategy[str | None] | None = None,
) -> SearchStrategy[Contact]:
    """Contacts to append: any of their fields may be there or not, but for the skillset (rule A2).

    ``unknown_fields`` adds custom fields that the campaign lacks, ``doubled_fields`` allows a name twice.
    ``field_values`` are the texts of custom fields where they shall not be just any.
    """
    known = tuple(custom_field_names)
    allowed = (*known, "No such field", "Nor this one") if unknown_fields else known
    lists: SearchStrategy[Any] = st.just(())
    if allowed:
        unique_by = None if doubled_fields else (lambda one: one.name)
        one_field = custom_fields(allowed, field_values)
        lists = st.lists(one_field, max_size=4, unique_by=unique_by).map(tuple)
    text = st.none() | texts()
    return st.builds(
        Contact,
        contact_id=st.sampled_from((0, 1, 7, -1, _LONG - 1)),
        campaign_name=text,
        address=st.none() | st.builds(Address, *(text for _ in fields(Address))),
        custom_fields=st.none() | lists,
        email_address=text,
        first_name=text,
        last_name=text,
        phone_number=st.none() | phone_numbers(),
        preferred_agent_id=st.sampled_from((0, 1, -1, 4711, _LONG - 1, -_LONG)),
        preferred_agent_specified=st.booleans(),
        title=text,
        skillset_id=st.sampled_from(tuple(skillset_ids)),
    )


def as_appended(
    contact: Contact, *, contact_id: int, custom_field_names: Collection[str] | None, campaign_name: str | None = None
) -> Contact:
    """What a page must show of an appended contact (rules P5, A5 and A6).

    Custom fields are those that the campaign has (None: not known, so all of them); of a doubled name the last counts.
    ``campaign_name`` is that of the campaign where the server puts it in place of what was sent.
    """
    kept = contact.custom_fields
    if kept is not None:
        by_name = {one.name: one for one in kept}
        known = by_name if custom_field_names is None else custom_field_names
        kept = tuple(one for name, one in by_name.items() if name in known)
    shown = replace(contact, contact_id=contact_id, custom_fields=kept)
    return as_received(shown if campaign_name is None else replace(shown, campaign_name=campaign_name))


def counts(most: int = 450) -> SearchStrategy[int]:
    """How many contacts a campaign has: mostly where pages begin and end."""
    return st.sampled_from(tuple(one for one in BOUNDARIES if one <= most)) | st.integers(0, most)


def wrong_keys(good_key: str) -> SearchStrategy[str | None]:
    """Session keys that are not ``good_key``, most of them nearly."""
    near = {make(good_key) for make in WRONG_KEYS.values()} - {good_key}
    ordered = sorted(near, key=lambda one: (one is not None, one or ""))
    return st.sampled_from(ordered) | texts().filter(lambda text: text != good_key)


def wrong_numbers() -> SearchStrategy[str]:
    """Texts that are neither an xsd:int nor an xsd:long, for ``Raw`` (rule E2)."""
    known = (
        *("", " ", "abc", "1.5", "1.0", "1e3", "0x10", "1 2", "--1", "+-1", "+", "-", "NaN", "INF", "null", "true"),
        *("1,000", "1_000", "一", "１２", "٣", str(_LONG), str(-_LONG - 1), "9" * 40),
    )
    return st.sampled_from(known) | texts().filter(lambda text: not any(one.isdigit() for one in text))


def status_filters(ids: Mapping[str, int] | None = None) -> SearchStrategy[Status | None]:
    """Filters that every server has to know (rule F3): none, any, new and closed; with ``ids`` by those numbers too."""
    by_name = [Status(0, name) for name in ("New", "Closed")]
    by_id = [Status(number, None) for number in (ids or {}).values() if number]
    both = [Status(number, name) for name, number in (ids or {}).items()]
    return st.sampled_from([None, Status(0, None), *by_name, *by_id, *both])


def wrong_status_filters() -> SearchStrategy[Status]:
    """Filters that name no status of a contact."""
    return st.sampled_from([Status(0, "No such status"), Status(987654, None), Status(0, "Newly")])


def contact_statuses() -> SearchStrategy[str]:
    """The name of a contact's status."""
    return st.sampled_from(CONTACT_STATUSES)


def dispositions(linked: Sequence[int], unlinked: Sequence[int] = ()) -> SearchStrategy[dict[str, Any]]:
    """The two arguments of CloseContact that say which disposition code (rule X2): one of these, or none at all.

    Where the flag is false, the code beside it is ignored whatever it is.
    """
    codes = (*linked, *unlinked)
    given = [{"disposition_code_specified": True, "disposition_code": one} for one in codes]
    none = [{"disposition_code_specified": False, "disposition_code": one} for one in (0, *unlinked, 987654)]
    return st.sampled_from([*none, *given])
