"""All feeds of the suite."""

from tests.fetch.conformance.broken import BROKEN
from tests.fetch.conformance.content import LINKS, TEXTS, TITLES
from tests.fetch.conformance.dates import DATES
from tests.fetch.conformance.encodings import ENCODINGS
from tests.fetch.conformance.formats import FORMATS
from tests.fetch.conformance.platforms import PLATFORMS

CASES = [*FORMATS, *PLATFORMS, *ENCODINGS, *DATES, *TITLES, *TEXTS, *LINKS, *BROKEN]
READ = [case for case in CASES if case.refused is None]
