"""From the bytes of a request to its characters: media type, charset, byte order mark and declaration."""

from __future__ import annotations

import codecs
import gzip

import pytest

from tests.messages import (
    PROCESS,
    SOAP11,
    SOAP12,
    SOAP_XML,
    TEXT_XML,
    T,
    action,
    assert_empty,
    assert_fault,
    assert_success,
    envelope,
    heard,
    login,
    operation,
    post,
)
from tests.raw_http import Site

LOGIN = envelope(login("nobody"))
LOGIN12 = envelope(login("nobody"), soap=SOAP12)
SOAP_XML_LOGIN = f'application/soap+xml; action="{T}OutboundLogin"'


def text(username: str, declared: str | None = "utf-8", *, soap: str = SOAP11) -> str:
    """A login whose declaration names an encoding, or which has none."""
    declaration = "" if declared is None else f'<?xml version="1.0" encoding="{declared}"?>'
    return envelope(login(username), soap=soap, declaration=declaration)


# --- media types ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        "text/plain",
        "text/html",
        "application/xml",
        "text/xml2",
        "application/octet-stream",
        "application/x-www-form-urlencoded",
        'multipart/related; type="text/xml"; start="a"; boundary=b',
        "text/xml ; charset=utf-8",
        "text /xml",
        "xml",
        '"text/xml"',
        "text/xml, text/xml",
        ";charset=utf-8",
        "",
        None,
    ],
)
def test_any_other_media_type_is_unsupported(site: Site, content_type: str | None) -> None:
    assert_empty(post(site, LOGIN, content_type=content_type), 415)


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/xml", "text/xml ;a=b", None])
@pytest.mark.parametrize("body", [LOGIN, LOGIN12], ids=["SOAP 1.1", "SOAP 1.2"])
def test_without_an_action_header_a_media_type_is_unsupported_in_soap_12(
    site: Site, content_type: str | None, body: str
) -> None:
    assert_empty(post(site, body, soap_action=None, content_type=content_type), 415, soap=SOAP12)


@pytest.mark.parametrize(
    ("content_type", "soap_action"),
    [
        pytest.param("application/soap+xml", None, id="routed by the body"),
        pytest.param(SOAP_XML, None, id="with a charset"),
        pytest.param(SOAP_XML_LOGIN, None, id="with an action"),
        pytest.param(SOAP_XML, action("OutboundLogin"), id="with an action header"),
        pytest.param("APPLICATION/SOAP+XML", action("OutboundLogin"), id="in capitals"),
    ],
)
def test_the_media_type_of_soap_12_is_unsupported_for_a_soap_11_envelope(
    site: Site, content_type: str, soap_action: str | None
) -> None:
    assert_empty(post(site, LOGIN, content_type=content_type, soap_action=soap_action), 415)


@pytest.mark.parametrize("soap_action", [action("OutboundLogin"), None], ids=["action", "no action"])
def test_a_soap_12_envelope_may_come_as_text_xml(site: Site, soap_action: str | None) -> None:
    reply = post(site, LOGIN12, soap_action=soap_action)
    assert heard(reply) == "nobody"
    assert reply.header("Content-Type") == SOAP_XML


@pytest.mark.parametrize(
    "content_type",
    [
        "text/xml; charset=utf-8",
        "text/xml;charset=utf-8",
        "text/xml;charset=UTF-8",
        "TEXT/XML; CHARSET=UTF-8",
        'text/xml; charset="utf-8"',
        "text/xml; charset='utf-8'",
        "text/xml;  charset = utf-8 ",
        "text/xml; a=b; charset=utf-8",
        "text/xml; charset=utf-8; a=b",
        "text/xml;;charset=utf-8",
        "text/xml; charset=utf-8;",
        "text/xml; charset=unicode-1-1-utf-8",
    ],
)
def test_the_charset_is_found_however_it_is_written(site: Site, content_type: str) -> None:
    assert heard(post(site, text("é€"), content_type=content_type)) == "é€"


@pytest.mark.parametrize("content_type", ["Text/Xml; Charset=Utf-8", "Application/Soap+Xml; Charset=Utf-8"])
def test_the_media_type_has_any_letter_case(site: Site, content_type: str) -> None:
    assert heard(post(site, text("é", soap=SOAP12), content_type=content_type)) == "é"


