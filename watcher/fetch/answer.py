"""What an answer means: a redirect to follow, an error with its kind, "unchanged", or a body."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pycurl

from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.source import HttpState
from watcher.fetch.address import host_of, joined, without_login
from watcher.fetch.hosts import Job
from watcher.fetch.slot import Received
from watcher.usecases.ports import Fetched

_PERMANENT = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_GONE = frozenset({404, 410})
_SLOW_DOWN = frozenset({420, 429})
_TLS = frozenset(
    getattr(pycurl, name)
    for name in (
        "E_SSL_CONNECT_ERROR",
        "E_SSL_CERTPROBLEM",
        "E_SSL_CIPHER",
        "E_PEER_FAILED_VERIFICATION",
        "E_SSL_CACERT_BADFILE",
        "E_SSL_ISSUER_ERROR",
        "E_SSL_INVALIDCERTSTATUS",
        "E_SSL_PINNEDPUBKEYNOTMATCH",
    )
)


@dataclass(frozen=True, slots=True)
class Onward:
    """The job goes on at another address."""

    job: Job


def judge(job: Job, got: Received, max_redirects: int, now: Callable[[], datetime]) -> Fetched | Onward:
    """Decide about one transfer. ``now`` is asked only where the answer carries no ``Date`` of its own."""
    try:
        if got.status >= 300:  # noqa: PLR2004  (a status that says all; whether its body came whole does not matter)
            return _without_body(job, got, max_redirects, now)
        _check_transfer(job, got)
    except FetchError as error:
        return failed(job, error, got.status)
    return _body(job, got)


def failed(job: Job, error: FetchError, status: int = 0) -> Fetched:
    """The answer that says why there is none."""
    return Fetched(
        key=job.request.key,
        url=job.request.url,
        http=job.http,
        status=status,
        final_url=without_login(job.url),
        error=error,
        ttl=error.retry_after,
    )


def _body(job: Job, got: Received) -> Fetched:
    known = bool(got.sha256) and got.sha256 == job.http.body_sha256
    answer = _answered(job, got)
    http = replace(answer.http, body_sha256=got.sha256 or None)
    return replace(answer, http=http, not_modified=known, body=b"" if known else got.body)


def _answered(job: Job, got: Received) -> Fetched:
    headers = got.headers
    http = HttpState(headers.get("etag"), headers.get("last-modified"))
    return Fetched(
        key=job.request.key,
        url=job.request.url,
        http=_moved(job, http),
        status=got.status,
        headers=headers,
        final_url=without_login(job.url),
        ttl=_max_age(headers),
    )


def _moved(job: Job, http: HttpState) -> HttpState:
    """Count a permanent redirect; one temporary hop on the way, and the new address is not lasting."""
    if not job.hops or not job.permanent:
        return http
    target = without_login(job.url)
    seen = job.http.moved_seen if job.http.moved_to == target else 0
    return replace(http, moved_to=target, moved_seen=seen + 1)


def _without_body(job: Job, got: Received, max_redirects: int, now: Callable[[], datetime]) -> Fetched | Onward:
    if got.status in _REDIRECTS and "location" in got.headers:
        return _onward(job, got, max_redirects)
    if got.status == 304:  # noqa: PLR2004  (Not Modified)
        return _unchanged(job, got)
    raise _refusal(job, got, now)


def _unchanged(job: Job, got: Received) -> Fetched:
    asked = job.http
    if not (asked.etag or asked.last_modified):
        raise FetchError(FetchTrouble.SERVER, f"{host_of(job.url)} answered 304 to a plain request", status=304)
    answer = _answered(job, got)
    http = replace(
        answer.http,
        etag=answer.http.etag or asked.etag,
        last_modified=answer.http.last_modified or asked.last_modified,
        body_sha256=asked.body_sha256,
    )
    return replace(answer, http=http, not_modified=True)


def _onward(job: Job, got: Received, max_redirects: int) -> Onward:
    target = joined(job.url, _text(got.headers["location"]))
    hops = (*job.hops, job.url)
    host = host_of(job.url)
    if target in hops:
        raise FetchError(FetchTrouble.REDIRECTS, f"{host} redirects in a circle", status=got.status)
    if len(hops) > max_redirects:
        raise FetchError(FetchTrouble.REDIRECTS, f"more than {max_redirects} redirects", status=got.status)
    permanent = job.permanent and got.status in _PERMANENT
    return Onward(Job(job.request, target, host_of(target), hops, permanent, job.spent + got.seconds))


def _text(header: str) -> str:
    """Servers send addresses in UTF-8, which a header is not read as."""
    try:
        return header.encode("latin-1").decode()
    except UnicodeError:
        return header


def _refusal(job: Job, got: Received, now: Callable[[], datetime]) -> FetchError:
    status = got.status
    trouble = _kind(got)
    wait = retry_after(got.headers, now)
    if status == 503 and wait is not None:  # noqa: PLR2004  (Service Unavailable)
        trouble = FetchTrouble.THROTTLED
    lasting = status in {410, 451}
    return FetchError(
        trouble,
        f"{host_of(job.url)} answered {status}",
        transient=not lasting,
        status=status,
        retry_after=wait if trouble in {FetchTrouble.THROTTLED, FetchTrouble.SERVER} else None,
    )


def _kind(got: Received) -> FetchTrouble:
    status = got.status
    if status in _SLOW_DOWN:
        return FetchTrouble.THROTTLED
    if status in _GONE:
        return FetchTrouble.GONE
    if status == 408:  # noqa: PLR2004  (Request Timeout)
        return FetchTrouble.TIMEOUT
    # Cloudflare marks its challenges so, under a 403 or a 503.
    if status // 100 in {4, 9} or got.headers.get("cf-mitigated"):  # 999 is what LinkedIn and its like answer to bots
        return FetchTrouble.BLOCKED
    return FetchTrouble.SERVER if status >= 500 else FetchTrouble.UNREADABLE  # noqa: PLR2004  (the server's own fault)


def retry_after(headers: Mapping[str, str], now: Callable[[], datetime]) -> float | None:
    """Seconds to wait, from either form of Retry-After; None where there is none that can be read."""
    wish = headers.get("retry-after", "").strip()
    if wish.isdecimal():
        return float(wish[:9])
    until = _http_date(wish)
    if until is None:
        return None
    # The server's own clock, where it shows it: ours may differ by more than the wait.
    return max(0.0, (until - (_http_date(headers.get("date", "")) or now())).total_seconds())


def _http_date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _max_age(headers: Mapping[str, str]) -> float | None:
    control = headers.get("cache-control", "")
    match = _MAX_AGE.search(control)
    if not match or "no-cache" in control.lower() or "no-store" in control.lower():
        return None
    age = headers.get("age", "")
    return max(0.0, float(match.group(1)) - (float(age[:9]) if age.isdecimal() else 0.0)) or None


def _check_transfer(job: Job, got: Received) -> None:
    host = host_of(job.url)
    if got.too_large:
        raise FetchError(FetchTrouble.TOO_LARGE, f"{host} sent {got.too_large}", transient=False, status=got.status)
    if got.packed:
        raise FetchError(FetchTrouble.UNREADABLE, f"{host} sent {got.packed}", status=got.status)
    if got.refused:
        raise FetchError(FetchTrouble.UNSAFE, f"{host} leads to {got.refused}, which is not public", transient=False)
    if got.code:
        raise _broken(host, got)
    if got.status < 200:  # noqa: PLR2004  (early hints and nothing after them, or no status at all)
        raise _no_http(host)


def _no_http(host: str) -> FetchError:
    return FetchError(FetchTrouble.UNREADABLE, f"{host} does not answer in HTTP")


def _broken(host: str, got: Received) -> FetchError:
    if got.code == pycurl.E_OPERATION_TIMEDOUT:
        what = "sent no whole answer in time" if got.connected else "could not be reached in time"
        return FetchError(FetchTrouble.TIMEOUT, f"{host} {what} ({max(1, round(got.seconds))} s)")
    if got.code in _TLS:
        return FetchError(FetchTrouble.NETWORK, f"no secure connection to {host}: {_in_plain_words(got.words)}")
    if got.code in _NO_HTTP or (got.code == pycurl.E_RECV_ERROR and "chunk" in got.words.lower()):
        return _no_http(host)
    if got.code == _TOO_LARGE:
        return FetchError(FetchTrouble.TOO_LARGE, f"{host} sent more headers than are read", transient=False)
    if got.code == pycurl.E_COULDNT_RESOLVE_HOST:
        return FetchError(FetchTrouble.NETWORK, f"the name {_bare(host)} could not be resolved")
    return FetchError(FetchTrouble.NETWORK, f"{host} {_SENTENCES.get(got.code, 'broke the connection off')}")


def _in_plain_words(words: str) -> str:
    """What went wrong with TLS; libcurl's own words where they are others."""
    said = words.lower()
    return next((plain for mark, plain in _TLS_WORDS.items() if mark in said), words)


