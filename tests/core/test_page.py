from datetime import date

from watcher.core.difference import another_text, difference
from watcher.core.page import excerpt, page_of

BEFORE = """# Acceptable use

Last updated 1 May 2020

## 2. Faces

You may not use the service for:

• spam
• malware

Section 2.1 We review this page often; you are told. Fees are due monthly."""


def texts(text: str) -> list[str]:
    return [passage.text for passage in page_of(text).passages]


def changed(after: str, before: str = BEFORE) -> tuple[list[str], list[str]]:
    found = difference(page_of(before), page_of(after))
    return [passage.text for passage in found.added], [passage.text for passage in found.gone]


def test_a_page_is_its_sentences_under_their_headings() -> None:
    page = page_of(BEFORE)
    assert page.dated == date(2020, 5, 1)
    spam = next(passage for passage in page.passages if "spam" in passage.text)
    assert spam.headings == ("# Acceptable use", "## 2. Faces")
    assert spam.whole == "You may not use the service for: • spam"
    assert page.passages[-1].headings == spam.headings
    assert all("updated" not in text for text in texts(BEFORE))


def test_a_heading_ends_those_of_its_own_level_and_below() -> None:
    page = page_of("# A\n\n## B\n\nOne is here.\n\n## C\n\nTwo is here.\n\n# D\n\nThree is here.")
    assert [passage.headings for passage in page.passages if passage.text.endswith("here.")] == [
        ("# A", "## B"),
        ("# A", "## C"),
        ("# D",),
    ]


def test_order_numbers_dates_and_marks_change_nothing() -> None:
    for after in (
        BEFORE.replace("• spam\n• malware", "• malware\n• spam"),
        BEFORE.replace("• spam", "1. Spam").replace("• malware", "(b) malware;"),
        BEFORE.replace("You may not", "YOU MAY NOT"),
        BEFORE.replace("## 2.", "## 3.").replace("2.1", "3.1").replace("1 May 2020", "2 June 2021"),
        BEFORE.replace("often; you", "often. You"),
        BEFORE.replace("told. Fees", "told; fees"),
        BEFORE.replace("service for:", "service for"),
        "\n\n".join(["Fees are due monthly.", *BEFORE.replace(" Fees are due monthly.", "").split("\n\n")]),
    ):
        assert changed(after) == ([], [])


def test_new_and_lost_sentences_are_found_wherever_they_stand() -> None:
    after = BEFORE.replace("• malware\n", "• stalking\n").replace("Fees", "Police must not use it. Fees")
    assert changed(after) == (["• stalking", "Police must not use it."], ["• malware"])
    assert changed("") == ([], texts(BEFORE))


def test_a_sentence_that_a_page_repeats_is_gone_only_when_it_is_gone_everywhere() -> None:
    twice = f"{BEFORE}\n\nFees are due monthly."
    assert changed(BEFORE, twice) == ([], [])


def test_an_item_under_another_lead_in_says_something_else() -> None:
    added, gone = changed(BEFORE.replace("You may not use", "You should not use"))
    assert added == ["You should not use the service for:", "• spam", "• malware"]
    assert gone == ["You may not use the service for:", "• spam", "• malware"]


def test_edited_sentences_are_paired_with_what_they_were() -> None:
    before = "# A\n\nPolice must not use it to find people. Fees are due.\n\n# B\n\nIt is sold in the United States."
    after = "# A\n\nFees are due. Police should not use it to find people.\n\n# C\n\nIt is sold in the United Kingdom."
    found = difference(page_of(before), page_of(after))
    assert [(edit.before.text, edit.after.text) for edit in found.edits] == [
        ("Police must not use it to find people.", "Police should not use it to find people."),
        ("It is sold in the United States.", "It is sold in the United Kingdom."),
    ]


def test_sentences_with_little_in_common_are_no_pair() -> None:
    assert not difference(page_of("Police must not use it."), page_of("Fees are due each month.")).edits


def test_an_excerpt_keeps_heading_and_lead_in() -> None:
    page = page_of(BEFORE.replace("• malware", "• malware\n• facial recognition by police\n• stalking"))
    new = [passage for passage in page.passages if "police" in passage.text or "stalking" in passage.text]
    assert excerpt(new) == (
        "## 2. Faces\n\nYou may not use the service for:\n\n• facial recognition by police\n\n• stalking"
    )


def test_new_sentences_of_one_paragraph_stay_together() -> None:
    page = page_of("# Faces\n\nWe stopped. It was our choice.\n\nIt is final.")
    assert excerpt(page.passages) == "# Faces\n\nWe stopped. It was our choice.\n\nIt is final."


def test_a_page_of_which_hardly_a_sentence_is_left_is_another_text() -> None:
    held = page_of(" ".join(f"The service number {n} is sold to customers of kind {n}." for n in range(10)))
    notice = page_of("We are moving house. Come back on Monday. All will be well.")
    assert another_text(held, notice, difference(held, notice))
    edited = page_of(" ".join(f"The service number {n} is sold to clients of kind {n}." for n in range(10)))
    assert not another_text(held, edited, difference(held, edited)), "each sentence was edited, but it is the page"
