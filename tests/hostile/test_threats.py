"""What the page on threats claims, where no other test holds it."""

from __future__ import annotations

import ssl
import stat
import sys
from pathlib import Path

import pytest

from fake_ccmm import FakeCcmm
from tests.messages import CAMPAIGN, envelope, operation
from tests.raw_http import Headers

from .doors import door

ORIGIN = ("Origin", "https://elsewhere.example")
SIMPLE = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "")
"""The content types that a browser sends to other sites without asking them first; none where it is a Blob's."""


@pytest.mark.parametrize("content_type", SIMPLE)
@pytest.mark.parametrize("path", [CAMPAIGN, f"{CAMPAIGN}/AppendContactsToCampaign"])
def test_what_a_page_may_send_without_asking_is_no_call(content_type: str, path: str) -> None:
    with door() as one:
        body = envelope(operation("AppendContactsToCampaign", one.append().decode().partition("<CampaignID>")[2]))
        headers: Headers = [ORIGIN, *([("Content-Type", content_type)] if content_type else [])]
        reply = one.site.exchange(one.site.request("POST", path, headers, body.encode()))
        assert reply.status in (415, 500)
        assert one.center.campaign(1).number_of_contacts == 0


@pytest.mark.parametrize("path", [CAMPAIGN, "/control/v1/centers/default/reset", "/"])
def test_no_answer_allows_other_origins(path: str) -> None:
    asked = [ORIGIN, ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-type")]
    with door() as one:
        for method in ("OPTIONS", "GET", "POST"):
            reply = one.site.ask(method, path, asked, b"" if method == "POST" else None)
            assert not [name for name in reply.names if name.lower().startswith("access-control-")]


def test_a_name_that_leads_here_does_not_steer_but_may_call() -> None:
    with door() as one:
        headers = [("Content-Type", "application/json")]
        for host in (
            "evil.example",
            f"evil.example:{one.site.port}",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
        ):
            request = one.site.request("POST", "/control/v1/centers/default/reset", headers, b"", host=host)
            assert one.site.exchange(request).status == 403
            assert one.site.exchange(one.site.request("GET", "/metrics", host=host), to="GET").status == 403
        request = one.call().replace(one.site.authority.encode(), b"evil.example")
        assert one.site.exchange(request).status == 500


@pytest.mark.skipif(sys.platform == "win32", reason="modes as POSIX has them")
def test_the_folder_of_an_ad_hoc_certificate_is_for_this_user_alone_and_has_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with FakeCcmm(tls="adhoc") as ccmm:
        (folder,) = tmp_path.iterdir()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (ca_file,) = folder.iterdir()
        assert ca_file == ccmm.ca_file
        assert b"PRIVATE KEY" not in ca_file.read_bytes()
        ssl.create_default_context(cafile=ca_file)
    assert list(tmp_path.iterdir()) == []
