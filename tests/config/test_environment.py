import pickle
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from watcher.config import environment
from watcher.config.environment import Listen, Schedule, Secret, Settings, check_channel, check_hosts, load
from watcher.core.errors import ConfigError
from watcher.core.routing import Route
from watcher.core.source import Source, SourceKind, SourceType


def refusal(environ: dict[str, str], dotenv: str | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(environ, dotenv)
    return [str(fault) for fault in caught.value.faults]


def test_without_any_setting_all_have_their_usual_value() -> None:
    settings = load({"PATH": "/bin", "HOME": "/root"}, None)
    assert settings == Settings()
    assert settings.database_url.reveal() == "sqlite:///watcher.db"
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.digest_schedule == Schedule(weekday=0, hour=9, minute=0)
    assert settings.timezone == ZoneInfo("UTC")
    assert settings.listen == Listen("127.0.0.1", 8080)
    assert settings.alert_window == timedelta(hours=72)
    assert settings.allow_private_hosts is False


def test_every_setting_is_read() -> None:
    settings = load(
        {
            "WATCHER_FEEDS": "my.yaml",
            "WATCHER_DATABASE_URL": "postgresql+psycopg://u:p@db/w",
            "WATCHER_SLACK_BOT_TOKEN": "xoxb-1-2",
            "WATCHER_SLACK_APP_TOKEN": "xapp-1-2",
            "WATCHER_SLACK_SIGNING_SECRET": "abc",
            "WATCHER_SLACK_CHANNEL": "C0123456789",
            "WATCHER_SLACK_API_URL": "http://127.0.0.1:9/api",
            "WATCHER_SMTP_URL": "smtp://user:pass@host:587",
            "WATCHER_MAIL_FROM": "Watcher <watcher@example.org>",
            "WATCHER_ALERT_MAIL": "night@example.org",
            "WATCHER_DIGEST_TO": "a@example.org, b@example.org",
            "WATCHER_DIGEST_SCHEDULE": "fri 17:30",
            "WATCHER_TIMEZONE": "Europe/Berlin",
            "WATCHER_LISTEN": "[::1]:0",
            "WATCHER_PUBLIC_URL": "https://watcher.example.org",
            "WATCHER_ALLOW_PRIVATE_HOSTS": "Yes",
            "WATCHER_ALERT_WINDOW": "2d",
            "WATCHER_CONCURRENCY": "8",
            "WATCHER_CONTACT": "https://example.org/bot",
            "WATCHER_PROXY": "http://proxy:3128",
            "WATCHER_CA_FILE": __file__,
        },
        None,
    )
    assert settings == Settings(
        feeds="my.yaml",
        database_url=Secret("postgresql+psycopg://u:p@db/w"),
        slack_bot_token=Secret("xoxb-1-2"),
        slack_app_token=Secret("xapp-1-2"),
        slack_signing_secret=Secret("abc"),
        slack_channel="C0123456789",
        slack_api_url="http://127.0.0.1:9/api/",
        smtp_url=Secret("smtp://user:pass@host:587"),
        mail_from="Watcher <watcher@example.org>",
        alert_mail=("night@example.org",),
        digest_to=("a@example.org", "b@example.org"),
        digest_schedule=Schedule(weekday=4, hour=17, minute=30),
        timezone=ZoneInfo("Europe/Berlin"),
        listen=Listen("::1", 0),
        public_url="https://watcher.example.org",
        allow_private_hosts=True,
        alert_window=timedelta(days=2),
        concurrency=8,
        contact="https://example.org/bot",
        proxy=Secret("http://proxy:3128"),
        ca_file=__file__,
    )


def test_all_faults_are_told_at_once() -> None:
    told = refusal(
        {
            "WATCHER_SLAK_CHANNEL": "C1",
            "WATCHER_SLACK_APP_TOKEN": "xapp-1",
            "WATCHER_TIMEZONE": "Mars/Olympus",
            "WATCHER_LISTEN": "8080",
            "WATCHER_ALLOW_PRIVATE_HOSTS": "perhaps",
        }
    )
    assert told == [
        'environment: WATCHER_SLAK_CHANNEL: no such setting; did you mean "WATCHER_SLACK_CHANNEL"?',
        "environment: WATCHER_TIMEZONE: a zone of the tz database, such as Europe/Berlin or UTC",
        "environment: WATCHER_LISTEN: host:port, such as 127.0.0.1:8080 or [::1]:8080",
        "environment: WATCHER_ALLOW_PRIVATE_HOSTS: on or off",
        (
            "environment: WATCHER_SLACK_BOT_TOKEN: is missing: WATCHER_SLACK_APP_TOKEN is set, and the app token only "
            "listens; messages need it"
        ),
    ]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-hunter2", "begins with xoxb-"),
        ("SLACK_BOT_TOKEN", "xoxb-hunter2 hunter2", "begins with xoxb-"),
        ("SLACK_BOT_TOKEN", "xoxb-", "begins with xoxb-"),
        ("SLACK_CHANNEL", "#alerts", "a channel id"),
        ("SLACK_API_URL", "slack.com", "https:// or http://"),
        ("SLACK_API_URL", "https://user:hunter2@slack.com/api/", "without a user name"),
        ("DATABASE_URL", "mysql://u:hunter2@h/d", "sqlite:///file or postgresql://"),
        ("DATABASE_URL", "watcher.db", "sqlite:///file or postgresql://"),
        ("SMTP_URL", "http://user:hunter2@host", "smtp://user:password@host:587"),
        ("SMTP_URL", "smtp://user:hunter2@host:port", "smtp://user:password@host:587"),
        ("SMTP_URL", "smtp://", "smtp://user:password@host:587"),
        ("MAIL_FROM", "a@example.org\r\nBcc: b@example.org", "one mail address"),
        ("MAIL_FROM", "A\r\nBcc: b@example.org <a@example.org>", "one mail address"),
        ("MAIL_FROM", "a@example.org, b@example.org", "one mail address"),
        ("MAIL_FROM", "nobody", "one mail address"),
        ("DIGEST_TO", "a@example.org, nobody", "one mail address"),
        ("DIGEST_SCHEDULE", "Monday", "such as Monday 09:00"),
        ("DIGEST_SCHEDULE", "Monday 24:00", "such as Monday 09:00"),
        ("DIGEST_SCHEDULE", "Someday 09:00", "such as Monday 09:00"),
        ("TIMEZONE", "../etc/passwd", "a zone of the tz database"),
        ("TIMEZONE", "Europe", "a zone of the tz database"),
        ("LISTEN", "127.0.0.1:70000", "host:port"),
        ("LISTEN", "http://127.0.0.1:80", "host:port"),
        ("PUBLIC_URL", "ftp://example.org", "https:// or http://"),
        ("ALERT_WINDOW", "72", "such as 15m, 6h or 1d"),
        ("ALERT_WINDOW", "5m", "between 1h"),
        ("CONCURRENCY", "0", "from 1 to 999"),
        ("CONCURRENCY", "many", "from 1 to 999"),
        ("PROXY", "proxy:3128", "http://host:port"),
        ("PROXY", "http://user:hunter2@proxy:99999", "http://host:port"),
        ("SLACK_SIGNING_SECRET", "hunter2\nhunter2", "one line"),
        ("PUBLIC_URL", "https://example.org/?key=hunter2", "without a query"),
        ("CONTACT", "a\nb", "one line"),
    ],
)
def test_a_bad_value_is_told_without_repeating_it(name: str, text: str, told: str) -> None:
    faults = [fault for fault in refusal({f"WATCHER_{name}": text}) if "is missing" not in fault]
    assert len(faults) == 1
    assert f"WATCHER_{name}: " in faults[0]
    assert told in faults[0]
    assert "hunter2" not in faults[0]


