from __future__ import annotations

import errno
import logging
import os
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import s3fs

from post.engine.opening import open_place
from post.engine.remote_files import RemoteFiles
from post.engine.remote_store import RemoteStore
from post.engine.store import Store
from post.engine.store_place import StorePlace, read_address
from post.errors import JobError, OutputError, RetryError
from tests.made.object_store import (
    Dropping,
    Refusing,
    address,
    failing_server,
    object_store,
    with_credentials,
    write_object,
)
from tests.made.stores import SEAL_KEY

KEY, OTHER = "a" * 64, "b" * 64
Machine = Callable[[str], Store]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with object_store() as at:
        yield at


@pytest.fixture(params=["s3", "file", "memory"])
def machine(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Opens one store, empty at first, from the machine of that name."""
    with_credentials(monkeypatch)
    name = uuid4().hex
    url = {"file": f"file://{tmp_path}/shared", "memory": f"memory://{name}"}.get(request.param)
    url = url or address(request.getfixturevalue("endpoint"), name)
    return lambda own: open_place(StorePlace(str(tmp_path / own), SEAL_KEY, url))


def s3_store(endpoint: str, folder: Path, prefix: str, most: int = 1 << 30) -> Store:
    return open_place(StorePlace(str(folder), SEAL_KEY, address(endpoint, prefix), most))


def read(store: Store, key: str = KEY) -> bytes:
    with store.open(key) as file:
        return file.read()


def test_what_one_machine_keeps_another_finds(machine: Machine) -> None:
    here, there = machine("here"), machine("there")
    assert there.get(KEY) is None
    with here.put(KEY) as path:
        path.write_bytes(b"a segment")
    here.save(OTHER, b"a fact")
    assert there.present([KEY, OTHER, "c" * 64]) == {KEY, OTHER}
    assert (read(there), there.load(OTHER)) == (b"a segment", b"a fact")
    there.drop(KEY)
    assert machine("third").get(KEY) is None


def test_a_store_travels_to_another_process_as_its_place_and_by_pickle(machine: Machine) -> None:
    here = machine("here")
    here.save(KEY, b"a fact")
    assert open_place(here.place).load(KEY) == b"a fact"
    assert pickle.loads(pickle.dumps(here)).load(KEY) == b"a fact"
    assert SEAL_KEY.decode() not in repr(here.place)


def test_nothing_is_kept_of_a_result_that_failed(machine: Machine) -> None:
    here = machine("here")
    with pytest.raises(ValueError, match="half-way"), here.put(KEY) as path:
        path.write_bytes(b"half")
        raise ValueError("half-way")
    assert machine("there").get(KEY) is None


def test_what_is_sealed_with_another_secret_is_not_there(
    endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_credentials(monkeypatch)
    s3_store(endpoint, tmp_path / "here", "sealed").save(KEY, b"a fact")
    place = StorePlace(str(tmp_path / "there"), b"another secret of somebody", address(endpoint, "sealed"))
    assert open_place(place).load(KEY) is None


def data_name(store: Store, prefix: str) -> str:
    from post.atomic import checksum

    sha256 = checksum(store.path(KEY)).sha256
    return f"{prefix}/data/{sha256[:2]}/{sha256}"


@pytest.mark.parametrize("damage", [b"a seg", b"", b"a sEgment", b"a segment and more"])
def test_a_damaged_object_is_told_once_and_made_again(
    damage: bytes,
    endpoint: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with_credentials(monkeypatch)
    prefix = uuid4().hex
    here, there = (s3_store(endpoint, tmp_path / name, prefix) for name in ("here", "there"))
    here.save(KEY, b"a segment")
    write_object(endpoint, data_name(here, prefix), damage)
    with caplog.at_level(logging.WARNING):
        assert there.get(KEY) is there.get(KEY) is None
    assert [each.getMessage() for each in caplog.records if each.name.startswith("post")] == [
        "a result does not fit its seal and is made again"
    ]
    assert [path for path in (tmp_path / "there").rglob("*") if path.is_file()] == []
    there.save(KEY, b"a segment")
    assert s3_store(endpoint, tmp_path / "third", prefix).load(KEY) == b"a segment"


def test_bytes_are_there_before_the_seal_that_names_them(
    endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that is killed between the two has kept nothing, here or elsewhere."""
    with_credentials(monkeypatch)
    here = s3_store(endpoint, tmp_path / "here", "killed")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(RemoteFiles, "write", killed)
        here.save(KEY, b"a segment")
    assert here.get(KEY) is s3_store(endpoint, tmp_path / "there", "killed").get(KEY) is None


def test_a_result_that_was_removed_elsewhere_is_sent_again(
    endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_credentials(monkeypatch)
    here = s3_store(endpoint, tmp_path / "here", "cleared")
    here.save(KEY, b"a segment")
    s3_store(endpoint, tmp_path / "there", "cleared").drop(KEY)
    here.share(KEY)
    assert s3_store(endpoint, tmp_path / "third", "cleared").load(KEY) == b"a segment"


def test_a_refused_user_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_credentials(monkeypatch)
    with failing_server(Refusing) as at, pytest.raises(OutputError) as told:
        s3_store(at, tmp_path, "mine").save(KEY, b"a fact")
    assert str(told.value).startswith("s3://films/mine/data/")
    assert "the store refuses it; expected credentials that may read" in str(told.value)


def test_a_bucket_that_is_not_there_is_told(
    endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_credentials(monkeypatch)
    place = StorePlace(str(tmp_path), SEAL_KEY, f"s3://no-such-bucket/x?endpoint={endpoint}")
    with pytest.raises(OutputError, match="s3://no-such-bucket/x: there is no such place"):
        open_place(place).save(KEY, b"a fact")


def test_a_lost_connection_ends_in_try_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_credentials(monkeypatch)
    with failing_server(Dropping) as at, pytest.raises(RetryError, match="the store does not answer"):
        s3_store(at, tmp_path, "mine").get(KEY)


def test_a_user_without_credentials_is_told_so(
    endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    s3fs.S3FileSystem.clear_instance_cache()
    try:
        with pytest.raises(OutputError, match="the store cannot be used; .*NoCredentialsError"):
            s3_store(endpoint, tmp_path, "nobody").get(KEY)
    finally:
        s3fs.S3FileSystem.clear_instance_cache()


def test_the_folder_in_front_is_bounded(
    endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_credentials(monkeypatch)
    here = s3_store(endpoint, tmp_path / "here", "bounded", most=2000)
    keys = [f"{n:064x}" for n in range(5)]
    for age, key in enumerate(keys):
        here.save(key, key.encode() * 10)
        os.utime(here.path(key), (1_000_000_000 + age,) * 2)
    here.sweep()
    assert [here.path(key).exists() for key in keys] == [False, False, True, True, True]
    assert [here.load(key) for key in keys] == [key.encode() * 10 for key in keys]  # the others are fetched


def full_once(times: int) -> Callable[[RemoteFiles, str, Path], bool]:
    """Returns what fetches an object on a disk that is full at first."""
    fetch, left = RemoteFiles.fetch, [times]

    def fetched(self: RemoteFiles, name: str, path: Path) -> bool:
        left[0] -= 1
        with self._answers(name, path):
            if left[0] >= 0:
                path.write_bytes(b"a se")
                raise OSError(errno.ENOSPC, "No space left on device")
        return fetch(self, name, path)

    return fetched


def test_a_full_disk_is_cleared_of_what_can_be_fetched_again(
    endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_credentials(monkeypatch)
    s3_store(endpoint, tmp_path / "there", "full").save(KEY, b"a segment")
    here = s3_store(endpoint, tmp_path / "here", "full")
    here.save(OTHER, b"an older one")
    os.utime(here.path(OTHER), (1_000_000_000,) * 2)
    monkeypatch.setattr(RemoteFiles, "fetch", full_once(1))
    assert here.load(KEY) == b"a segment"
    assert not here.path(OTHER).exists()


def test_a_disk_that_stays_full_is_told_and_left_as_it_was(
    endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_credentials(monkeypatch)
    s3_store(endpoint, tmp_path / "there", "fuller").save(KEY, b"a segment")
    here = s3_store(endpoint, tmp_path / "here", "fuller")
    monkeypatch.setattr(RemoteFiles, "fetch", full_once(9))
    with pytest.raises(RetryError, match="the disk is full; free some space"):
        here.get(KEY)
    assert [path for path in (tmp_path / "here").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(("text", "told"), [
    ("s3://", "names no place"),
    ("s3://me:secret@bucket/x", "holds no credentials"),
    ("s3://bucket/x?endpiont=http://h", "unknown option of a store's address; .*did you mean 'endpoint'"),
])  # fmt: skip
def test_a_wrong_address_is_told(text: str, told: str) -> None:
    with pytest.raises(JobError, match=told) as fault:
        read_address(text)
    assert "secret" not in str(fault.value)


def test_an_address_that_nothing_opens_is_told(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="nowhere://x: no store has such an address"):
        RemoteStore(StorePlace(str(tmp_path), SEAL_KEY, "nowhere://x"))
