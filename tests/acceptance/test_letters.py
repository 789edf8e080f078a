"""The weekly letters of a whole readership, with a mail server that has moods and a process that is killed."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.acceptance
def test_every_reader_gets_the_weeks_letter_whatever_mail_server_and_process_do() -> None:
    words = [sys.executable, "-m", "benchmarks.letters", "--readers", "40", "--kills", "3"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "letters that arrived            39 of 39" in done.stdout
