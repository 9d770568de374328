"""JUnit XML that build servers read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from ccmm_contracts.report import Outcome, Report, Result
from ccmm_contracts.reports import write_junit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from . import samples

REPORTS = {
    "usual": samples.usual_report(),
    "long": samples.long_report(),
    "empty": samples.empty_report(),
    "set-up": samples.set_up_report(),
    "hostile": samples.hostile_report("".join(samples.HOSTILE)),
}

all_reports = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS.keys())

# What the schemas of Jenkins' xUnit plug-in, of Maven's Surefire and of windyroad have in common, as far as they agree.
SCHEMA = etree.XMLSchema(
    etree.fromstring(
        """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:simpleType name="time"><xs:restriction base="xs:string">
    <xs:pattern value="[0-9]+\\.[0-9]+"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="local-date-time"><xs:restriction base="xs:dateTime">
    <xs:pattern value="[0-9-]{10}T[0-9:]{8}"/></xs:restriction></xs:simpleType>
  <xs:complexType name="outcome" mixed="true">
    <xs:attribute name="message" type="xs:string"/>
    <xs:attribute name="type" type="xs:string" use="required"/>
  </xs:complexType>
  <xs:attributeGroup name="counts">
    <xs:attribute name="name" type="xs:token" use="required"/>
    <xs:attribute name="tests" type="xs:nonNegativeInteger" use="required"/>
    <xs:attribute name="failures" type="xs:nonNegativeInteger" use="required"/>
    <xs:attribute name="errors" type="xs:nonNegativeInteger" use="required"/>
    <xs:attribute name="time" type="time" use="required"/>
  </xs:attributeGroup>
  <xs:element name="testsuites"><xs:complexType>
    <xs:sequence><xs:element ref="testsuite" minOccurs="1" maxOccurs="unbounded"/></xs:sequence>
    <xs:attributeGroup ref="counts"/>
  </xs:complexType></xs:element>
  <xs:element name="testsuite"><xs:complexType>
    <xs:sequence>
      <xs:element name="properties"><xs:complexType><xs:sequence>
        <xs:element name="property" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
          <xs:attribute name="name" type="xs:token" use="required"/>
          <xs:attribute name="value" type="xs:string" use="required"/>
        </xs:complexType></xs:element>
      </xs:sequence></xs:complexType></xs:element>
      <xs:element name="testcase" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
        <xs:sequence>
          <xs:choice minOccurs="0">
            <xs:element name="skipped" type="outcome"/>
            <xs:element name="error" type="outcome"/>
            <xs:element name="failure" type="outcome"/>
          </xs:choice>
          <xs:element name="system-out" type="xs:string" minOccurs="0"/>
        </xs:sequence>
        <xs:attribute name="classname" type="xs:token" use="required"/>
        <xs:attribute name="name" type="xs:token" use="required"/>
        <xs:attribute name="time" type="time" use="required"/>
      </xs:complexType></xs:element>
    </xs:sequence>
    <xs:attributeGroup ref="counts"/>
    <xs:attribute name="skipped" type="xs:nonNegativeInteger" use="required"/>
    <xs:attribute name="timestamp" type="local-date-time"/>
  </xs:complexType></xs:element>
