"""Well-formedness, envelopes and header blocks."""

from __future__ import annotations

import pytest

from tests.messages import (
    NO_BODY,
    NO_ENVELOPE,
    READ,
    SOAP11,
    SOAP12,
    SOAP_XML,
    TEXT_XML,
    UPGRADE,
    XSI,
    T,
    action,
    assert_empty,
    assert_fault,
    envelope,
    heard,
    login,
    operation,
    post,
)
from tests.raw_http import Reply, Site

from .conftest import Running

LOGIN = envelope(login("nobody"))
LOGIN12 = envelope(login("nobody"), soap=SOAP12)
BOTH = pytest.mark.parametrize("soap", [SOAP11, SOAP12], ids=["SOAP 1.1", "SOAP 1.2"])


def post_in(site: Site, soap: str, body: str) -> Reply:
    """The answer to a call of OutboundLogin, named by its action, in one version's media type."""
    if soap == SOAP11:
        return post(site, body)
    return post(site, body, soap_action=None, content_type=f'{SOAP_XML}; action="{T}OutboundLogin"')


# --- well-formedness --------------------------------------------------------------------------------------------------

BROKEN = [
    pytest.param("not XML", id="text"),
    pytest.param("{}", id="JSON"),
    pytest.param("", id="nothing"),
    pytest.param(" \r\n\t", id="blanks"),
    pytest.param("<!-- only a comment -->", id="only a comment"),
    pytest.param("<?xml version='1.0'?>", id="only a declaration"),
    pytest.param(LOGIN[:-1], id="the last bracket missing"),
    pytest.param(LOGIN[:-20], id="truncated in the last tag"),
    pytest.param(LOGIN[: len(LOGIN) // 2], id="truncated in the middle"),
    pytest.param(LOGIN.removesuffix("</soap:Envelope>"), id="the last tag missing"),
    pytest.param(LOGIN.replace("</username>", "</user>"), id="a mismatched tag"),
    pytest.param(LOGIN.replace("</soap:Body>", "</soap:Body></soap:Body>"), id="an end tag too many"),
    pytest.param(LOGIN.replace("</soap:Body>", ""), id="an end tag too few"),
    pytest.param(LOGIN.replace("nobody", "a\x01b"), id="a control character"),
    pytest.param(LOGIN.replace("nobody", "a\x00b"), id="a null character"),
    pytest.param(LOGIN.replace("nobody", "a\x1db"), id="a group separator"),
    pytest.param(LOGIN.replace("nobody", "a\ufffeb"), id="a noncharacter"),
    pytest.param(LOGIN.replace("nobody", "&#1;"), id="a reference to a control character"),
    pytest.param(LOGIN.replace("nobody", "&#x1D;"), id="a reference to a group separator"),
    pytest.param(LOGIN.replace("nobody", "&#0;"), id="a reference to the null character"),
    pytest.param(LOGIN.replace("nobody", "&#xD800;"), id="a reference to half a character"),
    pytest.param(LOGIN.replace("nobody", "&#x110000;"), id="a reference beyond the last character"),
    pytest.param(LOGIN.replace("nobody", "&#xFFFF;"), id="a reference to a noncharacter"),
    pytest.param(LOGIN.replace("nobody", "&#;"), id="a reference to nothing"),
    pytest.param(LOGIN.replace("nobody", "&nope;"), id="an unknown entity"),
    pytest.param(LOGIN.replace("nobody", "&nbsp;"), id="an entity of HTML"),
    pytest.param(LOGIN.replace("nobody", "a & b"), id="a bare ampersand"),
    pytest.param(LOGIN.replace("nobody", "a&b"), id="an ampersand with no semicolon"),
    pytest.param(LOGIN.replace("nobody", "a < b"), id="a bare bracket"),
    pytest.param(LOGIN.replace("nobody", "a]]>b"), id="an end of CDATA"),
    pytest.param(LOGIN.replace("nobody", "<![CDATA[a"), id="a CDATA that never ends"),
    pytest.param(LOGIN.replace("<username>", "<p:username>").replace("</u", "</p:u"), id="an undeclared prefix"),
    pytest.param(LOGIN.replace("<username>", "<username p:a='1'>"), id="an attribute with an undeclared prefix"),
    pytest.param(LOGIN.replace("<username>", "<username a='1' a='2'>"), id="a doubled attribute"),
    pytest.param(
        LOGIN.replace("<username>", "<username xmlns:p='u' xmlns:q='u' p:a='1' q:a='2'>"),
        id="an attribute doubled by its namespace",
    ),
    pytest.param(LOGIN.replace("<username>", "<username a=1>"), id="an attribute without quotes"),
    pytest.param(LOGIN.replace("<username>", "<username a>"), id="an attribute without a value"),
    pytest.param(LOGIN.replace("<username>", "<username a='<'>"), id="a bracket in an attribute"),
    pytest.param(LOGIN.replace("<username>", "<username xmlns:p=''>"), id="a prefix declared as nothing"),
    pytest.param(LOGIN.replace("<username>", "<1/><username>"), id="a name that begins with a digit"),
    pytest.param(LOGIN.replace("<username>", "<a:b:c xmlns:a='u'/><username>"), id="a name with two colons"),
    pytest.param(LOGIN.replace("<username>", "< username>"), id="a blank before a name"),
    pytest.param(LOGIN.replace("<username>", "<!-- a -- b --><username>"), id="two hyphens in a comment"),
    pytest.param(LOGIN.replace("<username>", "<?xml version='1.0'?><username>"), id="a declaration further down"),
    pytest.param(LOGIN.replace("<username>", "<!DOCTYPE a><username>"), id="a DTD further down"),
    pytest.param(f" {LOGIN}", id="a blank before the declaration"),
    pytest.param(f"\r\n{LOGIN}", id="a line end before the declaration"),
    pytest.param(f"<!-- c -->{LOGIN}", id="a comment before the declaration"),
    pytest.param(f"x{LOGIN}", id="text before the declaration"),
    pytest.param(LOGIN.replace('version="1.0"', 'version="1.1"'), id="version 1.1"),
    pytest.param(LOGIN.replace('version="1.0"', 'version="2.0"'), id="version 2.0"),
    pytest.param(LOGIN.replace('version="1.0" ', ""), id="a declaration without a version"),
    pytest.param(LOGIN.replace("?>", ' standalone="maybe"?>', 1), id="a declaration that is half alone"),
    pytest.param(f"{LOGIN}<x/>", id="a second root"),
    pytest.param(f"{LOGIN}{LOGIN}", id="a second envelope"),
    pytest.param(f"{LOGIN}x", id="text after the root"),
    pytest.param(f"{LOGIN}\n x", id="text on the line after the root"),
    pytest.param(f"{LOGIN}&amp;", id="an entity after the root"),
    pytest.param(f"{LOGIN}</soap:Envelope>", id="an end tag after the root"),
    pytest.param(f"{LOGIN}<", id="a bare bracket after the root"),
    pytest.param(f"{LOGIN}\x01", id="a control character after the root"),
]


@pytest.mark.parametrize("body", BROKEN)
def test_what_is_not_well_formed_is_an_empty_400(site: Site, body: str) -> None:
    assert_empty(post(site, body), 400)


@pytest.mark.parametrize("body", BROKEN)
def test_what_is_not_well_formed_is_an_empty_400_in_soap_12_too(site: Site, body: str) -> None:
    assert_empty(post_in(site, SOAP12, body.replace(SOAP11, SOAP12)), 400, soap=SOAP12)


def test_an_envelope_of_soap_12_that_breaks_is_an_empty_400_of_soap_12(site: Site) -> None:
    assert_empty(post(site, LOGIN12.replace("</username>", "</user>")), 400, soap=SOAP12)
    assert_empty(post(site, "<"), 400)


@pytest.mark.parametrize(
    "tail",
    [
        pytest.param("\r\n", id="a line end"),
        pytest.param("  \n\t ", id="blanks"),
        pytest.param("<!-- c -->", id="a comment"),
        pytest.param("<?p i?>", id="a processing instruction"),
        pytest.param("<!-- c -->garbage", id="a comment, then text"),
        pytest.param("<!-- c --><x/>", id="a comment, then an element"),
        pytest.param("<?p i?><", id="a processing instruction, then a bracket"),
        pytest.param("\n<x/>", id="a line end, then an element"),
        pytest.param("\n<!-- c -- >", id="a line end, then a bad comment"),
    ],
)
@BOTH
def test_one_node_is_read_after_the_envelope_and_no_more(site: Site, soap: str, tail: str) -> None:
    assert heard(post_in(site, soap, envelope(login("nobody"), soap=soap) + tail)) == "nobody"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(LOGIN, id="with a declaration"),
        pytest.param(envelope(login("nobody"), declaration=""), id="without a declaration"),
        pytest.param(envelope(login("nobody"), declaration="<?xml version='1.0'?>"), id="without an encoding"),
        pytest.param(
            envelope(login("nobody"), declaration='<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n'),
            id="standing alone",
        ),
        pytest.param(envelope(login("nobody"), declaration="\r\n  "), id="with blanks and no declaration"),
        pytest.param(envelope(login("nobody"), declaration="<!-- c --><?p i?>"), id="with a comment first"),
        pytest.param(LOGIN.replace("><", ">\r\n  <"), id="indented"),
        pytest.param(LOGIN.replace("><", "><!-- c --><?p i?><"), id="with comments and instructions between elements"),
        pytest.param(LOGIN.replace("><", ">\n<!-- c -->\n<?p i?>\n<"), id="with all of them"),
        pytest.param(LOGIN.replace("</soap:Body>", "</soap:Body\n>"), id="with a blank in an end tag"),
    ],
)
def test_what_is_around_the_elements_does_not_matter(site: Site, body: str) -> None:
    for soap_action in (action("OutboundLogin"), None):
        assert heard(post(site, body, soap_action=soap_action)) == "nobody"