def test_mail_needs_a_server_and_a_sender() -> None:
    assert [fault.split(": ")[1] for fault in refusal({"WATCHER_DIGEST_TO": "a@example.org"})] == ["WATCHER_SMTP_URL"]
    assert [fault.split(": ")[1] for fault in refusal({"WATCHER_SMTP_URL": "smtps://h"})] == ["WATCHER_MAIL_FROM"]


def test_the_operators_are_reached_by_slack_or_by_mail_and_need_what_carries_it() -> None:
    slack = {"WATCHER_OPERATORS_CHANNEL": "C0OPERATORS"}
    assert refusal(slack)[0].startswith("environment: WATCHER_SLACK_BOT_TOKEN: is missing")
    assert load({**slack, "WATCHER_SLACK_BOT_TOKEN": "xoxb-1"}, None).operators_channel == "C0OPERATORS"
    mail = {"WATCHER_OPERATORS_CHANNEL": "mailto: ops@example.org"}
    assert refusal(mail)[0].startswith("environment: WATCHER_SMTP_URL: is missing")
    sent = {"WATCHER_SMTP_URL": "smtp://h", "WATCHER_MAIL_FROM": "watcher@example.org"}
    assert load({**mail, **sent}, None).operators_channel == "mailto:ops@example.org"
    assert "a channel id such as" in refusal({"WATCHER_OPERATORS_CHANNEL": "#ops"})[0]
    assert "one mail address" in refusal({"WATCHER_OPERATORS_CHANNEL": "mailto:nobody"})[0]