</xs:schema>"""
    )
)


def _written(report: Report, folder: Path) -> Any:
    path = folder / "junit.xml"
    write_junit(report, path)
    return etree.parse(path).getroot()


def _case(root: Any, contract_id: str) -> Any:
    (case,) = (one for one in root.iter("testcase") if one.get("name").partition(":")[0] == contract_id)
    return case


@all_reports
def test_every_report_is_valid(report: Report, tmp_path: Path) -> None:
    SCHEMA.assertValid(_written(report, tmp_path))


@all_reports
def test_the_counts_are_those_of_the_test_cases(report: Report, tmp_path: Path) -> None:
    root = _written(report, tmp_path)
    for one in (root, *root):
        assert int(one.get("tests")) == len(list(one.iter("testcase")))
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            if one.get(name) is not None:
                assert int(one.get(name)) == len(list(one.iter(tag))), (one.get("name"), name)


@all_reports
def test_every_contract_is_a_test_case(report: Report, tmp_path: Path) -> None:
    root = _written(report, tmp_path)
    assert len(list(root.iter("testcase"))) == len(report.results) + bool(report.set_up)


def test_no_two_test_cases_have_the_same_name(tmp_path: Path) -> None:
    root = _written(samples.long_report(), tmp_path)
    names = [(one.get("classname"), one.get("name")) for one in root.iter("testcase")]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("outcome", "tag"),
    [
        (Outcome.HOLDS, None),
        (Outcome.OBSERVED, None),
        (Outcome.BROKEN, "failure"),
        (Outcome.STALE, "failure"),
        (Outcome.SETUP, "error"),
        (Outcome.SKIPPED, "skipped"),
        (Outcome.KNOWN, "skipped"),
    ],
)
def test_each_outcome_has_its_element(outcome: Outcome, tag: str | None, tmp_path: Path) -> None:
    result = Result(samples.contract("A4"), outcome, "because")
    (case,) = _written(Report("server", "", "", results=(result,)), tmp_path).iter("testcase")
    assert [one.tag for one in case] == ([tag] if tag else [])
    if tag:
        assert case[0].get("type") == outcome.value
        assert "because" in case[0].get("message")


def test_a_failure_tells_the_message_the_story_and_how_to_see_it_again(tmp_path: Path) -> None:
    case = _case(_written(samples.usual_report(), tmp_path), "A4.refused")
    assert case.get("classname") == "ccmm-contracts.server.appending"
    assert case.get("name") == "A4.refused: An append within a second of the last is refused"
    assert case.get("time") == "1.600"
    (failure,) = case
    assert failure.get("message") == samples.FINDING.message
    for one in (samples.FINDING.message, *samples.FINDING.story, "ccmm-contracts replay ccmm-contracts/replay/A4"):
        assert one in failure.text


def test_a_known_deviation_is_skipped_with_its_reason(tmp_path: Path) -> None:
    (skipped,) = _case(_written(samples.usual_report(), tmp_path), "P5.controls")
    assert skipped.get("message").startswith("known deviation: ticket CC-77")
    assert "came back as 'Ann'" in skipped.text


def test_observations_are_output(tmp_path: Path) -> None:
    (output,) = _case(_written(samples.usual_report(), tmp_path), "X5.how")
    assert output.tag == "system-out"
    assert output.text.splitlines() == [
        "too fast: -1 is returned",
        '    limit_answer = "return"',
        "    limit_return_value = -1",
    ]


def test_a_broken_set_up_is_never_a_pass(tmp_path: Path) -> None:
    root = _written(samples.set_up_report(), tmp_path)
    (case,) = root.iter("testcase")
    assert case.get("name") == "set-up"
    assert case[0].tag == "error"
    assert case[0].get("message") == "no answer from ccmm.example.com within 10.0 s: is the URL right?"
    assert "Try it with curl" in case[0].text
    assert root.get("errors") == "1"


def test_a_broken_set_up_comes_beside_what_was_tried(tmp_path: Path) -> None:
    root = _written(replace(samples.usual_report(), set_up="the server went away"), tmp_path)
    assert root[0].get("name") == "set-up"
    assert root.get("errors") == "1"
    assert root.get("failures") == "3"


def test_every_suite_says_what_was_checked(tmp_path: Path) -> None:
    for suite in _written(samples.usual_report(), tmp_path):
        told = {one.get("name"): one.get("value") for one in suite.iter("property")}
        assert told["target"] == samples.TARGET
        assert told["seed"] == "4242"
        assert told["exit-code"] == "1"
        assert "IIS" in told["fact.1"]
        assert "812" in told["left-behind.1"]
        assert suite.get("timestamp") == "2030-06-03T09:00:00"


def test_a_group_is_a_suite(tmp_path: Path) -> None:
    suites = [one.get("name") for one in _written(samples.usual_report(), tmp_path)]
    assert suites == ["session", "campaigns", "paging", "appending", "closing", "finding", "envelope"]


@pytest.mark.parametrize("text", samples.HOSTILE)
def test_any_text_of_a_server_gives_xml_that_any_parser_reads(text: str, tmp_path: Path) -> None:
    root = _written(samples.hostile_report(text), tmp_path)
    ElementTree.parse(tmp_path / "junit.xml")
    SCHEMA.assertValid(root)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters()))
def test_any_text_at_all_gives_xml(text: str, tmp_path: Path) -> None:
    assert _written(samples.hostile_report(text), tmp_path).get("tests") == str(len(Outcome) + bool(text))
