from collections.abc import Callable
from typing import Any

import pytest

from tests.fakes import Killed


@pytest.fixture
def kill() -> Callable[[Callable[[], Any]], None]:
    """Run something that must be killed."""

    def run(work: Callable[[], Any]) -> None:
        with pytest.raises(Killed):
            work()

    return run
