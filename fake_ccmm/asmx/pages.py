"""The HTML pages a browser gets from an .asmx address: the list of operations and one page for each operation.

The texts, links and class names are those of ASP.NET's own help pages; the markup around them is ours. Pages are UTF-8
with CRLF line ends. Whatever comes from a request (path, host, operation name) is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

_STYLE = """\
    <style type="text/css">
      body { background-color: white; color: #000000; font-family: Verdana; margin: 0px; }
      #content { font-size: .70em; margin-left: 30px; padding-bottom: 2em; }
      a:link, a:visited { color: #336699; font-weight: bold; text-decoration: underline; }
      a:hover { color: #cc3300; font-weight: bold; text-decoration: underline; }
      p { color: #000000; font-family: Verdana; margin-bottom: 12px; margin-top: 0px; }
      pre { background-color: #e5e5cc; border: 1px #f0f0e0 solid; font-family: Courier New; font-size: x-small;
            margin-top: -5px; padding: 5px; }
      h2 { border-top: 1px solid #003366; color: #003366; font-size: 1.5em; margin: 25px 0px 10px -15px; }
      h3 { color: #000000; font-size: 1.1em; margin: 10px 0px 10px -15px; }
      ul { margin-left: 20px; margin-top: 10px; }
      li { color: #000000; margin-top: 10px; }
      font.value { color: darkblue; font: bold; }
      .heading1 { background-color: #003366; color: #ffffff; font-family: Tahoma; font-size: 26px; font-weight: normal;
                  margin: 0px 0px 0px -30px; padding: 10px 0px 3px 15px; width: 105%; }
      .intro { margin-left: -15px; }
    </style>"""

_LOCAL_ONLY = "The test form is only available for requests from the local machine."
_PRIMITIVES_ONLY = "The test form is only available for methods with primitive types as parameters."
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_XSD = "http://www.w3.org/2001/XMLSchema"


@dataclass(frozen=True, slots=True)
class SampleElement:
    """One element of a sample message.

    An element without children is a leaf and shows `type_name` ("string", "long", "dateTime") as its placeholder; a
    leaf with an empty `type_name` is shown as an empty element. `repeated` elements are shown twice, as list items are.
    An element whose `namespace` differs from its parent's declares it with xmlns.
    """

    name: str
    type_name: str
    namespace: str
    children: tuple[SampleElement, ...] = ()
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class OperationSample:
    """What the page of one operation shows: its name, its description or None, its SOAP action (unquoted), and the
    elements inside soap:Body of the request and of the response. These two are never leaves: without children they
    are shown as empty elements.
    """

    name: str
    documentation: str | None
    action: str
    request: SampleElement
    response: SampleElement


@dataclass(frozen=True, slots=True)
class _SoapVersion:
    """How the samples of one SOAP version look."""

    number: str
    prefix: str
    namespace: str
    content_type: str
    shows_action: bool


_SOAP11 = _SoapVersion("1.1", "soap", "http://schemas.xmlsoap.org/soap/envelope/", "text/xml", True)
_SOAP12 = _SoapVersion("1.2", "soap12", "http://www.w3.org/2003/05/soap-envelope", "application/soap+xml", False)


def help_page(service: str, path: str, operations: Mapping[str, str | None]) -> bytes:
    """The page for a GET without a query: the service's operations in alphabetical order.

    Takes the service's name, the path as the client typed it and each operation's description (None: it has none).
    Gives the HTML document.
    """
    link = _file_link(path)
    items = "\n".join(
        _operation_item(link, name, operations[name])
        for name in sorted(operations, key=lambda name: (name.lower(), name))
    )
    return _page(
        service,
        path,
        f"""\
      <span>
          <p class="intro">The following operations are supported.  For a formal definition, please review the \
<a href="{link}?WSDL">Service Description</a>. </p>

              <ul>
{items}
              </ul>
      </span>""",
    )


def operation_page(service: str, path: str, host: str, operation: OperationSample) -> bytes:
    """The page for ?op=NAME: the operation's description and sample messages in SOAP 1.1 and 1.2.

    Takes the service's name, the path as the client typed it, the value of the Host header and the operation. Gives the
    HTML document.
    """
    doc = f'\n          <p class="intro">{_text(operation.documentation)}</p>' if operation.documentation else ""
    simple = not any(parameter.children for parameter in operation.request.children)
    samples = "\n".join(_samples(path, host, operation, version) for version in (_SOAP11, _SOAP12))
    return _page(
        service,
        path,
        f"""\
      <span>
{_back_link(path)}
          <h2>{_text(operation.name)}</h2>{doc}

          <h3>Test</h3>
          {_LOCAL_ONLY if simple else _PRIMITIVES_ONLY}

{samples}
      </span>""",
    )


def operation_not_found_page(service: str, path: str, name: str) -> bytes:
    """The page for ?op=NAME when the service has no such operation.

    Takes the service's name, the path as the client typed it and the name asked for. Gives the HTML document.
    """
    return _page(
        service,
        path,
        f"""\
      <span>
{_back_link(path)}
          <h2>Method Not Found</h2>
          <p class="intro">Method '{_text(name)}' was not found in service {_text(service)}.</p>
      </span>""",
    )


def _page(service: str, path: str, content: str) -> bytes:
    """The frame all help pages share, around content that is HTML already."""
    page = f"""\
<html>

    <head><link rel="alternate" type="text/xml" href="{escape(path)}?disco" />

{_STYLE}

    <title>{_text(service)} Web Service</title></head>

  <body>

    <div id="content">

      <p class="heading1">{_text(service)}</p><br>

{content}

    </div>

  </body>
</html>
"""
    return page.replace("\n", "\r\n").encode("utf-8", "replace")


def _text(value: str) -> str:
    """Text escaped for use between tags; quotes stay as they are, as in ASP.NET's pages."""
    return escape(value, quote=False)


def _file_link(path: str) -> str:
    """A relative link to the last segment of the path, safe in an attribute; percent escapes in it are kept."""
    return escape(quote(path.rpartition("/")[2], safe="%", errors="replace"))


def _back_link(path: str) -> str:
    """The line that leads back from an operation to the list."""
    link = _file_link(path)
    return f'          <p class="intro">Click <a href="{link}">here</a> for a complete list of operations.</p>'


def _operation_item(link: str, name: str, documentation: str | None) -> str:
    """One operation in the list, with its description if it has one."""
    doc = ""
    if documentation:
        doc = f"\n                <span>\n                  <br>{_text(documentation)}\n                </span>"
    return f"""\
              <li><a href="{link}?op={escape(quote(name))}">{_text(name)}</a>{doc}
              </li>
              <p>"""


def _samples(path: str, host: str, operation: OperationSample, version: _SoapVersion) -> str:
    """The section of one SOAP version: heading, introduction, sample request and sample response."""
    headers = f"""\
Content-Type: {version.content_type}; charset=utf-8
Content-Length: <font class=value>length</font>
"""
    action = f'SOAPAction: "{_text(operation.action)}"\n' if version.shows_action else ""
    return f"""\
          <span>
              <h3>SOAP {version.number}</h3>
              <p>The following is a sample SOAP {version.number} request and response.  \
The <font class=value>placeholders</font> shown need to be replaced with actual values.</p>

              <pre>POST {_text(path)} HTTP/1.1
Host: {_text(host)}
{headers}{action}
{_envelope(operation.request, version)}</pre>

              <pre>HTTP/1.1 200 OK
{headers}
{_envelope(operation.response, version)}</pre>
          </span>"""


def _envelope(body: SampleElement, version: _SoapVersion) -> str:
    """A whole sample message as HTML: escaped XML with the placeholders marked."""
    soap = version.prefix
    namespaces = f'xmlns:xsi="{_XSI}" xmlns:xsd="{_XSD}" xmlns:{soap}="{version.namespace}"'
    return "\n".join(
        [
            _text('<?xml version="1.0" encoding="utf-8"?>'),
            _text(f"<{soap}:Envelope {namespaces}>"),
            _text(f"  <{soap}:Body>"),
            *_element_lines(body, parent_namespace="", depth=2, is_message=True),
            _text(f"  </{soap}:Body>"),
            _text(f"</{soap}:Envelope>"),
        ]
    )


def _element_lines(
    element: SampleElement, parent_namespace: str, depth: int, is_message: bool = False
) -> Iterator[str]:
    """The lines that show an element and all below it, as HTML."""
    indent = "  " * depth
    declares = element.namespace != parent_namespace
    start = element.name + (f' xmlns="{escape(element.namespace)}"' if declares else "")
    placeholder = "" if is_message else element.type_name
    for _ in range(2 if element.repeated else 1):
        if element.children:
            yield indent + _text(f"<{start}>")
            for child in element.children:
                yield from _element_lines(child, element.namespace, depth + 1)
            yield indent + _text(f"</{element.name}>")
        elif placeholder:
            value = f"<font class=value>{_text(placeholder)}</font>"
            yield indent + _text(f"<{start}>") + value + _text(f"</{element.name}>")
        else:
            yield indent + _text(f"<{start} />")
