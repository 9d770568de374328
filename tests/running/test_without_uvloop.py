"""Where there is no uvloop, as on Windows, asyncio's own loop serves as well."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.running.process import DEADLINE, SOURCE

SCRIPT = """
import asyncio, gc, sys
from fake_ccmm import FakeCcmm
from tests.messages import TEXT_XML, UTILITY, envelope, login
from tests.raw_http import Site

with FakeCcmm() as ccmm:
    site = Site("127.0.0.1", ccmm.port)
    for body, status in ((envelope(login("nobody")).encode(), 500), (b"<", 400), (b"", 400)):
        headers = [("Content-Type", TEXT_XML), ("SOAPAction", '"http://nortel.com/CCMMOutboundWebservices/OutboundLogin"')]
        assert site.exchange(site.request("POST", UTILITY, headers, body)).status == status
assert "uvloop" not in sys.modules
gc.collect()
"""


def test_every_answer_leaves_and_every_connection_is_closed_on_asyncios_own_loop(tmp_path: Path) -> None:
    (tmp_path / "uvloop.py").write_text('raise ImportError("not here")', "utf-8")
    repository = Path(__file__).resolve().parents[2]
    paths = [str(tmp_path), str(SOURCE), str(repository)]
    done = subprocess.run(
        [sys.executable, "-W", "always::ResourceWarning", "-c", SCRIPT],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        encoding="utf-8",
        timeout=DEADLINE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