# --- text/xml ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content_type",
    [
        pytest.param("text/xml", id="no charset"),
        pytest.param("text/xml; charset=", id="an empty charset"),
        pytest.param('text/xml; charset=""', id="an empty quoted charset"),
        pytest.param("text/xml; charset", id="a charset without a value"),
        pytest.param("text/xml; charset=UTF8", id="UTF8 without its hyphen"),
        pytest.param("text/xml; charset=nope", id="an unknown charset"),
        pytest.param("text/xml; charset=us-ascii", id="ASCII"),
        pytest.param("text/xml; version=1.0", id="another parameter"),
    ],
)
@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", None])
def test_text_without_a_known_charset_is_ascii_with_a_question_mark_for_every_other_byte(
    site: Site, content_type: str, declared: str | None
) -> None:
    assert heard(post(site, text("aé€b", declared).encode(), content_type=content_type)) == "a?????b"


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "utf-16", "us-ascii", "nope", "x!y", None])
def test_the_charset_wins_over_the_declaration(site: Site, declared: str | None) -> None:
    assert heard(post(site, text("é€", declared).encode())) == "é€"


@pytest.mark.parametrize(
    ("charset", "encoding", "sent", "got"),
    [
        pytest.param("utf-8", "iso-8859-1", "aéb", "a\ufffdb", id="latin-1 as utf-8"),
        pytest.param("utf-8", "iso-8859-1", "é", "\ufffd", id="latin-1 as utf-8 at the end"),
        pytest.param("iso-8859-1", "utf-8", "é€", "Ã©â\x82¬", id="utf-8 as latin-1"),
        pytest.param("iso-8859-1", "iso-8859-1", "é", "é", id="latin-1"),
        pytest.param("ISO-8859-1", "iso-8859-1", "é", "é", id="latin-1 in capitals"),
        pytest.param("latin1", "iso-8859-1", "é", "é", id="latin-1 by its short name"),
        pytest.param("iso-8859-15", "iso-8859-15", "€", "€", id="latin-9"),
        pytest.param("windows-1252", "cp1252", "é€", "é€", id="windows-1252"),
        pytest.param("windows-1251", "cp1251", "Ж", "Ж", id="windows-1251"),
        pytest.param("shift_jis", "shift_jis", "日本", "日本", id="shift_jis"),
        pytest.param("utf-16", "utf-16-le", "é€𝄞", "é€𝄞", id="utf-16 without a mark"),
        pytest.param("utf-16le", "utf-16-le", "é€", "é€", id="utf-16le"),
        pytest.param("unicode", "utf-16-le", "é€", "é€", id="unicode"),
        pytest.param("utf-16be", "utf-16-be", "é€", "é€", id="utf-16be"),
        pytest.param("unicodeFFFE", "utf-16-be", "é€", "é€", id="utf-16be by its other name"),
        pytest.param("utf-32", "utf-32-le", "é€𝄞", "é€𝄞", id="utf-32"),
    ],
)
@pytest.mark.parametrize("declared", ["utf-8", None])
def test_a_charset_is_what_the_bytes_are_read_in(
    site: Site, charset: str, encoding: str, sent: str, got: str, declared: str | None
) -> None:
    body = text(sent, declared).encode(encoding)
    assert heard(post(site, body, content_type=f"text/xml; charset={charset}")) == got


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        pytest.param(codecs.BOM_UTF8, "utf-8", id="utf-8"),
        pytest.param(codecs.BOM_UTF16_LE, "utf-16-le", id="utf-16le"),
        pytest.param(codecs.BOM_UTF16_BE, "utf-16-be", id="utf-16be"),
        pytest.param(codecs.BOM_UTF32_LE, "utf-32-le", id="utf-32le"),
        pytest.param(codecs.BOM_UTF32_BE, "utf-32-be", id="utf-32be"),
    ],
)
@pytest.mark.parametrize(
    "charset", ["", "; charset=utf-8", "; charset=iso-8859-1", "; charset=utf-16", "; charset=nope", "; charset=utf-7"]
)
def test_a_byte_order_mark_wins_over_the_charset(site: Site, mark: bytes, encoding: str, charset: str) -> None:
    for declared in ("utf-8", None):
        body = mark + text("é€", declared).encode(encoding)
        assert heard(post(site, body, content_type=f"text/xml{charset}")) == "é€"