@pytest.mark.parametrize(
    "declaration",
    [
        pytest.param("<!DOCTYPE soap:Envelope>", id="empty"),
        pytest.param("<!DOCTYPE soap:Envelope []>", id="with an empty subset"),
        pytest.param('<!DOCTYPE soap:Envelope [<!ENTITY e "x">]>', id="with an entity"),
        pytest.param('<!DOCTYPE soap:Envelope [<!ENTITY e SYSTEM "file:///etc/passwd">]>', id="with an outside entity"),
        pytest.param('<!DOCTYPE soap:Envelope SYSTEM "http://127.0.0.1:1/x.dtd">', id="outside"),
        pytest.param("<!DOCTYPE", id="that never ends"),
    ],
)
@BOTH
def test_a_dtd_is_an_empty_400_and_no_entity_is_read(site: Site, soap: str, declaration: str) -> None:
    body = envelope(login("&e;" if "ENTITY" in declaration else "nobody"), soap=soap, declaration=declaration)
    assert_empty(post_in(site, soap, body), 400, soap=soap)


# --- envelopes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "namespace"),
    [
        pytest.param(envelope(login("x"), soap="urn:other"), "urn:other", id="another namespace"),
        pytest.param(
            envelope(login("x"), soap="http://www.w3.org/2001/12/soap-envelope"),
            "http://www.w3.org/2001/12/soap-envelope",
            id="a draft of SOAP 1.2",
        ),
        pytest.param(envelope(login("x"), soap=SOAP11[:-1]), SOAP11[:-1], id="the namespace without its slash"),
        pytest.param("<Envelope><Body/></Envelope>", "", id="no namespace"),
        pytest.param("<Envelope/>", "", id="no namespace and nothing in it"),
        pytest.param(login("x"), T, id="no envelope"),
        pytest.param("<a/>", "", id="any element"),
        pytest.param(envelope(login("x"), soap="urn:a&amp;b&lt;"), "urn:a&amp;b&lt;", id="markup in the namespace"),
    ],
)
@pytest.mark.parametrize(
    ("soap_action", "content_type"),
    [
        pytest.param(action("OutboundLogin"), TEXT_XML, id="action"),
        pytest.param(None, TEXT_XML, id="no action"),
        pytest.param(None, SOAP_XML, id="soap+xml"),
        pytest.param(None, f'{SOAP_XML}; action="{T}OutboundLogin"', id="soap+xml with an action"),
    ],
)
def test_an_envelope_of_no_known_version_is_a_mismatch_told_in_soap_11(
    site: Site, body: str, namespace: str, soap_action: str | None, content_type: str
) -> None:
    text = f"Possible SOAP version mismatch: Envelope namespace {namespace} was unexpected. Expecting {SOAP11}."
    reply = post(site, body, soap_action=soap_action, content_type=content_type)
    assert_fault(reply, "VersionMismatch", text, header=UPGRADE)