_TLS_WORDS = {  # libcurl's and OpenSSL's, in any version that was seen
    "certificate has expired": "its certificate has expired",
    "certificate is not yet valid": "its certificate does not hold yet",
    "self-signed certificate in": "nobody that is trusted here signed its certificate",
    "self signed certificate in": "nobody that is trusted here signed its certificate",
    "self-signed": "its certificate is signed by itself",
    "self signed": "its certificate is signed by itself",
    "unable to get local issuer": "nobody that is trusted here signed its certificate",
    "subject name": "its certificate is for another name",
    "wrong version number": "what answers there does not speak TLS",
    "packet length too long": "what answers there does not speak TLS",
    "unexpected eof": "it hung up",
    "alert": "it refused",
}
_NO_HTTP = frozenset({pycurl.E_UNSUPPORTED_PROTOCOL, pycurl.E_FTP_WEIRD_SERVER_REPLY})
_TOO_LARGE = 100  # CURLE_TOO_LARGE, which pycurl does not name
_SENTENCES = {
    pycurl.E_COULDNT_RESOLVE_PROXY: "cannot be reached: the proxy's name could not be resolved",
    pycurl.E_COULDNT_CONNECT: "could not be connected to",
    pycurl.E_PARTIAL_FILE: "sent less than it announced",
    pycurl.E_GOT_NOTHING: "closed the connection without an answer",
}


def _bare(host: str) -> str:
    return re.sub(r":\d+$", "", host)
