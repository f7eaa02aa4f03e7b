"""Sending over real connections: what is reached, what is not, and what is kept of the answer."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from permea.foundation import outgoing
from tests.notifications import receivers


def post(address: str, **how) -> outgoing.Outcome:
    allowed = {"is_private_allowed", "is_plain_allowed", "is_any_port"} & how.keys()
    guard = outgoing.Guard(**{"is_private_allowed": True, **{name: how.pop(name) for name in allowed}})
    ours = {"body": '{"a": "ü"}'.encode(), "headers": {"Permea-Event": "test"}, "guard": guard, **how}
    return outgoing.post(address, **ours)


def at_home(host: str, port: int) -> list[str]:
    """Say that every name is this machine."""
    del host, port
    return ["127.0.0.1"]


@pytest.fixture
def receiver():
    with receivers.running() as server:
        yield server


def test_a_message_arrives_as_it_was_written(receiver):
    outcome = post(receiver.address + "/in/box?key=1")
    (message,) = receiver.messages
    assert outcome == outgoing.Outcome("", 200, "thanks")
    assert (message.path, message.body, message.headers["Permea-Event"], message.headers["Host"]) == (
        "/in/box?key=1",
        '{"a": "ü"}',
        "test",
        f"127.0.0.1:{receiver.port}",
    )


def test_an_address_without_a_path_means_its_root(receiver):
    post(receiver.address)
    assert receiver.messages[0].path == "/"


def test_a_name_is_looked_up_for_good_by_the_real_resolver(receiver):
    assert post(f"http://localhost:{receiver.port}/").problem == ""


def test_only_the_beginning_of_an_answer_is_kept_in_one_line(receiver):
    receiver.answers = [(200, b"a\nb" + b"x" * 100_000)]
    said = post(receiver.address).said
    assert (said[:5], len(said)) == ("a bxx", 300)


@pytest.mark.parametrize(("status", "problem"), [(204, ""), (301, "redirect"), (307, "redirect"), (404, "status")])
def test_what_an_answer_means(receiver, status, problem):
    receiver.answers = [(status, b"")]
    assert (post(receiver.address).problem, len(receiver.messages)) == (problem, 1)


@pytest.mark.parametrize("address", ["http://hooks.example/", "https://user@hooks.example/", "nonsense"])
def test_what_may_not_be_an_address_is_not_even_looked_up(address):
    def look_up(host: str, port: int) -> list[str]:
        raise AssertionError(host, port)

    assert post(address, is_private_allowed=False, look_up=look_up) == outgoing.Outcome("address")


def test_this_machine_is_not_reached_unless_that_is_set(receiver):
    name = f"https://inside.example:{receiver.port}/"
    assert (post(name, is_private_allowed=False, look_up=at_home), receiver.messages) == (
        outgoing.Outcome("address"),
        [],
    )


def test_one_private_address_among_public_ones_is_enough_to_refuse(receiver):
    for found in (["93.184.216.34", "127.0.0.1"], ["127.0.0.1", "93.184.216.34"], ["::ffff:127.0.0.1"]):
        name = f"https://mixed.example:{receiver.port}/"
        assert post(name, is_private_allowed=False, look_up=lambda *_, found=found: found) == outgoing.Outcome(
            "address"
        )
    assert receiver.messages == []


def test_the_address_that_was_checked_is_the_one_that_is_reached(receiver):
    """A name that changes between two look-ups leads nowhere else: it is looked up once."""
    answers = [["127.0.0.1"], ["169.254.169.254"]]
    outcome = post(f"http://rebinding.example:{receiver.port}/", look_up=lambda *_: answers.pop(0))
    assert (outcome.problem, len(answers), receiver.messages[0].headers["Host"]) == (
        "",
        1,
        f"rebinding.example:{receiver.port}",
    )


def test_the_next_address_is_tried_where_the_first_takes_nothing(receiver):
    outcome = post(f"http://two.example:{receiver.port}/", look_up=lambda *_: ["::1", "127.0.0.1"])
    assert outcome.problem == ""


def test_ports_follow_the_scheme_unless_one_is_given():
    asked = []

    def look_up(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["224.0.0.1"]

    for address in ("https://a.example/", "http://b.example/", "https://c.example:8443/"):
        post(address, look_up=look_up)
    assert asked == [("a.example", 443), ("b.example", 80), ("c.example", 8443)]


def test_a_name_nobody_knows_and_one_that_is_none():
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, f"{host}:{port} is not known")

    too_long = "https://" + "a" * 70 + ".example/"
    outcomes = [post("https://no.example/", look_up=unknown), post(too_long)]
    assert [outcome.problem for outcome in outcomes] == ["name", "name"]


def test_a_closed_port():
    assert post("http://127.0.0.1:1/").problem == "network"


def test_a_name_without_an_address():
    assert post("https://none.example/", look_up=lambda *_: []).problem == "network"


def test_a_silent_receiver(receiver):
    receiver.is_silent = True
    assert post(receiver.address, patience=0.2).problem == "timeout"


def test_no_time_left_ends_it_whatever_happens(receiver):
    assert (post(receiver.address, patience=0).problem, receiver.messages) == ("timeout", [])


def test_an_answer_that_is_no_http(receiver):
    receiver.raw = b"SSH-2.0-OpenSSH\r\n"
    assert post(receiver.address).problem == "network"


@pytest.fixture
def tls(tmp_path):
    """Return a receiver's TLS for the name hooks.example and 127.0.0.1, and the trust of somebody who knows it."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    names = x509.SubjectAlternativeName([x509.DNSName("hooks.example"), x509.IPAddress(ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = (
        made.serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
    )
    made = made.add_extension(names, critical=False).add_extension(x509.BasicConstraints(True, None), critical=True)
    certificate = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "both.pem").write_bytes(certificate + key.private_bytes(serialization.Encoding.PEM, *plain))
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(tmp_path / "both.pem")
    return serving, ssl.create_default_context(cadata=certificate.decode())


