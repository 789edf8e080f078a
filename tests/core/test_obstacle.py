import pytest

from watcher.core.obstacle import missing, wall_text


@pytest.mark.parametrize(
    "text",
    [
        "Just a moment...\n\nChecking your browser before accessing aws.example.",
        "Verify you are human by completing the action below.",
        "Access Denied\n\nYou don\u2019t have permission to access this resource. Reference #18.2",
        "Please enable JavaScript to continue.",
        "503 Service Unavailable",
        "We'll be right back. The site is down for scheduled maintenance.",
        "Sign in to continue",
    ],
)
def test_what_stands_in_the_way_is_no_page(text: str) -> None:
    assert wall_text(text)
    assert wall_text(text + " x" * 800) is None, "behind so much text stands the page"


@pytest.mark.parametrize(
    "text",
    [
        "404\n\nPage not found",
        "Sorry, the page you are looking for does not exist.",
        "This page is no longer available.",
        "We can\u2019t find that page",
        "410 Gone",
    ],
)
def test_a_text_that_says_so_is_a_missing_page(text: str) -> None:
    assert missing(text)


def test_a_policy_is_neither() -> None:
    text = "Police may not use the service. You may not get around a captcha of ours."
    assert not missing(text)
    assert wall_text(text) is None