def test_a_token_needs_a_channel_unless_there_are_routes() -> None:
    settings = load({"WATCHER_SLACK_BOT_TOKEN": "xoxb-1"}, None)
    (fault,) = check_channel(settings, ())
    assert fault.key == "WATCHER_SLACK_CHANNEL"
    assert check_channel(settings, (Route("C1"),)) == []
    assert check_channel(load({}, None), ()) == []


def test_a_secret_shows_itself_to_nobody() -> None:
    settings = load({"WATCHER_SLACK_BOT_TOKEN": "xoxb-hunter2", "WATCHER_DATABASE_URL": "sqlite:///hunter2"}, None)
    assert "hunter2" not in f"{settings!r} {settings} {settings.slack_bot_token} {[settings.database_url]}"
    assert settings.slack_bot_token is not None
    assert settings.slack_bot_token.reveal() == "xoxb-hunter2"
    with pytest.raises(TypeError):
        pickle.dumps(settings.slack_bot_token)


def test_secrets_are_equal_by_their_text() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1


# --- files


def test_each_secret_may_come_from_a_file_without_its_last_line_break(tmp_path: Path) -> None:
    for name, text in (
        ("SLACK_BOT_TOKEN", "xoxb-1"),
        ("SLACK_APP_TOKEN", "xapp-1"),
        ("SLACK_SIGNING_SECRET", "abc"),
        ("SMTP_URL", "smtp://h"),
        ("DATABASE_URL", "sqlite:///x.db"),
        ("PROXY", "http://p:1"),
    ):
        (tmp_path / name).write_text(f"{text}\r\n", "utf-8")
        more = {"WATCHER_MAIL_FROM": "a@b", "WATCHER_SLACK_BOT_TOKEN": "xoxb-2"}
        more.pop(f"WATCHER_{name}", None)
        settings = load({f"WATCHER_{name}_FILE": str(tmp_path / name), **more}, None)
        assert getattr(settings, name.lower()) == Secret(text)


def test_a_secret_given_twice_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "t").write_text("xoxb-1", "utf-8")
    told = refusal({"WATCHER_SLACK_BOT_TOKEN": "xoxb-1", "WATCHER_SLACK_BOT_TOKEN_FILE": str(tmp_path / "t")})
    assert told == ["environment: WATCHER_SLACK_BOT_TOKEN: either this or WATCHER_SLACK_BOT_TOKEN_FILE, not both"]