# --- application/soap+xml ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "encoding", "mark"),
    [
        pytest.param("utf-8", "utf-8", b"", id="utf-8"),
        pytest.param(None, "utf-8", b"", id="nothing declared"),
        pytest.param("iso-8859-1", "iso-8859-1", b"", id="latin-1"),
        pytest.param("windows-1252", "cp1252", b"", id="windows-1252"),
        pytest.param("utf-8", "utf-8", codecs.BOM_UTF8, id="utf-8 with a mark"),
        pytest.param("utf-16", "utf-16-le", codecs.BOM_UTF16_LE, id="utf-16le with a mark"),
        pytest.param("utf-16", "utf-16-be", codecs.BOM_UTF16_BE, id="utf-16be with a mark"),
        pytest.param(None, "utf-16-le", codecs.BOM_UTF16_LE, id="utf-16le with a mark, nothing declared"),
        pytest.param("utf-16", "utf-16-le", b"", id="utf-16le without a mark"),
        pytest.param("utf-16", "utf-16-be", b"", id="utf-16be without a mark"),
    ],
)
@pytest.mark.parametrize("charset", ["", "; charset=nope", "; charset=", "; charset=UTF8"])
@pytest.mark.parametrize("with_action", [True, False], ids=["action", "no action"])
def test_soap_xml_without_a_known_charset_is_read_as_xml_says(
    site: Site, declared: str | None, encoding: str, mark: bytes, charset: str, with_action: bool
) -> None:
    body = mark + text("é", declared, soap=SOAP12).encode(encoding)
    parameters = charset + (f'; action="{T}OutboundLogin"' if with_action else "")
    reply = post(site, body, soap_action=None, content_type=f"application/soap+xml{parameters}")
    assert heard(reply) == "é"


@pytest.mark.parametrize(
    ("charset", "encoding", "got"),
    [
        ("utf-8", "utf-8", "é"),
        ("iso-8859-1", "iso-8859-1", "é"),
        ("utf-8", "iso-8859-1", "\ufffd"),
        ("us-ascii", "utf-8", "??"),
    ],
)
@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "nope"])
def test_soap_xml_with_a_charset_is_read_in_it(
    site: Site, charset: str, encoding: str, got: str, declared: str
) -> None:
    body = text("é", declared, soap=SOAP12).encode(encoding)
    reply = post(site, body, soap_action=None, content_type=f"application/soap+xml; charset={charset}")
    assert heard(reply) == got


@pytest.mark.parametrize("content_type", [SOAP_XML_LOGIN, "application/soap+xml"], ids=["action", "no action"])
def test_soap_xml_that_is_no_utf_8_is_a_bad_request(site: Site, content_type: str) -> None:
    body = text("é", soap=SOAP12).encode("iso-8859-1")
    assert_empty(post(site, body, soap_action=None, content_type=content_type), 400, soap=SOAP12)


def test_soap_xml_that_is_no_utf_8_before_the_operation_cannot_be_routed(site: Site) -> None:
    body = text("x", soap=SOAP12).encode().replace(b"<soap:Body>", b"<soap:Body a='\xe9'>")
    reply = post(site, body, soap_action=None, content_type="application/soap+xml")
    text_ = f"Invalid character in the given encoding. Line 1, position {body.index(0xE9) + 1}."
    assert_fault(reply, "Receiver", PROCESS.replace(">", "&gt;") + text_, soap=SOAP12)


def test_soap_xml_in_an_unknown_declared_encoding_is_a_bad_request(site: Site) -> None:
    body = text("x", "nope", soap=SOAP12)
    assert_empty(post(site, body, soap_action=None, content_type=SOAP_XML_LOGIN), 400, soap=SOAP12)


# --- both -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_compressed_body_is_not_decoded(site: Site, encoding: str) -> None:
    reply = post(site, gzip.compress(LOGIN.encode()), headers=[("Content-Encoding", encoding)])
    assert_empty(reply, 400)


def test_what_is_said_of_the_content_encoding_does_not_matter(site: Site) -> None:
    assert heard(post(site, LOGIN, headers=[("Content-Encoding", "gzip")])) == "nobody"


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-16", "us-ascii"])
def test_answers_are_utf_8_without_a_mark_whatever_the_request_was_in(site: Site, charset: str) -> None:
    body = envelope(operation("OutboundLogoff")).encode(charset)
    body = body.removeprefix(codecs.BOM_UTF16_LE)
    reply = post(site, body, soap_action=action("OutboundLogoff"), content_type=f"text/xml; charset={charset}")
    assert_success(reply, f'<OutboundLogoffResponse xmlns="{T}" />')


def test_a_fault_says_what_is_not_ascii_in_utf_8(site: Site) -> None:
    reply = post(site, text("é€𝄞"), content_type=TEXT_XML)
    assert "for : é€𝄞</faultstring>".encode() in reply.body
