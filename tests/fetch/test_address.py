import pytest

from watcher.core.errors import FetchError, FetchTrouble
from watcher.fetch.address import absolute, host_of, is_public, joined, normalised, without_login


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.9.10", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1"),
        *("2002:7f00:1::", "2001:0:53aa:64c::1"),
    ],
)
def test_an_address_that_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "151.101.1.1", "2606:4700::1111", "2a00:1450:4001:80b::200e"])
def test_an_address_that_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "wire"),
    [
        ("HTTP://Example.ORG", "http://example.org/"),
        ("https://example.org/a b?q=ü#part", "https://example.org/a%20b?q=%C3%BC"),
        ("https://example.org/a%20b", "https://example.org/a%20b"),
        ("https://bücher.example:8080/x", "https://xn--bcher-kva.example:8080/x"),
        ("https://user:p%40ss@example.org/", "https://user:p%40ss@example.org/"),
        (" http://[2606:4700::1111]:81/ ", "http://[2606:4700::1111]:81/"),
    ],
)
def test_an_address_as_it_goes_over_the_wire(url: str, wire: str) -> None:
    assert normalised(url) == wire


@pytest.mark.parametrize(
    ("url", "trouble"),
    [
        ("file:///etc/passwd", FetchTrouble.UNSAFE),
        ("javascript:alert(1)", FetchTrouble.UNSAFE),
        ("example.org/feed", FetchTrouble.UNSAFE),
        ("http://", FetchTrouble.UNREADABLE),
        ("http://[::1", FetchTrouble.UNREADABLE),
        ("http://example.org:99999/", FetchTrouble.UNREADABLE),
        ("http://" + "ü" * 80 + ".example/", FetchTrouble.UNREADABLE),
        ("http://example.org/" + "a" * 9000, FetchTrouble.UNREADABLE),
    ],
)
def test_what_cannot_be_asked(url: str, trouble: FetchTrouble) -> None:
    with pytest.raises(FetchError) as caught:
        normalised(url)
    assert caught.value.trouble is trouble


def test_a_redirect_may_be_relative() -> None:
    assert joined("https://example.org/a/b?c", "../d") == "https://example.org/d"


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/x", "https://example.org/x"),
        ("y", "https://example.org/a/y"),
        ("//other.example/z", "https://other.example/z"),
        (" https://other.example/ ", "https://other.example/"),
        ("mailto:a@example.org", None),
        ("javascript:void(0)", None),
        ("http://[", None),
        ("", None),
        (None, None),
    ],
)
def test_a_link_of_a_document(link: str | None, url: str | None) -> None:
    assert absolute("https://example.org/a/b", link) == url


def test_what_is_shown_holds_no_login() -> None:
    assert host_of("https://user:secret@example.org:443/x") == "example.org"
    assert host_of("http://[::1]:81/x") == "[::1]:81"
    assert without_login("https://user:secret@example.org/x?y") == "https://example.org/x?y"
