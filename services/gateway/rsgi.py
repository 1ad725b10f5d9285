"""The production entry: `granian --interface rsgi services.gateway.rsgi:front`.

Settings are read once, from the file that HUXIN_SETTINGS names, if any, and from HUXIN_<NAME>.
"""

import os
import sys
from pathlib import Path

from services.gateway.app import App, build_app
from services.gateway.front import Front
from services.gateway.places import BusWithPlaces
from services.gateway.settings import GatewaySettings
from services.plumbing.bus import Bus
from services.plumbing.clock import utc_now
from services.plumbing.database import open_database
from services.plumbing.log import configure_logs
from services.plumbing.migrate import upgrade
from services.plumbing.settings import load_settings, read_values


def _compose() -> App:
    file = os.environ.get("HUXIN_SETTINGS")
    values = read_values(Path(file) if file else None, os.environ)
    settings = load_settings(GatewaySettings, values)
    configure_logs(settings.log_level, sys.stdout)
    bus = BusWithPlaces(Bus(settings.bus_url, utc_now))
    engine = open_database(settings.gateway_database)
    upgrade(engine, "services.gateway")
    return build_app(settings, bus, engine, utc_now)


front = Front(_compose(), quick={"/v1/eligibility", "/health/live"})
