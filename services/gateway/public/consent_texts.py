"""The text a resident is to be shown before they consent."""

from contracts.consents import ConsentText, ConsentTextAnswer, ShowConsentText
from services.gateway.authentication.callers import Anyone
from services.gateway.calls import Bus, Call, Content
from services.gateway.json_text import to_json
from services.gateway.parameters import naming
from services.gateway.problems import language_of


class ConsentTexts:
    """For everyone: what it says depends on nobody who asks."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def show_consent_text(self, call: Call[Anyone, None]) -> Content:
        """Show the text of now; it is never cached, as only that can be consented to."""
        command = ShowConsentText(
            recipient=call.query["recipient"],
            purposes=call.query["purpose"],
            until=call.query["until"],
        )
        with naming(purposes="query.purpose", until="query.until"):
            text: ConsentText = self._bus.call(command, cause=call.cause)
        language = language_of(call.request)
        answer = ConsentTextAnswer(
            version=text.version,
            digest=text.digest,
            language=language,
            text=text.text_en if language == "en" else text.text_zh,
            text_zh=text.text_zh,
            text_en=text.text_en,
        )
        headers = {
            "Cache-Control": "no-store",
            "Content-Language": language,
            "Vary": "Accept-Language",
        }
        return Content(to_json(answer), headers=headers)
