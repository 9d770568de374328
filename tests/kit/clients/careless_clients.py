"""Clients that break one rule each: the good one with one of its habits changed. ``CARELESS`` has them by rule."""

from __future__ import annotations

import time
from typing import Any, ClassVar
from xml.etree import ElementTree

from ccmm_contracts.clients import ClientError

from .good_client import EXPIRED, REJECTED, Elements, Fault, GoodClient, every, text

CARELESS: dict[str, list[type[GoodClient]]] = {}


def breaks(*rules: str) -> Any:
    """Note a client under the rules that it breaks."""

    def note(client: type[GoodClient]) -> type[GoodClient]:
        for rule in rules:
            CARELESS.setdefault(rule, []).append(client)
        return client

    return note


Contacts = list[dict[str, Any]]


# --- reading ----------------------------------------------------------------------------------------------------------


@breaks("K1")
class StartsWithOne(GoodClient):
    def first_cursor(self) -> int:
        return 1


@breaks("K1")
class CountsInsteadOfReadingIds(GoodClient):
    def next_cursor(self, cursor: int, page: Contacts) -> int:
        return cursor + len(page)


@breaks("K1")
class GoesOnWithTheFirstIdOfThePage(GoodClient):
    def next_cursor(self, cursor: int, page: Contacts) -> int:
        return int(page[0]["contact_id"])


@breaks("K2")
class ReadsOnePageOnly(GoodClient):
    def is_end(self, page: Contacts, contacts: Contacts) -> bool:
        return True


@breaks("K2")
class NeverStops(GoodClient):
    def is_end(self, page: Contacts, contacts: Contacts) -> bool:
        return False

    def next_cursor(self, cursor: int, page: Contacts) -> int:
        return int(page[-1]["contact_id"]) if page else cursor


@breaks("K2")
class ReadsUntilTheCountIsReached(GoodClient):
    def fetch_contacts(self, campaign_id: int) -> Contacts:
        wanted = next(one for one in self.list_campaigns() if one["campaign_id"] == campaign_id)["number_of_contacts"]
        contacts: Contacts = []
        while len(contacts) < wanted:
            contacts += self.page(campaign_id, contacts[-1]["contact_id"] if contacts else 0)
        return contacts


@breaks("K3")
class AsksForEveryPageTwice(GoodClient):
    def page(self, campaign_id: int, cursor: int) -> Contacts:
        super().page(campaign_id, cursor)
        return super().page(campaign_id, cursor)


