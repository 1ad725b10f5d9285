"""What `huxin up` says when it cannot start, and what `huxin demo` leaves, in their own process."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from services.cli.demo.world import HANGZHOU
from services.cli.running import running
from services.cli.sandbox import gateway_urls, make_sandbox
from services.plumbing.clock import utc_now
from tests.servers.process import free_port

HUXIN = Path(sys.executable).with_name("huxin")
PATIENCE = 240


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_port_that_is_taken_stops_the_start_in_one_line(tmp_path, taken_port):
    sandbox = make_sandbox(tmp_path / "cities", gateway_urls(8331), utc_now())

    done = subprocess.run(
        [HUXIN, "up", "--settings", sandbox.settings[HANGZHOU]],
        env={"HUXIN_HTTP_PORT": str(taken_port)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr == (
        f"huxin: cannot listen at 127.0.0.1:{taken_port} (http_host, http_port):"
        " [Errno 98] Address already in use\n"
    )


def test_a_file_of_the_alliance_that_is_missing_stops_the_start_in_one_line(tmp_path):
    sandbox = make_sandbox(tmp_path / "cities", gateway_urls(8331), utc_now())
    keys = tmp_path / "cities/alliance/alliance-keys.json"
    keys.unlink()

    done = subprocess.run(
        [HUXIN, "up", "--settings", sandbox.settings[HANGZHOU]],
        env={"HUXIN_HTTP_PORT": str(free_port())},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.splitlines()[1:] == [f"huxin: {keys}: No such file or directory"]


def test_a_part_does_not_run_beside_a_whole_node_on_its_file(tmp_path):
    sandbox = make_sandbox(tmp_path / "cities", gateway_urls(8331), utc_now())
    file = tmp_path / f"cities/{HANGZHOU}/data/scenarios.db"

    with running([f"sqlite:///{file}"], alone=True):
        done = subprocess.run(
            [HUXIN, "run", "scenarios", "--settings", sandbox.settings[HANGZHOU]],
            env={"HUXIN_BUS_URL": "amqp://127.0.0.1:1"},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"huxin: {file}: a node runs on this file already; stop it first")


def test_a_demonstration_that_is_ended_leaves_no_keys_behind(tmp_path):
    with subprocess.Popen(
        [HUXIN, "demo", "--port", str(free_port())],
        env={"TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as demo:
        assert demo.stdout.readline()  # the cities are up
        kept = list(tmp_path.glob("huxin-demo-*/cities/*/keys/*.jwk"))
        demo.terminate()
        demo.communicate(timeout=PATIENCE)

    assert kept
    assert list(tmp_path.glob("huxin-demo-*")) == []
