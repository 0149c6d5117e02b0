from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from include.local_aws.core.store import Duplicate, Missing, Store


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "state.sqlite")
    yield store
    store.close()


def test_name_is_unique_within_its_kind(store: Store) -> None:
    store.insert("model", "a", {"x": 1})
    store.insert("endpoint", "a", {"x": 2})
    with pytest.raises(Duplicate):
        store.insert("model", "a", {"x": 3})
    assert store.get("model", "a") == {"x": 1}


def test_one_of_many_threads_gets_a_name(store: Store) -> None:
    """The name is the lock: of twenty who race for it, one wins."""
    won: list[int] = []

    def race(number: int) -> None:
        try:
            store.insert("training-job", "only", {"number": number})
            won.append(number)
        except Duplicate:
            pass

    threads = [threading.Thread(target=race, args=(number,), daemon=True) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert store.get("training-job", "only") == {"number": won[0]}


def test_update_merges_and_stamps(store: Store) -> None:
    store.insert("model", "a", {"kept": 1, "changed": 1, "LastModifiedTime": 0})
    doc = store.update("model", "a", changed=2)
    assert doc == store.get("model", "a")
    assert (doc["kept"], doc["changed"]) == (1, 2)
    assert doc["LastModifiedTime"] > 0


def test_changing_a_missing_resource_raises(store: Store) -> None:
    with pytest.raises(Missing):
        store.update("model", "none", x=1)
    with pytest.raises(Missing):
        store.delete("model", "none")
    assert store.get("model", "none") is None


def test_list_keeps_creation_order(store: Store) -> None:
    for name in ("c", "a", "b"):
        store.insert("model", name, {"name": name})
    store.update("model", "c", touched=True)
    assert [doc["name"] for doc in store.list("model")] == ["c", "a", "b"]


def test_tag_is_replaced_by_key(store: Store) -> None:
    store.put_tags("arn", [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "1"}])
    store.put_tags("arn", [{"Key": "a", "Value": "2"}])
    store.remove_tags("arn", ["b", "never-there"])
    assert store.tags("arn") == [{"Key": "a", "Value": "2"}]


def test_child_may_have_many_parents(store: Store) -> None:
    store.link("trial-component", "t1", "c")
    store.link("trial-component", "t2", "c")
    store.link("trial-component", "t2", "c")
    assert store.parents("trial-component", "c") == ["t1", "t2"]
    store.unlink("trial-component", "t1", "c")
    assert store.parents("trial-component", "c") == ["t2"]
    assert store.children("trial-component", "t1") == []


def test_state_is_there_after_the_file_is_opened_again(tmp_path: Path) -> None:
    first = Store(tmp_path / "state.sqlite")
    first.insert("model", "a", {"x": 1})
    first.put_tags("arn", [{"Key": "k", "Value": "v"}])
    second = Store(tmp_path / "state.sqlite")  # the first is not closed: so ends a kill -9
    assert second.get("model", "a") == {"x": 1}
    assert second.tags("arn") == [{"Key": "k", "Value": "v"}]
    first.close()
    second.close()


def test_failed_batch_leaves_the_store_usable(store: Store) -> None:
    """One bad row must not leave a transaction open: all threads share the connection."""
    bad = [("arn", "k", object())]
    with pytest.raises(Exception, match="object"):
        store.write_many("INSERT INTO tags VALUES (?, ?, ?)", bad)
    store.put_tags("arn", [{"Key": "k", "Value": "v"}])
    assert store.tags("arn") == [{"Key": "k", "Value": "v"}]


def test_a_document_that_sqlite_cannot_read_does_not_fail_a_search() -> None:
    """Python writes NaN into JSON; an older state may hold some."""
    store = Store(":memory:")
    store.insert("job", "diverged", {"Arn": "a", "Value": float("nan")})
    store.insert("job", "good", {"Arn": "b", "Value": 1.0})
    doc = store.find("job", "Arn", "b")
    assert doc
    assert doc["Value"] == 1.0


def test_a_resource_is_found_by_its_arn_whose_name_may_be_in_lower_case() -> None:
    store = Store(":memory:")
    store.insert("job", "Tree", {"Arn": "arn:job/tree"})
    store.insert("job", "tree", {"Arn": "arn:other/tree"})
    assert store.find_arn("job", "Arn", "arn:job/tree") == {"Arn": "arn:job/tree"}
    assert store.find_arn("job", "Arn", "arn:other/tree") == {"Arn": "arn:other/tree"}
    assert store.find_arn("job", "Arn", "arn:none/tree") is None
