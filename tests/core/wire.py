"""The little of the wire that tests of the core look at."""

from __future__ import annotations

from werkzeug.test import Client

from fake_ccmm.app import FakeCcmmApp
from fake_ccmm.center import ContactCenter

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SERVICES = "http://nortel.com/CCMMOutboundWebservices/"


def soap(center: ContactCenter, service: str, operation: str, arguments: str) -> str:
    """The whole answer to a call, as text."""
    call = f'<{operation} xmlns="{SERVICES}">{arguments}</{operation}>'
    answer = Client(FakeCcmmApp(center, log=None)).post(
        f"/ccmmoutboundwebservices/{service}.asmx",
        data=f'<e:Envelope xmlns:e="{SOAP}"><e:Body>{call}</e:Body></e:Envelope>'.encode(),
        content_type="text/xml; charset=utf-8",
        headers={"SOAPAction": f'"{SERVICES}{operation}"'},
    )
    return answer.get_data(as_text=True)


def get_campaigns(center: ContactCenter, key: str) -> str:
    """The answer to GetCampaigns."""
    return soap(center, "OutboundCampaignWS", "GetCampaigns", f"<sessionKey>{key}</sessionKey>")
