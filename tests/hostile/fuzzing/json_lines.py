"""What clients answer on standard output, and the journals that are judged."""

from __future__ import annotations

import json
import random
from pathlib import Path
from tempfile import TemporaryDirectory

from ccmm_contracts.clients.protocol import ClientError, read_answer, read_result
from ccmm_contracts.errors import KitError
from ccmm_contracts.judge import judge_exchanges, load_journal

from fake_ccmm import FakeCcmm
from tests.messages import CAMPAIGN, UTILITY, call
from tests.raw_http import Site

from .mutation import mutated

_CONTACT = {"contact_id": 1, "first_name": "Zo\u00eb", "phone_number": {"phone_no": "1"}, "custom_fields": []}
_ANSWERS = {
    "hello": {"name": "x", "can": ["log_in", "log_off"], "protocol": 1},
    "list_campaigns": [{"campaign_id": 1, "name": "Spring", "status": "Running", "number_of_contacts": 2}],
    "fetch_contacts": [_CONTACT],
    "find_contacts": [_CONTACT],
    "find_contact_id": 1,
    "contact_status": "New",
    "append_contacts": [{"ok": True}],
    "log_in": None,
}


class JsonLines:
    """An answer of a client is read or told to be none; a journal is judged or told to be none."""

    def __init__(self) -> None:
        answers = [(name, json.dumps({"id": 1, "ok": one}).encode()) for name, one in _ANSWERS.items()]
        refused = json.dumps({"id": 1, "error": {"kind": "refused", "message": "no"}}).encode()
        self._answers = [*answers, ("log_in", refused)]
        self._lines = [line for _, line in self._answers]
        self._journals = _journals()
        self._home = TemporaryDirectory()
        self._file = Path(self._home.name) / "journal.json"

    def make(self, chance: random.Random) -> bytes:
        """What is asked for, and the line; or a journal."""
        if chance.random() < 0.3:
            return b"journal\x1f" + mutated(chance, chance.choice(self._journals), self._journals)
        name, line = chance.choice(self._answers)
        return name.encode() + b"\x1f" + mutated(chance, line, self._lines)

    def attempt(self, data: bytes) -> None:
        """Read it as the kit does."""
        name, text = data.split(b"\x1f", 1)
        try:
            if name == b"journal":
                self._file.write_bytes(text)
                judge_exchanges(load_journal(self._file))
            else:
                read_result(name.decode(), read_answer(text.decode("utf-8", "replace"), 1))
        except ClientError:
            pass  # the client told that it failed, in words of its own
        except KitError as error:
            _check_told(error)

    def check(self) -> None:
        """A journal that is in order is still judged."""
        self._file.write_bytes(self._journals[0])
        assert judge_exchanges(load_journal(self._file))

    def close(self) -> None:
        """Take the folder away."""
        self._home.cleanup()


def _check_told(error: KitError) -> None:
    assert str(error).strip()


def _journals() -> list[bytes]:
    """The journal of some calls, in each form that is read."""
    with FakeCcmm(log=None) as ccmm:
        site = Site("127.0.0.1", ccmm.port)
        campaign = ccmm.add_campaign("Autumn", contacts=3)
        key = ccmm.center.log_in(ccmm.user, ccmm.password)
        ids = f"<CampaignID>{campaign}</CampaignID><LastContactID>0</LastContactID><sessionKey>{key}</sessionKey>"
        call(site, UTILITY, "OutboundLogin", "<username>x</username><password>y</password>")
        call(site, CAMPAIGN, "GetCampaigns", f"<sessionKey>{key}</sessionKey>")
        call(site, CAMPAIGN, "Get200CampaignContacts", ids)
        call(site, CAMPAIGN, "Get200CampaignContacts", ids.replace(">0<", ">2<"))
        call(site, UTILITY, "OutboundLogoff", f"<username>{ccmm.user}</username>")
        exchanges = json.loads(
            site.ask("GET", "/control/v1/centers/default/journal").body  # the control API's own page of it
        )
    rows = exchanges["exchanges"]
    assert len(rows) == 5
    return [
        json.dumps(exchanges).encode(),
        json.dumps(rows).encode(),
        "\n".join(json.dumps(one) for one in rows).encode(),
    ]
