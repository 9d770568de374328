"""One seed told four times: in TOML, YAML, JSON and Python."""

from __future__ import annotations

from datetime import datetime

from fake_ccmm.calls import CallPattern
from fake_ccmm.faults import Delay, FaultRule, Fixed, Reset
from fake_ccmm.model import (
    Address,
    Administrator,
    CampaignStatus,
    ContactStatus,
    CustomField,
    DispositionCode,
    PhoneNumber,
    Skillset,
)
from fake_ccmm.seed import CampaignSeed, ClockSeed, ClosureSeed, ContactSeed, Generate, Limits, Seed
from fake_ccmm.timeline import SetCampaignStatus, TimelineEvent

TOML = """\
#:schema https://fake-ccmm.invalid/seed.schema.json
last_contact_id = 5000
fault_seed = 9

administrators = [
    { username = "zoë", password = "7" },
    { username = "webadmin", password = "webadmin", base_install = true },
]
skillsets = [{ skillset_id = 7, name = "OB_Default" }]

[[disposition_codes]]
disposition_code_id = 1
name = "Sold"
numeric_value = 100

[[campaigns]]
campaign_id = 11
name = "Spring"
status = "Paused"
skillset = 7
date_created = 2026-01-31T09:00:00+01:00
start_date_time = "2026-02-01"
disposition_codes = [1, { disposition_code_id = 2, name = "Busy" }]
custom_field_names = ["Account", "Note"]
generate = { count = 3, seed = 4, locales = ["de", "jp"], closed_every = 2 }

[[campaigns.contacts]]
contact_id = 40
first_name = "Ada"
phone_number = { int_code = "0047", area_code = "", phone_no = "123" }
custom_fields = { Account = "A-1", Note = "" }

[[campaigns.contacts]]
last_name = "Łukasz 😀"
address = { line1 = "1 High Street", country = "NO" }
custom_fields = [{ name = "Account", text = "A-2", is_text_visible = true }]
skillset_id = 0
status = "Closed"
closure = { at = 2026-02-03T04:05:06.789, text = "no\\nanswer", disposition_code = 2 }

[[campaigns]]
campaign_id = 3
name = ""
skillset = { skillset_id = 8, name = "Own" }

[profile]
limit_seconds = 0.5
close_result = "contact-id"
[profile.too_soon]
number = 1
text = "wait"

[clock]
start = 2026-03-01T00:00:00Z
frozen = true

[limits]
journal_exchanges = 10

[[timeline]]
after = 5
do = { kind = "campaign-status", campaign_id = 11, status = "Running" }

[[faults]]
name = "lost"
when = { operation = "CloseContact", arguments = { contact_id = 40 } }
nth = 3
do = { kind = "reset" }

[[faults]]
do = { kind = "delay", distribution = { kind = "fixed", seconds = 1 } }
"""

YAML = """\
administrators:
  - {username: zoë, password: "7"}
  - {username: webadmin, password: webadmin, base_install: true}
skillsets: [{skillset_id: 7, name: OB_Default}]
disposition_codes:
  - {disposition_code_id: 1, name: Sold, numeric_value: 100}
campaigns:
  - campaign_id: 11
    name: Spring
    status: Paused
    skillset: 7
    date_created: 2026-01-31 09:00:00 +01:00
    start_date_time: 2026-02-01
    disposition_codes:
      - 1
      - &busy {disposition_code_id: 2, name: Busy}
    custom_field_names: [Account, Note]
    contacts:
      - contact_id: 40
        first_name: Ada
        phone_number: {int_code: "0047", area_code: "", phone_no: "123"}
        custom_fields: {Account: A-1, Note: ""}
      - last_name: Łukasz 😀
        address: {line1: 1 High Street, country: "NO"}
        custom_fields:
          - {name: Account, text: A-2, is_text_visible: true}
        skillset_id: 0
        status: Closed
        closure:
          at: 2026-02-03T04:05:06.789Z
          text: |-
            no
            answer
          disposition_code: 2
    generate: {count: 3, seed: 4, locales: [de, jp], closed_every: 2}
  - campaign_id: 3
    name: ""
    skillset: {skillset_id: 8, name: Own}
profile:
  limit_seconds: 0.5
  close_result: contact-id
  too_soon: {number: 1, text: wait}
clock: {start: 2026-03-01T00:00:00Z, frozen: yes}
last_contact_id: 5000
limits: {journal_exchanges: 10}
timeline:
  - after: 5
    do: {kind: campaign-status, campaign_id: 11, status: Running}
faults:
  - name: lost
    when: {operation: CloseContact, arguments: {contact_id: 40}}
    nth: 3
    do: {kind: reset}
  - do: {kind: delay, distribution: {kind: fixed, seconds: 1}}
fault_seed: 9
"""

