"""Who may run on an SQLite file beside whom."""

import pytest

from services.cli.running import Occupied, running
from services.plumbing.database import close_database, open_database


@pytest.fixture
def urls(tmp_path):
    urls = [f"sqlite:///{tmp_path}/{name}.db" for name in ("recognition", "gateway")]
    yield urls
    for url in urls:
        close_database(url)


@pytest.mark.parametrize(
    ("language", "said"), [("en", ": a node runs on this file"), ("zh", "：已有节点在使用该")]
)
def test_a_second_node_on_the_same_files_is_refused_by_the_name_of_one(
    urls, tmp_path, monkeypatch, language, said
):
    monkeypatch.setenv("HUXIN_LANG", language)

    with running(urls, alone=True), pytest.raises(Occupied) as refused, running(urls, alone=True):
        pass

    assert str(refused.value).startswith(f"{tmp_path}/recognition.db{said}")


def test_a_file_is_free_when_its_node_has_ended(urls):
    with running(urls, alone=True):
        pass

    with running(urls, alone=True):
        pass


def test_who_is_refused_one_file_leaves_the_others_free(urls):
    recognition, gateway = urls

    with running([gateway], alone=True), pytest.raises(Occupied), running(urls, alone=True):
        pass

    with running([recognition], alone=True):
        pass


def test_parts_run_beside_one_another_and_beside_no_node(urls):
    one, other = running(urls, alone=False), running(urls, alone=False)

    with one, other, pytest.raises(Occupied), running(urls, alone=True):
        pass

    with running(urls, alone=True), pytest.raises(Occupied), running(urls, alone=False):
        pass


def test_a_link_leads_to_the_same_file(urls, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere/gateway.db"
    link.symlink_to(tmp_path / "gateway.db")

    by_its_link = running([f"sqlite:///{link}"], alone=True)

    with running(urls, alone=True), pytest.raises(Occupied), by_its_link:
        pass

    close_database(f"sqlite:///{link}")


def test_a_command_writes_to_the_file_of_a_node_that_runs(urls):
    with running(urls, alone=True), open_database(urls[0]).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE told (id integer)")


def test_on_postgresql_nobody_is_asked():
    nowhere = ["postgresql://nobody@127.0.0.1:1/none"]

    with running(nowhere, alone=True), running(nowhere, alone=True):
        pass
