"""What the tests of seals share: one key for all of them, and the programs of others that check a seal."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from permea.agreements import certificates
from permea.agreements.models import SealCertificate
from permea.ledger import keys
from tests.cast import AT
from tests.conftest import lacking

FIRM = "Lindenhof Robotics GmbH"


@cache
def made():
    """Return a key and a certificate, made once."""
    private_key = certificates.new_key()
    return private_key, certificates.new_certificate(private_key, name=FIRM, begins_at=AT)


def sealer():
    private_key, certificate = made()
    return certificates.Sealer(private_key, certificates.pem_of(certificate))


def lay_certificate(organisation, folder):
    """Let a firm seal with the key of all tests."""
    private_key, certificate = made()
    sha256 = certificates.sha256_of(certificate)
    keys.write_private_key(folder, certificates.key_name(sha256), private_key)
    return SealCertificate.objects.create(
        organisation=organisation, pem=certificates.pem_of(certificate), sha256=sha256,
        begins_at=certificate.not_valid_before_utc, ends_at=certificate.not_valid_after_utc,
    )  # fmt: skip


def _run(*words):
    ran = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    return ran.returncode, ran.stdout + ran.stderr


def pyhanko_says(pdf: Path, *trusted: Path):
    """Return what pyHanko's own command says of the signatures of a file: how it ended, and its lines."""
    return _run(
        sys.executable, "-m", "pyhanko", "sign", "validate", "--trust-replace",
        *(word for path in trusted for word in ("--trust", str(path))),
        "--pretty-print", "--validation-time", "claimed", str(pdf),
    )  # fmt: skip


def poppler_says(pdf: Path):
    """Return what Poppler's pdfsig says of the signatures of a file."""
    return _run(_poppler("pdfsig"), str(pdf))[1]


def poppler_reads(pdf: Path):
    """Return the text of a file as Poppler reads it."""
    return _run(_poppler("pdftotext"), "-layout", str(pdf), "-")[1]


def _poppler(name: str) -> str:
    program = shutil.which(name)
    if program is None:
        lacking("pdfsig", f"no {name} was found (Debian: poppler-utils)")
    return str(program)


CONFIG = """[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256
ess_cert_id_alg = sha256
"""


class Authority(ThreadingHTTPServer):
    """A time-stamping authority on this machine: OpenSSL answers, over HTTP. `answer` is said instead, if it is set."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Stamping)
        self.folder, self.answer, self.asked = folder, None, 0
        self.address = f"http://127.0.0.1:{self.server_port}/tsr"
        self.certificate = folder / "authority.pem"
        private_key = made()[0]
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A clock")])
        certificate = (
            x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=private_key.public_key())
            .serial_number(7)
            .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
            .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
            .sign(private_key, hashes.SHA256())
        )
        self.certificate.write_text(certificates.pem_of(certificate))
        keys.write_private_key(folder, "authority-key", private_key)
        (folder / "openssl.cnf").write_text(CONFIG.format(folder=folder))
        (folder / "serial").write_text("01")

    def stamp(self, query: bytes) -> bytes:
        """Return what OpenSSL answers."""
        asked, said = self.folder / "query.tsq", self.folder / "answer.tsr"
        asked.write_bytes(query)
        subprocess.run(
            [str(find_openssl()), "ts", "-reply", "-config", self.folder / "openssl.cnf", "-queryfile", asked,
             "-signer", self.certificate, "-inkey", keys.file_of(self.folder, "authority-key"), "-out", said],
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip
        return said.read_bytes()


class _Stamping(BaseHTTPRequestHandler):
    """One question."""

    server: Authority

    def do_POST(self) -> None:
        query = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        status, content = self.server.answer or (200, self.server.stamp(query))
        self.send_response(status)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args) -> None:
        """Say nothing."""


def find_openssl():
    """Return the path of OpenSSL's program."""
    program = shutil.which("openssl")
    if program is None:
        lacking("openssl", "no openssl was found")
    return program


@contextmanager
def authority(folder: Path):
    """Run an authority."""
    find_openssl()
    folder.mkdir()
    with Authority(folder) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
