"""Certificates for servers on loopback, made by the openssl command: good ones and bad ones."""

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


@dataclass(frozen=True, slots=True)
class Authority:
    """Signs certificates; ``trusted`` is the file that a client trusts. All files lie in ``folder``."""

    folder: Path

    @property
    def trusted(self) -> Path:
        return self.folder / "authority.pem"

    def context(self, address: str, *, days: int = 2) -> ssl.SSLContext:
        """What a server at an address shows; with ``days=-1``, a certificate that has ended."""
        name = f"{address}{days}"
        _openssl(self.folder, "req", *_KEY, "-keyout", f"{name}.key", "-out", f"{name}.csr", *_subject(address))
        _openssl(
            self.folder, "x509", "-req", "-in", f"{name}.csr", "-out", f"{name}.pem", "-days", str(days),
            "-CA", "authority.pem", "-CAkey", "authority.key", "-CAcreateserial", "-copy_extensions", "copy",
        )  # fmt: skip
        return self._shown(name)

    def self_signed(self, address: str) -> ssl.SSLContext:
        """What a server shows that vouches for itself."""
        name = f"{address}-itself"
        out = ("-out", f"{name}.pem", "-keyout", f"{name}.key")
        _openssl(self.folder, "req", "-x509", *_KEY, *out, "-days", "2", *_subject(address))
        return self._shown(name)

    def _shown(self, name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        return context


def authority(folder: Path) -> Authority:
    """An authority of its own, in an empty folder.

    Raises:
        OSError: there is no openssl command.
    """
    out = ("-out", "authority.pem", "-keyout", "authority.key")
    _openssl(folder, "req", "-x509", *_KEY, *out, "-days", "2", "-subj", "/CN=An authority for tests")
    return Authority(folder)


def _subject(address: str) -> tuple[str, ...]:
    return "-subj", f"/CN={address}", "-addext", f"subjectAltName=IP:{address}"


def _openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)
