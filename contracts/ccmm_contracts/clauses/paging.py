"""Paging through a campaign's contacts: rules P1 to P5; P4, which no paper settles, is observed."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from ..clause import Need, clause, observation
from ..domain import Address, Contact, CustomField, PhoneNumber
from ..errors import NotPossibleHere
from ..generate import as_appended, contacts, counts
from ..stage import Stage
from ..story import shown
from ..worlds import MAIN, WorldCampaign, WorldContact
from .campaigns import OVERVIEW, world_of

PAGE = 200
"""The most contacts that a page may hold (rule P1)."""

_HARD_TEXTS = (
    "",
    "  blanks  around  ",
    "\tone\nline\n",
    "<b>&amp;</b> ]]> & <![CDATA[x]]> <!-- -->",
    "0049",
    "Zoe\u0308 Zo\xeb \U00020bb7 \U0001f600 \u05e9\u05dc\u05d5\u05dd \u200b\u2028\u0085\ufeff",
    "It's \"quoted\" 'twice' \\n %s {0}",
)

_MOST_READ = 4000
"""Contacts of a campaign that is not the kit's own: more are paged through only when the run is deep."""


_OPEN = ("New", "Open", "Waiting")


def _campaign_of(stage: Stage, count: int, *, closed_every: int = 0, before: int = 3) -> list[int]:
    """Fill the campaign to work in with so many contacts, and another one so that ids do not start at 1; their ids."""
    made = tuple(
        WorldContact(
            Contact(first_name=f"No {at}", skillset_id=10032),
            "Closed" if closed_every and at % closed_every == 0 else _OPEN[at % 3],
        )
        for at in range(count)
    )
    some = tuple(WorldContact(Contact(skillset_id=10032)) for _ in range(before))
    other = WorldCampaign(MAIN - 1, "The one before", contacts=some)
    campaigns = (other, WorldCampaign(MAIN, "Paged", contacts=made))
    stage.become(replace(world_of(stage), campaigns=campaigns))
    return list(world_of(stage).contact_ids()[MAIN])


def _fillings(stage: Stage) -> list[int]:
    """How many contacts a campaign is to have: some number and, with hardly any, one that makes more than two pages."""
    count = stage.draw(counts(), "contacts")
    # The first example is always the smallest, so that the large number is never left out.
    return [count] if count > 1 else [count, 2 * PAGE + 1]


def _check_readable(stage: Stage) -> None:
    """Of a server that is no mock, take what is there if it is not too much."""
    campaign = stage.campaign()
    if campaign is not None and campaign.number_of_contacts > _MOST_READ and not stage.is_deep:
        raise NotPossibleHere(
            f"needs --deep: campaign {campaign.campaign_id} has {campaign.number_of_contacts} contacts"
        )


@clause("P1", "A page holds at most 200 contacts", evidence="D", source=OVERVIEW)
def pages_hold_200_at_most(stage: Stage) -> None:
    if not stage.can_seed:
        _check_readable(stage)
        _check_sizes(stage)
        return
    for count in _fillings(stage):
        _campaign_of(stage, count)
        _check_sizes(stage)


def _check_sizes(stage: Stage) -> None:
    for at, page in enumerate(stage.pages()):
        stage.check(len(page) <= PAGE, f"page {at + 1} holds {len(page)} contacts")


@clause("P2", "A page starts behind the last id received: ids ascend, none is left out, none comes twice", evidence="D",
        source=OVERVIEW)  # fmt: skip
def pages_go_on_where_they_ended(stage: Stage) -> None:
    if not stage.can_seed:
        _check_readable(stage)
        _check_order(stage)
        return
    for count in _fillings(stage):
        ids = _campaign_of(stage, count)
        came = _check_order(stage)
        stage.check(came == ids, f"the pages give {_difference(ids, came)}")


def _check_order(stage: Stage) -> list[int]:
    """The ids of all pages, which go on from wherever one starts as they do from the beginning."""
    ids = [one.contact_id for one in stage.contacts()]
    stage.check(ids == sorted(set(ids)), "the ids of all pages together do not ascend strictly")
    if not ids:
        return ids
    at = stage.draw(st.integers(0, min(len(ids) - 1, 500)), "from")
    later = stage.contacts(after=ids[at])
    due = ids[at + 1 :]
    came = [one.contact_id for one in later]
    stage.check(
        came[: len(due)] == due,
        f"behind contact {ids[at]} there are {len(due)} contacts, but paging from there gives {_difference(due, came)}",
    )
    return ids


@clause("P2.cursor", "LastContactID may be any number: what comes is all that is above it", evidence="D",
        source=OVERVIEW, needs=(Need.SEED,))  # fmt: skip
def any_cursor_will_do(stage: Stage) -> None:
    before = stage.draw(st.integers(1, 12), "before")
    ids = _campaign_of(stage, stage.draw(counts(), "contacts"), before=before)
    drawn = stage.draw(st.integers(-5, (ids[-1] if ids else 0) + 5), "cursor")
    # An id that another campaign's contact has is none of this one's, and yet all of these are above it.
    for cursor in (drawn, before, -1):
        _check_page_behind(stage, ids, cursor)


def _check_page_behind(stage: Stage, ids: list[int], cursor: int) -> None:
    page = stage.value(
        stage.call("Get200CampaignContacts", campaign_id=MAIN, last_contact_id=cursor, session_key=stage.key())
    )
    due = [one for one in ids if one > cursor]
    came = [one.contact_id for one in page]
    stage.check(came == due[: len(came)], f"after {cursor} the page gives {_difference(due[:PAGE], came)}")
    stage.check(came or not due, f"after {cursor} there are {len(due)} contacts, but the page is empty")