@BOTH
def test_a_root_of_another_name_is_no_envelope(site: Site, soap: str) -> None:
    body = envelope(login("x"), soap=soap).replace("soap:Envelope", "soap:envelope")
    code = "Client" if soap == SOAP11 else "Sender"
    assert_fault(post_in(site, soap, body), code, READ.replace(">", "&gt;") + NO_ENVELOPE, soap=soap)


BODY = f"<s:Body>{login('x')}</s:Body>"


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param("", id="nothing"),
        pytest.param("<s:Header/>", id="a Header only"),
        pytest.param("<s:Header></s:Header> ", id="a Header and blanks"),
        pytest.param(f"<a/>{BODY}", id="an element before the Body"),
        pytest.param(f"<s:Header/><a/>{BODY}", id="an element between Header and Body"),
        pytest.param(f"<s:Header/><s:Header/>{BODY}", id="two Headers"),
        pytest.param(f"text{BODY}", id="text before the Body"),
        pytest.param(f"<s:Header/>text{BODY}", id="text between Header and Body"),
        pytest.param(BODY.replace("s:Body", "Body"), id="an unqualified Body"),
        pytest.param(BODY.replace("s:Body", "s:body"), id="a Body in lower case"),
        pytest.param(BODY.replace("<s:Body>", '<s:Body xmlns:s="urn:x">'), id="a Body in another namespace"),
        pytest.param(login("x"), id="the operation itself"),
    ],
)
@BOTH
def test_an_envelope_without_a_body_in_its_place_is_a_fault(site: Site, soap: str, inside: str) -> None:
    body = f'<s:Envelope xmlns:s="{soap}">{inside}</s:Envelope>'
    code = "Client" if soap == SOAP11 else "Sender"
    assert_fault(post_in(site, soap, body), code, READ.replace(">", "&gt;") + NO_BODY, soap=soap)


