"""What a scenario may say of a service: which addresses, which headers, and no secrets."""

import pytest

from policies.recommenders._address import filled
from sim.errors import PolicyError, ScenarioError
from sim.policy.hosts import ANY, is_loopback
from sim.policy.lookup import build

HERE = "http://127.0.0.1:8000"


def http(trusted=(), **parameters):
    return build("recommender", "http", {"url": HERE, **parameters}, trusted)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1", "file:///etc/passwd", "127.0.0.1:8000", "http://", "http:///path", "//127.0.0.1", "",
        "http://user:word@127.0.0.1", "http://user@127.0.0.1", "http://127.0.0.1:99999", "http://127.0.0.1:x",
        "http://127.0.0.1/?a=b", "http://127.0.0.1/#a", "http://127.0.0.1/a b", "http://127.0.0.1/\r\nX: y",
        "http://127.0.0.1:0", "http://ex\u00e4mple.com", "unix:///tmp/socket", "http://[::1",
    ],
)  # fmt: skip
def test_what_is_no_plain_address_of_http_is_refused(url):
    with pytest.raises(ScenarioError, match=r"policies\.recommender\.with"):
        http((ANY,), url=url)


@pytest.mark.parametrize(
    "host", ["example.com", "10.0.0.1", "169.254.169.254", "0.0.0.0", "localhost.example.com", "127.0.0.1.nip.io",
             "[fe80::1]", "2130706433", "0x7f.0.0.1"],
)  # fmt: skip
def test_another_machine_needs_the_users_word(host):
    with pytest.raises(ScenarioError) as refused:
        http(url=f"http://{host}:8000")
    assert "--allow-host" in str(refused.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.9.9.9", "[::1]", "[::ffff:127.0.0.1]"])
def test_this_machine_does_not(host):
    assert http(url=f"http://{host}:8000").hosts


def test_an_allowed_host_is_allowed_and_no_other():
    trusted = ("//models.example.com", "my.module")
    assert http(trusted, url="https://models.example.com/v1/").hosts == ("models.example.com",)
    with pytest.raises(ScenarioError):
        http(trusted, url="https://example.com")
    with pytest.raises(ScenarioError):
        http(("models.example.com",), url="https://models.example.com")


def test_a_service_inside_another_policy_needs_the_users_word_too():
    assert not is_loopback("")
    inside = {"kind": "http", "with": {"url": "http://example.com"}}
    with pytest.raises(ScenarioError, match="allow-host"):
        build("recommender", "business_rules", {"base": inside})


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer abc"}, {"X-Api-Key": "abc"}, {"Cookie": "a=b"}, {"host": "example.com"},
        {"content-length": "3"}, {"Transfer-Encoding": "chunked"}, {"a b": "c"}, {"": "c"}, {"x": "a\r\nb: c"},
        {"x": "${not closed"}, {"x": "${1}"}, {"x": "\u00e4"},
    ],
)  # fmt: skip
def test_a_header_that_cannot_be_set_or_holds_a_secret_is_refused_without_telling_its_value(headers):
    with pytest.raises(ScenarioError) as refused:
        http(headers=headers)
    assert "abc" not in str(refused.value)


def test_values_come_from_the_environment_and_the_policy_never_holds_them(monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "hidden-47")
    policy = http(headers={"authorization": "Bearer ${SECRET_TOKEN}", "x-team": "search"})
    assert filled(policy.headers) == {"authorization": "Bearer hidden-47", "x-team": "search"}
    assert "hidden-47" not in repr(policy)


def test_a_variable_that_is_not_set_is_told_by_its_name(monkeypatch):
    monkeypatch.delenv("SECRET_TOKEN", raising=False)
    with pytest.raises(PolicyError, match="the environment has no 'SECRET_TOKEN'"):
        filled({"authorization": "${SECRET_TOKEN}"})


@pytest.mark.parametrize("value", ["hidden\r\nx: y", "hidden\u00e9", "hidden\x00"])
def test_a_secret_that_cannot_be_sent_is_not_told(monkeypatch, value):
    monkeypatch.setenv("SECRET_TOKEN", value) if "\x00" not in value else monkeypatch.setattr(
        "os.environ", {"SECRET_TOKEN": value}
    )
    with pytest.raises(PolicyError) as refused:
        filled({"authorization": "${SECRET_TOKEN}"})
    assert "hidden" not in str(refused.value)