def test_a_secret_file_must_be_there_and_hold_something_sound(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n", "utf-8")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    (tmp_path / "wrong").write_text("hunter2", "utf-8")
    for name, told in (("none", "No such file"), ("empty", "not empty"), ("bytes", "UTF-8"), ("wrong", "xoxb-")):
        (fault,) = refusal({"WATCHER_SLACK_BOT_TOKEN_FILE": str(tmp_path / name)})
        assert fault.startswith("environment: WATCHER_SLACK_BOT_TOKEN_FILE: ")
        assert told in fault
        assert "hunter2" not in fault


def test_only_secrets_have_a_file_form() -> None:
    (fault,) = refusal({"WATCHER_TIMEZONE_FILE": "x"})
    assert "WATCHER_TIMEZONE_FILE: no such setting" in fault


def dotenv(tmp_path: Path, text: str) -> str:
    (tmp_path / ".env").write_text(text, "utf-8")
    return str(tmp_path / ".env")


def test_the_real_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = dotenv(tmp_path, "WATCHER_TIMEZONE=Europe/Paris\nexport WATCHER_CONCURRENCY='4'\nOTHER=1\n")
    settings = load({"WATCHER_TIMEZONE": "Asia/Tokyo"}, file)
    assert (settings.timezone, settings.concurrency) == (ZoneInfo("Asia/Tokyo"), 4)


def test_the_real_environment_wins_in_either_form_of_a_secret(tmp_path: Path) -> None:
    file = dotenv(tmp_path, f"WATCHER_SLACK_BOT_TOKEN_FILE={tmp_path}/none\n")
    assert load({"WATCHER_SLACK_BOT_TOKEN": "xoxb-1"}, file).slack_bot_token == Secret("xoxb-1")


def test_a_missing_dotenv_is_no_fault(tmp_path: Path) -> None:
    assert load({}, str(tmp_path / ".env")) == Settings()


def test_faults_of_the_file_are_told_with_their_line(tmp_path: Path) -> None:
    file = dotenv(tmp_path, "# remark\nWATCHER_TIMEZOME=UTC\nWATCHER_LISTEN=here\nWATCHER_FEEDS\n")
    told = refusal({}, file)
    assert told == [
        f"{file}:4: line: NAME=value",
        f'{file}:2: WATCHER_TIMEZOME: no such setting; did you mean "WATCHER_TIMEZONE"?',
        f"{file}:3: WATCHER_LISTEN: host:port, such as 127.0.0.1:8080 or [::1]:8080",
    ]


def test_a_dotenv_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")
    (fault,) = refusal({}, str(tmp_path / ".env"))
    assert "a readable UTF-8 text" in fault


def test_an_empty_value_counts_as_not_set() -> None:
    assert load({"WATCHER_SLACK_BOT_TOKEN": "", "WATCHER_TIMEZONE": " "}, None) == Settings()


def test_values_are_not_expanded(tmp_path: Path) -> None:
    file = dotenv(tmp_path, "WATCHER_FEEDS=${HOME}/feeds.yaml\n")
    assert load({}, file).feeds == "${HOME}/feeds.yaml"


def test_every_setting_has_a_field() -> None:
    names = {name.removeprefix("WATCHER_").lower() for name in environment._SETTINGS}
    assert names | {"of_sources"} == set(Settings.__slots__)


def test_a_file_of_certificates_that_is_not_there_is_named() -> None:
    with pytest.raises(ConfigError, match="WATCHER_CA_FILE: a file that can be read: No such file"):
        load({"WATCHER_CA_FILE": "missing.pem"}, None)


@pytest.mark.parametrize(
    ("url", "private"),
    [
        ("http://127.0.0.1:8000/feed", True),
        ("https://[::1]/feed", True),
        ("https://10.1.2.3/feed", True),
        ("http://localhost/feed", True),
        ("https://192.0.2.1/feed", True),
        ("https://1.1.1.1/feed", False),
        ("https://press.example/feed", False),
    ],
)
def test_a_source_in_our_own_network_is_named_unless_it_is_allowed(url: str, private: bool) -> None:
    source = Source("one", SourceType.FEED, url, SourceKind.NEWS)
    assert bool(check_hosts(Settings(), [source])) is private
    assert check_hosts(Settings(allow_private_hosts=True), [source]) == []