@BOTH
def test_an_empty_envelope_element_has_no_body(site: Site, soap: str) -> None:
    code = "Client" if soap == SOAP11 else "Sender"
    reply = post_in(site, soap, f'<s:Envelope xmlns:s="{soap}"/>')
    assert_fault(reply, code, READ.replace(">", "&gt;") + NO_BODY, soap=soap)


@pytest.mark.parametrize("inside", ["<s:Body/>", "<s:Body></s:Body>", "<s:Body> \n </s:Body>", "<s:Body>text</s:Body>"])
@BOTH
def test_an_empty_body_is_a_call_with_defaults(site: Site, soap: str, inside: str) -> None:
    assert heard(post_in(site, soap, f'<s:Envelope xmlns:s="{soap}">{inside}</s:Envelope>')) == ""


LOGOFF = operation("OutboundLogoff", "<username>other</username>")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        pytest.param(login("nobody") + LOGOFF, "nobody", id="another operation second"),
        pytest.param(LOGOFF + login("nobody"), "nobody", id="another operation first"),
        pytest.param("<a/>" + login("nobody") + "<b/>", "nobody", id="unknown elements around"),
        pytest.param("text" + login("nobody") + "text", "nobody", id="text around"),
        pytest.param(login("first") + login("last"), "last", id="the operation twice"),
        pytest.param(login("first") + LOGOFF + login("last"), "last", id="the operation twice, another between"),
        pytest.param(login("first") + operation("OutboundLogin"), "first", id="the operation again with nothing in it"),
        pytest.param(f"<a>{login('nobody')}</a>", "", id="the operation deeper down"),
    ],
)
@BOTH
def test_of_several_elements_in_the_body_the_operations_own_counts(
    site: Site, soap: str, content: str, name: str
) -> None:
    assert heard(post_in(site, soap, envelope(content, soap=soap))) == name


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("</soap:Body>", "</soap:Body><soap:Body>{}</soap:Body>", id="a second Body"),
        pytest.param("</soap:Body>", "</soap:Body><a>{}</a>", id="an element after the Body"),
        pytest.param(
            "</soap:Body>",
            '</soap:Body><soap:Header><a soap:mustUnderstand="1"/></soap:Header>',
            id="a Header after the Body",
        ),
        pytest.param("</soap:Body>", "</soap:Body>text", id="text after the Body"),
        pytest.param("<soap:Body>", "<soap:Body a='1' soap:encodingStyle='urn:x'>", id="attributes on the Body"),
        pytest.param(
            "<soap:Envelope ", "<soap:Envelope a='1' soap:encodingStyle='urn:x' ", id="attributes on the Envelope"
        ),
        pytest.param("<soap:Body>", "<soap:Header/><soap:Body>", id="an empty Header element"),
        pytest.param("<soap:Body>", "<soap:Header></soap:Header><soap:Body>", id="an empty Header"),
        pytest.param("<soap:Body>", "<soap:Header>text</soap:Header><soap:Body>", id="text in the Header"),
    ],
)
@BOTH
def test_what_else_is_in_an_envelope_is_ignored(site: Site, soap: str, old: str, new: str) -> None:
    body = envelope(login("nobody"), soap=soap).replace(old, new.format(login("other")))
    assert heard(post_in(site, soap, body)) == "nobody"


