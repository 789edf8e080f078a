"""Packed bodies, in pieces as they come from the wire."""

import gzip
import zlib
from collections.abc import Callable

import pytest

from watcher.fetch.unpack import Unpacker, UnpackError

FEED = b"<rss>" + bytes(range(32, 127)) * 3000 + b"</rss>"
MOST = 10**7


def bare(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def unpack(packed: bytes, codings: str = "gzip", step: int = 1000, most: int = MOST) -> tuple[bytes, bool]:
    unpacker = Unpacker(codings, most)
    parts = [part for begin in range(0, len(packed), step) for part in unpacker.unpacked(packed[begin : begin + step])]
    assert codings in {"", "utf-8"} or all(len(part) <= 64 * 1024 for part in parts)
    return b"".join(parts), unpacker.whole


@pytest.mark.parametrize("step", [1, 7, 1000, 10**6])
@pytest.mark.parametrize(
    ("codings", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("GZIP", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", bare),
        ("deflate", gzip.compress),
        ("gzip", zlib.compress),
        ("gzip, gzip", lambda body: gzip.compress(gzip.compress(body))),
        ("deflate, gzip", lambda body: gzip.compress(bare(body))),
        ("identity, gzip", gzip.compress),
        ("utf-8", bytes),
        ("", bytes),
    ],
)
def test_a_body_is_unpacked_as_it_says(codings: str, pack: Callable[[bytes], bytes], step: int) -> None:
    packed = pack(FEED)
    if step == 1 and codings in {"utf-8", ""}:
        step = 50
    assert unpack(packed, codings, step) == (FEED, True)


@pytest.mark.parametrize("step", [1, 7, 1000, 10**6])
def test_members_in_a_row_are_one_body(step: int) -> None:
    half = len(FEED) // 2
    packed = gzip.compress(FEED[:half]) + gzip.compress(b"") + gzip.compress(FEED[half:])
    assert unpack(packed, step=step) == (FEED, True)


@pytest.mark.parametrize("step", [1, 1000, 10**6])
@pytest.mark.parametrize(
    "behind", [bytes(512), b"\n", b"\0", b"x", b"<!-- 0.2 s -->", b"\x1f\x8b", b"\x1f\x8b\x08\x00garbage"]
)
def test_what_stands_behind_the_last_member_is_passed_over(behind: bytes, step: int) -> None:
    assert unpack(gzip.compress(FEED) + behind, step=step) == (FEED, True)


def test_a_file_that_is_packed_without_a_word_is_unpacked() -> None:
    assert unpack(gzip.compress(FEED), "") == (FEED, True)


def test_the_mark_of_gzip_inside_a_body_is_none() -> None:
    body = b"a" * 1000 + b"\x1f\x8b" + b"b" * 998
    assert unpack(body, "", 1000) == (body, True)


@pytest.mark.parametrize("cut", [1, 8, 9, 100])
def test_what_breaks_off_is_not_whole(cut: int) -> None:
    assert not unpack(gzip.compress(FEED)[:-cut])[1]
    assert not unpack(gzip.compress(FEED) + gzip.compress(FEED)[:-cut])[1]


@pytest.mark.parametrize("packed", [b"<rss/>", gzip.compress(FEED)[:10] + b"\xff" * 500])
def test_what_is_not_packed_as_it_says_is_refused(packed: bytes) -> None:
    with pytest.raises(UnpackError, match="cannot be unpacked"):
        unpack(packed)


@pytest.mark.parametrize("codings", ["br", "zstd", "gzip, br", "compress", "DCZ"])
def test_what_was_not_asked_for_is_refused_by_its_name(codings: str) -> None:
    with pytest.raises(UnpackError, match="which was not asked for"):
        Unpacker(codings, MOST)


def test_a_bomb_of_one_member_is_cut_at_the_cap() -> None:
    with pytest.raises(UnpackError) as cut:
        unpack(gzip.compress(bytes(2 * MOST)))
    assert cut.value.too_large


def test_a_bomb_of_many_members_is_cut_at_the_cap() -> None:
    with pytest.raises(UnpackError) as cut:
        unpack(gzip.compress(bytes(MOST // 50)) * 51)
    assert cut.value.too_large


def test_a_bomb_in_a_bomb_is_cut_in_the_layer_that_grows_first() -> None:
    hollow = gzip.compress(b"")[:10] + b"\x00\x00\x00\xff\xff" * 2_000_000
    with pytest.raises(UnpackError) as cut:
        unpack(gzip.compress(hollow), "gzip, gzip", most=10**6)
    assert cut.value.too_large


def test_members_without_end_are_refused() -> None:
    with pytest.raises(UnpackError, match="more than 1000 parts"):
        unpack(gzip.compress(b"") * 1001)


def test_layers_without_end_are_refused() -> None:
    with pytest.raises(UnpackError, match="packed 4 times over"):
        Unpacker("gzip, gzip, gzip, gzip", MOST)
