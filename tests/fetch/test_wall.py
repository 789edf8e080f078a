import pytest

from watcher.fetch.wall import wall

LONG = "<p>" + "The company said that it will not sell the service to police. " * 40 + "</p>"


@pytest.mark.parametrize(
    ("owner", "markup"),
    [
        ("Cloudflare", "<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"),
        ("Cloudflare", "<title>Attention Required! | Cloudflare</title><p>Sorry, you have been blocked</p>"),
        ("Cloudflare", '<form id="challenge-form" action="/?__cf_chl_f_tk=x">'),
        ("DataDome", '<script src="https://geo.captcha-delivery.com/x"></script>Please enable JS'),
        ("Akamai", "<h1>Access Denied</h1>You don't have permission.<p>Reference #18.2d351ab8.1557333295.a4e16ab</p>"),
        ("Imperva", '<iframe src="/_Incapsula_Resource?x">Request unsuccessful.</iframe>'),
        ("PerimeterX", '<div id="px-captcha"></div>Press & Hold'),
        ("AWS WAF", '<script src="https://x.awswaf.com/challenge.js"></script>'),
        ("a captcha", "<p>Are you a robot?</p><div class='g-recaptcha'></div>"),
        ("a bot check", "<title>Pardon Our Interruption</title>"),
        ("a JavaScript check", "<p>Please enable JavaScript to view this site.</p>"),
        ("a page that denies access", "<h1>403 Forbidden</h1>"),
    ],
)
def test_a_wall_is_known(owner: str, markup: str) -> None:
    assert wall(markup, {}) == owner


def test_a_header_tells_a_challenge_without_a_body() -> None:
    assert wall("", {"x-amzn-waf-action": "challenge"}) == "AWS WAF"


@pytest.mark.parametrize(
    "script",
    [
        '<script src="https://js.datadome.co/tags.js"></script>',
        '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>',
        '<form><div class="g-recaptcha"></div></form>',
        "<noscript>Please enable JavaScript</noscript>",
    ],
)
def test_a_whole_page_with_the_same_scripts_is_no_wall(script: str) -> None:
    assert wall(f"<html><body>{script}{LONG}</body></html>", {}) is None


def test_a_short_page_is_no_wall() -> None:
    assert wall("<html><body><p>Nothing here yet.</p></body></html>", {}) is None