JSON = """\
{
  "$schema": "./seed.schema.json",
  "administrators": [
    {"username": "zoë", "password": "7"},
    {"username": "webadmin", "password": "webadmin", "base_install": true}
  ],
  "skillsets": [{"skillset_id": 7, "name": "OB_Default"}],
  "disposition_codes": [{"disposition_code_id": 1, "name": "Sold", "numeric_value": 100}],
  "campaigns": [
    {
      "campaign_id": 11,
      "name": "Spring",
      "status": "Paused",
      "skillset": 7,
      "date_created": "2026-01-31T08:00:00Z",
      "start_date_time": "2026-02-01T00:00:00.0000000",
      "disposition_codes": [1, {"disposition_code_id": 2, "name": "Busy"}],
      "custom_field_names": ["Account", "Note"],
      "contacts": [
        {
          "contact_id": 40,
          "first_name": "Ada",
          "phone_number": {"int_code": "0047", "area_code": "", "phone_no": "123"},
          "custom_fields": {"Account": "A-1", "Note": ""}
        },
        {
          "last_name": "\\u0141ukasz 😀",
          "address": {"line1": "1 High Street", "country": "NO"},
          "custom_fields": [{"name": "Account", "text": "A-2", "is_text_visible": true}],
          "skillset_id": 0,
          "status": "Closed",
          "closure": {"at": "2026-02-03T02:05:06.789-02:00", "text": "no\\nanswer", "disposition_code": 2}
        }
      ],
      "generate": {"count": 3, "seed": 4, "locales": ["de", "jp"], "closed_every": 2}
    },
    {"campaign_id": 3, "name": "", "skillset": {"skillset_id": 8, "name": "Own"}}
  ],
  "profile": {
    "limit_seconds": 0.5,
    "close_result": "contact-id",
    "too_soon": {"number": 1, "text": "wait"}
  },
  "clock": {"start": "2026-03-01T00:00:00Z", "frozen": true},
  "last_contact_id": 5000,
  "limits": {"journal_exchanges": 10},
  "timeline": [{"after": 5, "do": {"kind": "campaign-status", "campaign_id": 11, "status": "Running"}}],
  "faults": [
    {
      "name": "lost",
      "when": {"operation": "CloseContact", "arguments": {"contact_id": 40}},
      "nth": 3,
      "do": {"kind": "reset"}
    },
    {"do": {"kind": "delay", "distribution": {"kind": "fixed", "seconds": 1}}}
  ],
  "fault_seed": 9
}
"""

TEXTS = {"toml": TOML, "yaml": YAML, "json": JSON}

PYTHON = Seed(
    administrators=(Administrator("zoë", "7"), Administrator("webadmin", "webadmin", base_install=True)),
    skillsets=(Skillset(7, "OB_Default"),),
    disposition_codes=(DispositionCode(1, "Sold", numeric_value=100),),
    campaigns=(
        CampaignSeed(
            campaign_id=11,
            name="Spring",
            status=CampaignStatus.PAUSED,
            skillset=7,
            date_created=datetime(2026, 1, 31, 8),
            start_date_time=datetime(2026, 2, 1),
            disposition_codes=(1, DispositionCode(2, "Busy")),
            custom_field_names=("Account", "Note"),
            contacts=(
                ContactSeed(
                    contact_id=40,
                    first_name="Ada",
                    phone_number=PhoneNumber("0047", "", "123"),
                    custom_fields=(CustomField("Account", "A-1"), CustomField("Note", "")),
                ),
                ContactSeed(
                    last_name="Łukasz 😀",
                    address=Address(line1="1 High Street", country="NO"),
                    custom_fields=(CustomField("Account", "A-2", is_text_visible=True),),
                    skillset_id=0,
                    status=ContactStatus.CLOSED,
                    closure=ClosureSeed(datetime(2026, 2, 3, 4, 5, 6, 789000), "no\nanswer", 2),
                ),
            ),
            generate=Generate(3, seed=4, locales=("de", "jp"), closed_every=2),
        ),
        CampaignSeed(campaign_id=3, name="", skillset=Skillset(8, "Own")),
    ),
    profile={"limit_seconds": 0.5, "close_result": "contact-id", "too_soon": {"number": 1, "text": "wait"}},
    clock=ClockSeed(start=datetime(2026, 3, 1), frozen=True),
    last_contact_id=5000,
    limits=Limits(journal_exchanges=10),
    timeline=(TimelineEvent(after=5, do=SetCampaignStatus(campaign_id=11, status=CampaignStatus.RUNNING)),),
    faults=(
        FaultRule(name="lost", when=CallPattern("CloseContact", arguments={"contact_id": 40}), nth=3, do=Reset()),
        FaultRule(do=Delay(distribution=Fixed(seconds=1))),
    ),
    fault_seed=9,
)