# --- headers ----------------------------------------------------------------------------------------------------------


def with_header(block: str, soap: str) -> str:
    return envelope(login("nobody"), soap=soap, header=f"<soap:Header>{block}</soap:Header>")


@pytest.mark.parametrize(
    ("block", "name"),
    [
        pytest.param('<A xmlns="urn:h" soap:mustUnderstand="1"/>', "A", id="1"),
        pytest.param('<A xmlns="urn:h" soap:mustUnderstand="true">text</A>', "A", id="true"),
        pytest.param('<h:Token xmlns:h="urn:h" soap:mustUnderstand="1"/>', "Token", id="with a prefix"),
        pytest.param('<A soap:mustUnderstand="1"/>', "A", id="in no namespace"),
        pytest.param('<A soap:mustUnderstand="1" soap:actor="urn:someone-else"/>', "A", id="for another actor"),
        pytest.param('<A soap:mustUnderstand="1" soap:role="urn:someone-else"/>', "A", id="for another role"),
        pytest.param('<A/><B soap:mustUnderstand="1"/><C soap:mustUnderstand="1"/>', "B", id="the first of two"),
        pytest.param(
            '<wsse:Security xmlns:wsse="urn:oasis" soap:mustUnderstand="1"><wsse:Token/></wsse:Security>',
            "Security",
            id="of WS-Security",
        ),
        pytest.param(
            '<wsa:To xmlns:wsa="http://www.w3.org/2005/08/addressing" soap:mustUnderstand="1">http://x</wsa:To>',
            "To",
            id="of WS-Addressing",
        ),
        pytest.param(
            f'<OutboundLogin xmlns="{T}" soap:mustUnderstand="1"/>', "OutboundLogin", id="of an operation's name"
        ),
    ],
)
@BOTH
def test_a_header_that_must_be_understood_is_not(site: Site, soap: str, block: str, name: str) -> None:
    reply = post_in(site, soap, with_header(block, soap))
    assert_fault(reply, "MustUnderstand", f"SOAP header {name} was not understood.", soap=soap, detail=None)


