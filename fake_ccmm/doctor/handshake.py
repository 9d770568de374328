"""A TLS handshake in memory: whether a client would trust a server, found out without either."""

from __future__ import annotations

import ssl
from pathlib import Path

_MOST_TURNS = 20


def distrust_of(server: ssl.SSLContext, ca: Path | None, name: str, *, is_anchor: bool = False) -> str | None:
    """Why a client that trusts the CA in a file (None: this machine's) does not trust the server; None if it does.

    ``name`` is what the client calls the server. ``is_anchor`` is for a file with any certificate that is to be
    trusted, as curl takes it. Raises OSError where the file holds none.
    """
    client = ssl.create_default_context(cafile=ca)
    if is_anchor:
        client.verify_flags |= 0x80000  # VERIFY_X509_PARTIAL_CHAIN, which Python 3.10 does not name yet
    try:
        _shake_hands(server, client, name)
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    except ssl.SSLError as error:
        return error.reason or str(error)
    return None


def _shake_hands(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> None:
    """Have the two speak with each other until both are content; raises SSLError where one is not."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    left = [
        client.wrap_bio(to_client, to_server, server_hostname=name),
        server.wrap_bio(to_server, to_client, server_side=True),
    ]
    for _ in range(_MOST_TURNS):
        for one in tuple(left):
            try:
                one.do_handshake()
                left.remove(one)
            except ssl.SSLWantReadError:
                pass
        if not left:
            return
    raise ssl.SSLError("the handshake does not end")