@clause("P3", "All pages together hold as many contacts as NumberOfContacts says, each once", evidence="D",
        source=OVERVIEW)  # fmt: skip
def pages_hold_every_contact(stage: Stage) -> None:
    if not stage.can_seed:
        _check_readable(stage)
        _check_whole(stage, [])
        return
    closed_every = stage.draw(st.sampled_from([0, 2, 3, 50]), "closed every")
    for count in _fillings(stage):
        _check_whole(stage, _campaign_of(stage, count, closed_every=closed_every))
    _check_whole(stage, _campaign_of(stage, 7, closed_every=2))


def _check_whole(stage: Stage, ids: list[int]) -> None:
    """The pages hold what the campaign says; ``ids`` are those of its contacts, where they are known."""
    campaign = stage.campaign()
    came = [one.contact_id for one in stage.contacts()]
    if campaign is None:
        stage.check(False, f"campaign {stage.campaign_id} is not listed although it is paged through")
        return
    # Whether closed contacts are among them is the server's choice.
    whole, still_open = campaign.number_of_contacts, campaign.number_of_contacts - campaign.number_of_contacts_closed
    stage.check(
        len(came) in (whole, still_open),
        f"NumberOfContacts is {whole}, {whole - still_open} of them closed, but the pages hold {len(came)}",
    )
    stage.check(len(set(came)) == len(came), f"the pages hold {len(came) - len(set(came))} contacts twice")
    if ids and len(came) == len(ids):
        stage.check(came == ids, f"the pages give {_difference(ids, came)}")


@observation("P4", "What a page behind the last contact holds", source="the overview's loop ends by counting")
def page_behind_the_last(stage: Stage) -> None:
    if stage.can_seed:
        _campaign_of(stage, 3)
    last = stage.last_id(stage.campaign_id)
    for what, after in (("right behind the last contact", last), ("far behind the last contact", last + 10**6)):
        answer = stage.call(
            "Get200CampaignContacts", campaign_id=stage.campaign_id, last_contact_id=after, session_key=stage.key()
        )
        stage.observe(f"a page {what}: {shown(answer)}")


@clause("P3.meanwhile", "Contacts that are appended while a client pages come in a later page", evidence="D",
        source=OVERVIEW, needs=(Need.SEED,))  # fmt: skip
def contacts_appended_meanwhile_come(stage: Stage) -> None:
    ids = _campaign_of(stage, stage.draw(counts(), "contacts"))
    first = stage.value(
        stage.call("Get200CampaignContacts", campaign_id=MAIN, last_contact_id=0, session_key=stage.key())
    )
    more = stage.draw(st.integers(1, 3), "more")
    for _ in range(more):
        stage.append(Contact(first_name="Late", skillset_id=stage.skillset_id))
    rest = stage.contacts(after=first[-1].contact_id if first else 0)
    came = len(first) + len(rest)
    stage.check(came == len(ids) + more, f"{len(ids)} contacts and {more} appended meanwhile, but pages hold {came}")


@clause("P5", "Every field of a contact comes back as it went in", evidence="WO",
        source="the WSDL, seen in ASP.NET web services", needs=(Need.WRITE,))  # fmt: skip
def fields_come_back(stage: Stage) -> None:
    names = stage.custom_field_names
    contact = stage.marked(stage.draw(contacts((stage.skillset_id,), names), "contact"))
    _check_came_back(stage, contact, stage.fresh_contact(contact))


def _check_came_back(stage: Stage, contact: Contact, came: Contact) -> None:
    names = stage.custom_field_names
    due = as_appended(contact, contact_id=came.contact_id, custom_field_names=names or None)
    for name in ("first_name", "last_name", "title", "email_address", "address", "phone_number", "custom_fields",
                 "preferred_agent_id", "preferred_agent_specified", "skillset_id"):  # fmt: skip
        sent, back = getattr(due, name), getattr(came, name)
        stage.check(sent == back, f"the {name} of a contact went in as {sent!r} and came back as {back!r}")


@clause("P5.spoilt", "Texts that are easily spoilt come back as they went in", evidence="WO",
        source="the WSDL, seen in ASP.NET web services", needs=(Need.SEED,))  # fmt: skip
def hard_texts_come_back(stage: Stage) -> None:
    names = stage.custom_field_names
    for text in _HARD_TEXTS:
        contact = Contact(
            campaign_name=text,
            address=Address(*[f"{at}{text}" for at in range(7)]) if text else Address(*[""] * 7),
            custom_fields=tuple(CustomField(name, text, bool(at % 2)) for at, name in enumerate(names)),
            email_address=text,
            first_name=text,
            last_name=text,
            phone_number=PhoneNumber(text, text, text),
            preferred_agent_id=2**40,
            preferred_agent_specified=True,
            title=text,
            skillset_id=stage.skillset_id,
        )
        _check_came_back(stage, contact, stage.fresh_contact(contact))


def _difference(due: list[int], came: list[int]) -> str:
    """In what two lists of ids differ, in a few words."""
    missing = [one for one in due if one not in set(came)]
    extra = [one for one in came if one not in set(due)]
    parts = [
        f"{len(came)} contacts",
        f"without {_some(missing)}" if missing else "",
        f"with {_some(extra)}" if extra else "",
        "in another order" if not missing and not extra else "",
    ]
    return ", ".join(filter(None, parts))


def _some(ids: list[int]) -> str:
    return ", ".join(map(str, ids[:5])) + (f" and {len(ids) - 5} more" if len(ids) > 5 else "")