@pytest.mark.parametrize(("soap", "other"), [(SOAP11, SOAP12), (SOAP12, SOAP11)], ids=["1.2 in 1.1", "1.1 in 1.2"])
def test_a_header_may_say_so_in_the_other_versions_words(site: Site, soap: str, other: str) -> None:
    reply = post_in(site, soap, with_header(f'<A xmlns:o="{other}" o:mustUnderstand="1"/>', soap))
    assert_fault(reply, "MustUnderstand", "SOAP header A was not understood.", soap=soap, detail=None)


@pytest.mark.parametrize(
    "block",
    [
        pytest.param('<A xmlns="urn:h"/>', id="nothing said"),
        pytest.param('<A xmlns="urn:h" soap:mustUnderstand="0"/>', id="0"),
        pytest.param('<A xmlns="urn:h" soap:mustUnderstand="false"/>', id="false"),
        pytest.param('<A xmlns="urn:h" soap:mustUnderstand="maybe"/>', id="nonsense"),
        pytest.param('<A xmlns="urn:h" soap:mustUnderstand="TRUE"/>', id="TRUE"),
        pytest.param('<A xmlns="urn:h" soap:mustUnderstand=" 1 "/>', id="1 with blanks"),
        pytest.param('<A xmlns="urn:h" soap:mustUnderstand=""/>', id="empty"),
        pytest.param('<A xmlns="urn:h" mustUnderstand="1"/>', id="unqualified"),
        pytest.param('<A xmlns="urn:h" xmlns:x="urn:x" x:mustUnderstand="1"/>', id="in another namespace"),
        pytest.param('<A xmlns="urn:h"><B soap:mustUnderstand="1"/></A>', id="deeper down"),
        pytest.param(f'<A xmlns:xsi="{XSI}" xsi:nil="true"/>', id="nil"),
        pytest.param(f'<A xmlns:xsi="{XSI}" xsi:type="none:such"/>', id="of an unknown type"),
        pytest.param("<A>" + "<B>" * 50 + "</B>" * 50 + "</A>", id="deep"),
    ],
)
@BOTH
def test_other_headers_are_ignored(site: Site, soap: str, block: str) -> None:
    assert heard(post_in(site, soap, with_header(block, soap))) == "nobody"


def test_a_header_that_says_no_in_soap_11_words_says_no(site: Site) -> None:
    block = f'<A xmlns:a="{SOAP11}" xmlns:b="{SOAP12}" a:mustUnderstand="0" b:mustUnderstand="1"/>'
    assert heard(post(site, with_header(block, SOAP11))) == "nobody"


def test_the_operation_is_not_called_where_a_header_is_not_understood(running: Running, second_user: str) -> None:
    header = '<soap:Header><A soap:mustUnderstand="1"/></soap:Header>'
    arguments = f"<username>{second_user}</username><password>secret</password>"
    reply = post(running.site, envelope(operation("OutboundLogin", arguments), header=header))
    assert reply.status == 500
    assert second_user not in running.center.usernames()


def test_headers_are_not_read_where_the_operation_is_found_by_the_body(site: Site) -> None:
    header = '<soap:Header><A soap:mustUnderstand="1"/></soap:Header>'
    reply = post(site, envelope(operation("NoSuch"), header=header), soap_action=None)
    assert b"<faultcode>soap:Client</faultcode>" in reply.body