@breaks("K3")
class LosesTheLastPage(GoodClient):
    def fetch_contacts(self, campaign_id: int) -> Contacts:
        contacts = super().fetch_contacts(campaign_id)
        return contacts[: len(contacts) // 200 * 200]


@breaks("K3")
class HandsOverTheFirstContactTwice(GoodClient):
    def fetch_contacts(self, campaign_id: int) -> Contacts:
        contacts = super().fetch_contacts(campaign_id)
        return contacts[:1] + contacts


@breaks("K6")
class TakesAClosedCampaignForTheEnd(GoodClient):
    def page(self, campaign_id: int, cursor: int) -> Contacts:
        try:
            return super().page(campaign_id, cursor)
        except ClientError as error:
            if cursor and error.kind == "refused":
                return []
            raise


# --- writing ----------------------------------------------------------------------------------------------------------


@breaks("K4", "K5")
class NeverWaits(GoodClient):
    def pace(self, operation: str) -> None:
        pass


@breaks("K4")
class WaitsWithinOneRequestOnly(GoodClient):
    def append_contacts(self, campaign_id: int, contacts: Contacts) -> dict[str, int]:
        self.last_call.clear()
        return super().append_contacts(campaign_id, contacts)


@breaks("K4")
class TriesUntilItIsItsTurn(GoodClient):
    def pace(self, operation: str) -> None:
        pass

    def append(self, campaign_id: int, contact: dict[str, Any]) -> None:
        for _ in range(20):
            try:
                return super().append(campaign_id, contact)
            except ClientError:
                time.sleep(0.3)
        raise ClientError("failed", "no turn came")


@breaks("K6")
class AppendsOnAfterErrors(GoodClient):
    def append_contacts(self, campaign_id: int, contacts: Contacts) -> dict[str, int]:
        appended = 0
        for one in contacts:
            try:
                appended += super().append_contacts(campaign_id, [one])["appended"]
            except ClientError:
                continue
        return {"appended": appended}

    def pace(self, operation: str) -> None:
        pass


@breaks("K12")
class SendsAgainWhatWasNotAnswered(GoodClient):
    def append(self, campaign_id: int, contact: dict[str, Any]) -> None:
        try:
            super().append(campaign_id, contact)
        except ClientError:
            self.pace("AppendContactsToCampaign")
            super().append(campaign_id, contact)


@breaks("K12")
class PassesForDoneWhatItSentTwice(GoodClient):
    """It does look first, at the campaigns, but not whether the contact is there."""

    def append(self, campaign_id: int, contact: dict[str, Any]) -> None:
        try:
            super().append(campaign_id, contact)
        except ClientError:
            self.list_campaigns()
            self.pace("AppendContactsToCampaign")
            super().append(campaign_id, contact)


class OfAnyCampaign(GoodClient):
    """What its heirs have in common: every campaign's codes."""

    def codes(self) -> dict[str, ElementTree.Element]:
        campaigns = self.work("campaign", "GetCampaigns", [("sessionKey", ...)])
        return {text(one, "Name"): one for one in reversed(every(campaigns, "OWDispositioncode"))}


@breaks("K13")
class TakesCodesOfOtherCampaigns(OfAnyCampaign):
    def code(self, campaign_id: int, name: str) -> int:
        return int(text(self.codes()[name], "Id")) if name in self.codes() else super().code(campaign_id, name)


@breaks("K13")
class SendsNumericValues(OfAnyCampaign):
    def code(self, campaign_id: int, name: str) -> int:
        super().code(campaign_id, name)
        return int(text(self.codes()[name], "NumbericValue"))


@breaks("K13")
class LeavesOutCodesThatAreNotLinked(GoodClient):
    def close_contact(
        self,
        campaign_id: int,
        text: str | None,
        disposition: str | None,
        contact_id: int | None = None,
        custom_field: dict[str, str] | None = None,
    ) -> None:
        try:
            super().close_contact(campaign_id, text, disposition, contact_id, custom_field)
        except ClientError:
            super().close_contact(campaign_id, text, None, contact_id, custom_field)


@breaks("K13")
class LetsTheServerFindOutWhatIsLinked(GoodClient):
    def code(self, campaign_id: int, name: str) -> int:
        try:
            return super().code(campaign_id, name)
        except ClientError:
            return 987_654


class WithChangedElements(GoodClient):
    """What its heirs have in common: some elements of calls are changed."""

    changes: ClassVar[dict[str, Any]] = {}

    def call(self, service: str, operation: str, elements: Elements) -> ElementTree.Element:
        changed = [(name, self.changes.get(name, one)) for name, one in elements]
        return super().call(service, operation, changed)


@breaks("K14")
class NeverSaysThatThereIsACode(WithChangedElements):
    changes: ClassVar[dict[str, Any]] = {"closedReasonCodeSpecified": False}


@breaks("K14")
class AlwaysSaysThatThereIsACode(WithChangedElements):
    changes: ClassVar[dict[str, Any]] = {"closedReasonCodeSpecified": True}


@breaks("K14")
class NeverSaysThatACustomFieldIsMeant(WithChangedElements):
    changes: ClassVar[dict[str, Any]] = {"customFieldSpecified": False}


@breaks("K14")
class AlwaysSaysThatACustomFieldIsMeant(WithChangedElements):
    changes: ClassVar[dict[str, Any]] = {"customFieldSpecified": True}


@breaks("K14")
class AsksForTheStatusOfContactNought(WithChangedElements):
    changes: ClassVar[dict[str, Any]] = {"customFieldPassed": False}


# --- finding ----------------------------------------------------------------------------------------------------------


@breaks("K7")
class HandsOnMinusOne(GoodClient):
    def find_contact_id(self, campaign_id: int, phone_number: dict[str, Any]) -> int | None:
        found = super().find_contact_id(campaign_id, phone_number)
        return -1 if found is None else found


@breaks("K7")
class LooksAtContactMinusOne(GoodClient):
    def find_contact_id(self, campaign_id: int, phone_number: dict[str, Any]) -> int | None:
        found = super().find_contact_id(campaign_id, phone_number)
        try:
            self.contact_status(campaign_id, -1 if found is None else found)
        except ClientError:
            return None
        return found


# --- sessions ---------------------------------------------------------------------------------------------------------


@breaks("K8")
class AlwaysTakesOver(GoodClient):
    def on_already_logged_in(self, words: str) -> str:
        self.take_over = True
        return super().on_already_logged_in(words)


@breaks("K8")
class NeverTakesOver(GoodClient):
    def on_already_logged_in(self, words: str) -> str:
        raise ClientError("already-logged-in", words)


@breaks("K8")
class LogsOffWhoeverIsLoggedIn(GoodClient):
    def log_off(self) -> None:
        self.call("utility", "OutboundLogoff", [("username", self.user)])


@breaks("K8")
class CallsItAFailedLogIn(GoodClient):
    def on_already_logged_in(self, words: str) -> str:
        if self.take_over:
            return super().on_already_logged_in(words)
        raise ClientError("login-refused", "the log-in failed")


@breaks("K9")
class GivesUpAnExpiredSession(GoodClient):
    def on_session_ended(self, service: str, operation: str, elements: Elements, words: str) -> ElementTree.Element:
        if EXPIRED in words:
            raise ClientError("refused", words)
        return super().on_session_ended(service, operation, elements, words)


@breaks("K10")
class GivesUpARejectedKey(GoodClient):
    def on_session_ended(self, service: str, operation: str, elements: Elements, words: str) -> ElementTree.Element:
        if REJECTED in words:
            raise ClientError("refused", words)
        return super().on_session_ended(service, operation, elements, words)


@breaks("K9", "K10")
class LogsInAgainAndAgain(GoodClient):
    def on_session_ended(self, service: str, operation: str, elements: Elements, words: str) -> ElementTree.Element:
        for _ in range(9):
            self.log_off()
            self.log_in()
            try:
                return self.call(service, operation, elements)
            except Fault as fault:
                words = str(fault)
        raise ClientError("refused", words)


@breaks("K9", "K10")
class CallsAgainWithTheSameKey(GoodClient):
    def on_session_ended(self, service: str, operation: str, elements: Elements, words: str) -> ElementTree.Element:
        for _ in range(3):
            try:
                return self.call(service, operation, elements)
            except Fault as fault:
                words = str(fault)
        raise ClientError("refused", words)


@breaks("K9", "K10")
class BeginsAnewAfterALogIn(GoodClient):
    def page(self, campaign_id: int, cursor: int) -> Contacts:
        before = self.key
        page = super().page(campaign_id, cursor)
        return page if before in (None, self.key) else super().page(campaign_id, 0) + page


@breaks("K15")
class NeverLogsOff(GoodClient):
    def end(self) -> None:
        pass


@breaks("K15")
class LogsOffOnlyWhenAllWentWell(GoodClient):
    has_failed = False

    def work(self, service: str, operation: str, elements: Elements) -> ElementTree.Element:
        try:
            return super().work(service, operation, elements)
        except ClientError:
            self.has_failed = True
            raise

    def end(self) -> None:
        if not self.has_failed:
            super().end()


@breaks("K15")
class ForgetsTheKeyInsteadOfLoggingOff(GoodClient):
    def log_off(self) -> None:
        self.key = None


# --- answers and texts ------------------------------------------------------------------------------------------------


@breaks("K11")
class TakesFaultsForNothingFound(GoodClient):
    def page(self, campaign_id: int, cursor: int) -> Contacts:
        try:
            return super().page(campaign_id, cursor)
        except ClientError:
            return []


@breaks("K11")
class HasItsOwnWords(GoodClient):
    def work(self, service: str, operation: str, elements: Elements) -> ElementTree.Element:
        try:
            return super().work(service, operation, elements)
        except ClientError as error:
            raise ClientError(error.kind, f"{operation} went wrong") from None


@breaks("K11")
class TakesAnErrorPageForNothingFound(GoodClient):
    def read(self, operation: str, status: int, answer: bytes) -> ElementTree.Element:
        return ElementTree.Element("nothing") if status == 503 else super().read(operation, status, answer)


@breaks("K16")
class WritesLatinOnly(GoodClient):
    def send(self, url: str, operation: str, body: bytes) -> tuple[int, bytes]:
        return super().send(url, operation, body.decode().encode("latin-1", "replace").decode("latin-1").encode())


@breaks("K16")
class WritesNothingButAscii(GoodClient):
    def append(self, campaign_id: int, contact: dict[str, Any]) -> None:
        plain = {name: one.encode("ascii", "ignore").decode() for name, one in contact.items() if isinstance(one, str)}
        super().append(campaign_id, contact | plain)


@breaks("K16")
class ReadsLatinOnly(GoodClient):
    def read(self, operation: str, status: int, answer: bytes) -> ElementTree.Element:
        return super().read(operation, status, answer.decode().encode("ascii", "replace"))


@breaks("K16")
class ClosesWithoutTheText(WithChangedElements):
    changes: ClassVar[dict[str, Any]] = {"closureText": "closed"}


@breaks("K17")
class KnowsEveryElement(GoodClient):
    def read(self, operation: str, status: int, answer: bytes) -> ElementTree.Element:
        result = super().read(operation, status, answer)
        for one in result.iter():
            if one.tag.endswith("}Extra"):
                raise ClientError("failed", f"unknown element {one.tag}")
        return result


@breaks("K17")
class CountsElements(GoodClient):
    def fetch_contacts(self, campaign_id: int) -> Contacts:
        elements: Elements = [("CampaignID", campaign_id), ("LastContactID", 0), ("sessionKey", ...)]
        result = self.work("campaign", "Get200CampaignContacts", elements)
        return [{"contact_id": int(list(one)[-1].text or 0)} for one in every(result, "OWContact")]


@breaks("K18")
class CallsWhatIsNotThere(GoodClient):
    def log_in_once(self) -> str:
        key = super().log_in_once()
        try:
            self.call("utility", "OutboundLoginCheck", [("sessionKey", ...)])
        except Fault:
            return key
        return key


@breaks("K18")
class LeavesOutWhatIsRequired(GoodClient):
    def call(self, service: str, operation: str, elements: Elements) -> ElementTree.Element:
        return super().call(service, operation, [one for one in elements if one[0] != "closedReasonCodeSpecified"])


@breaks("K18")
class SendsElementsInAnotherOrder(GoodClient):
    def call(self, service: str, operation: str, elements: Elements) -> ElementTree.Element:
        return super().call(service, operation, elements[::-1])
