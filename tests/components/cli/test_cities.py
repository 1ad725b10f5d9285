"""Where cities stand is listed and counted, as of today or of a day before."""

from datetime import timedelta

import pytest

from services.plumbing.clock import utc_now
from services.plumbing.database import open_database
from services.plumbing.migrate import upgrade
from services.plumbing.settings import load_settings, read_values
from services.recognition.adapters.unit_of_work import make_unit_of_work
from services.recognition.handlers.memberships import note_changes
from services.recognition.settings import RecognitionSettings
from tests.builders.attestations import FUZHOU, HANGZHOU, a_city, a_roster

pytestmark = pytest.mark.recognition

DAY = timedelta(days=1)


def test_cities_are_counted_as_of_any_day(huxin, settings):
    own = load_settings(RecognitionSettings, read_values(settings, {}))
    engine = open_database(own.recognition_database)
    upgrade(engine, "services.recognition")
    now = utc_now()
    suspended = a_city(FUZHOU, state="suspended", reason="key lost")
    with make_unit_of_work(engine, utc_now, None, lambda: None) as uow:
        before = a_roster(a_city(FUZHOU), a_city(HANGZHOU), version=1, issued_at=now - 9 * DAY)
        note_changes(before, uow=uow)
        after = a_roster(suspended, a_city(HANGZHOU), version=2, issued_at=now - DAY)
        note_changes(after, uow=uow)
        uow.commit()

    today = huxin("cities", "--settings", settings).stdout.splitlines()
    then = huxin("cities", "--settings", settings, "--at", f"{now - 5 * DAY:%Y-%m-%d}")

    assert today[-1] == "1 online"
    assert today[1].startswith("350100 福州 Fuzhou: suspended (key lost), since ")
    assert then.stdout.splitlines()[-1] == "2 online"