def test_tls_goes_to_the_checked_address_and_asks_for_the_name(tls):
    with receivers.running(tls[0]) as server:
        outcome = post(f"https://hooks.example:{server.port}/", look_up=at_home, trust=tls[1])
        assert (outcome, len(server.messages)) == (outgoing.Outcome("", 200, "thanks"), 1)


def test_another_name_than_on_the_certificate_gets_nothing(tls):
    with receivers.running(tls[0]) as server:
        outcome = post(f"https://other.example:{server.port}/", look_up=at_home, trust=tls[1])
        assert (outcome.problem, server.messages) == ("tls", [])


def test_a_certificate_nobody_vouches_for_gets_nothing(tls):
    with receivers.running(tls[0]) as server:
        assert (post(server.address).problem, server.messages) == ("tls", [])


def test_a_receiver_without_tls_gets_nothing_by_https(receiver):
    outcome = post(receiver.address.replace("http:", "https:"))
    assert (outcome.problem, receiver.messages) == ("tls", [])


def test_plain_messages_to_public_machines_go_where_that_is_allowed_and_to_the_usual_port_only():
    where = []

    def look_up(host: str, port: int) -> list[str]:
        where.append((host, port))
        return ["10.0.0.1"]

    how = {"is_private_allowed": False, "is_plain_allowed": True, "is_any_port": False, "look_up": look_up}
    names = (
        "http://a.example/",
        "https://b.example/",
        "http://c.example:8080/",
        "https://d.example:80/",
        "file:///etc",
    )
    assert [post(name, **how).problem for name in names] == ["address"] * 5
    guard = outgoing.Guard(is_plain_allowed=True)
    reached = [guard.reaches(ip, is_plain=True) for ip in ("93.184.216.34", "10.0.0.1", "127.0.0.1", "169.254.169.254")]
    assert (where, reached) == ([("a.example", 80), ("b.example", 443)], [True, False, False, False])
