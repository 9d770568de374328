"""The site as IIS and ASP.NET serve it: everything but the SOAP calls themselves."""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qsl, unquote_plus

from . import answers, discovery, pages
from .answers import HTML, XML, Answer
from .documents import operation_samples, wsdl_document
from .paths import APPLICATION, Place, Target

_NOT_SCRIPT = "Only Web services with a [ScriptService] attribute on the class definition can be called from script."
_SERVED_BY_ASP_NET = frozenset({"GET", "HEAD", "POST", "DEBUG"})


def answer_elsewhere(target: Target, path: str, url: str, prefix: str, services: list[str]) -> Answer:
    """The answer to a path that is no service's; ``url`` is the address of the target, where it has one, and ``prefix``
    what stands before the application's path.
    """
    if target.place is Place.UNKNOWN_SERVICE:
        return answers.asp_net_not_found(APPLICATION, path)
    if target.place is Place.APPLICATION_WITHOUT_SLASH:
        return answers.iis(301, "Moved Permanently", "Document Moved", "", [("Location", f"{url}/")])
    if target.place is Place.APPLICATION:
        return answers.iis(
            403,
            "Forbidden",
            "Forbidden: Access is denied.",
            "You do not have permission to view this directory or page using the credentials that you supplied.",
        )
    if target.place is Place.ROOT:
        return _welcome(prefix, services)
    return answers.iis_not_found()


def answer_non_soap(method: str, target: Target, query: str, url: str, content_type: str, revision: str) -> Answer:
    """The answer to a request for a service that is no SOAP call: any verb but POST, or anything after the .asmx."""
    if method == "OPTIONS":
        return answers.options()
    if target.path_info and method in _SERVED_BY_ASP_NET:
        if method == "POST" and content_type.lower().startswith("application/json"):
            return answers.application_error(APPLICATION, _NOT_SCRIPT)
        sentence = f"Request format is unrecognized for URL unexpectedly ending in '{target.path_info}'."
        return answers.application_error(APPLICATION, sentence)
    if method != "GET":
        return answers.verb_not_allowed(APPLICATION)
    return _described(target, query, url, revision)


def _described(target: Target, query: str, url: str, revision: str) -> Answer:
    """What a GET of a service shows: its description, its discovery document, or a help page."""
    service = target.service
    named, bare = _parsed(query)
    if "schema" in named:
        return answers.description_error("Schema not found.")
    if "wsdl" in named:
        return answers.description_error("XML Web service description was not found.")
    if bare == "wsdl":
        return answers.described(XML, discovery.wsdl(wsdl_document(revision, service), url), "wsdl")
    if bare == "disco":
        return answers.described(XML, discovery.disco(url, service), "disco")
    samples = operation_samples(revision, service)
    if "op" in named:
        sample = samples.get(named["op"])
        if sample is None:
            page = pages.operation_not_found_page(service, target.path, named["op"])
        else:
            page = pages.operation_page(service, target.path, url.split("/")[2], sample)
        return answers.described(HTML, page, "help")
    operations = {name: sample.documentation for name, sample in samples.items()}
    return answers.described(HTML, pages.help_page(service, target.path, operations), "help")


def _parsed(query: str) -> tuple[dict[str, str], str]:
    """The parameters by lower-case name, and what stands there without a name, as ASP.NET collects them."""
    parts = query.split("&") if query else []
    bare = ",".join(unquote_plus(part) for part in parts if "=" not in part).lower()
    named = parse_qsl("&".join(part for part in parts if "=" in part), keep_blank_values=True)
    return {name.lower(): value for name, value in reversed(named)}, bare


def _welcome(prefix: str, services: list[str]) -> Answer:
    """What stands at the root: the way to the services."""
    links = "".join(f'<li><a href="{escape(prefix)}{APPLICATION}/{name}.asmx">{name}</a></li>' for name in services)
    page = f"<!DOCTYPE html><html><head><title>Outbound Web Services</title></head><body><ul>{links}</ul></body></html>"
    return answers.asp_net("200 OK", HTML, page.encode(), "welcome")
