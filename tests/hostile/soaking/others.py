"""Who else is at a server during a soak: somebody who makes and removes centers, and somebody rude."""

from __future__ import annotations

import random
import socket
import threading
from contextlib import suppress

from fake_ccmm.control_client import ControlClient
from tests.raw_http import TIMEOUT

from .findings import Findings

_SEED = {
    "administrators": [{"username": "ann", "password": "tulip"}],
    "skillsets": [{"skillset_id": 11, "name": "Sales"}],
    "campaigns": [{"campaign_id": 1, "name": "Short", "skillset": 11, "generate": {"count": 300}}],
}


def make_and_remove_centers(url: str, findings: Findings, is_over: threading.Event) -> None:
    """Make a center, save and restore it, read its journal, and remove it, again and again."""
    steer = ControlClient(url, timeout=30)
    number = 0
    try:
        while not is_over.is_set():
            number += 1
            path = f"/centers/short-lived-{number}"
            findings.count("center")
            steer.request("PUT", path, _SEED)
            steer.request("PUT", f"{path}/snapshots/one")
            steer.request("POST", f"{path}/snapshots/one/restore")
            counts = [one["number_of_contacts"] for one in steer.request("GET", f"{path}/campaigns")]
            if counts != [300]:
                findings.add(f"a new center of 300 contacts has {counts}")
            steer.request("DELETE", path)
            steer.request("GET", "/centers/default/journal", query={"limit": 20})
            is_over.wait(0.05)
    except Exception as error:
        findings.add(f"the control API failed: {type(error).__name__}: {error}")


def be_rude(port: int, seed: int, findings: Findings, is_over: threading.Event) -> None:
    """Open connections, send noise or half a request, and go; the server may say what it likes, but has to be there."""
    chance = random.Random(f"{seed}/rude")
    half = (
        b"POST /ccmmoutboundwebservices/OutboundUtilityWS.asmx HTTP/1.1\r\nHost: x\r\n"
        b"Content-Type: text/xml\r\nContent-Length: 1000\r\n\r\n<Envelope "
    )
    while not is_over.is_set():
        findings.count("rude connection")
        try:
            plug = socket.create_connection(("127.0.0.1", port), TIMEOUT)
        except OSError as error:
            findings.add(f"no connection: {error}")
            return
        with plug, suppress(OSError):
            plug.sendall(chance.choice((chance.randbytes(200), half[: chance.randrange(len(half))], half)))
            if chance.random() < 0.5:
                plug.shutdown(socket.SHUT_WR)
        is_over.wait(0.02)
