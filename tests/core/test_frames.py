"""A plain statement is read in whatever frame reports put it: datelines, asides, who said so, when, and why."""

import pytest

from tests.core.reading import told

STATEMENTS = {
    "will no longer sell facial recognition to police": "ban",
    "has stopped selling facial recognition to police": "ban",
    "is ending sales of facial recognition to police": "ban",
    "will not let police use its facial recognition": "ban",
    "has banned police from using its facial recognition": "ban",
    "has no plans to sell facial recognition to governments": "ban",
    "does not use facial recognition in its stores": "ban",
    "has agreed to stop selling its face database to private companies": "ban",
    "has suspended police use of its facial recognition": "moratorium",
    "is pausing sales of facial recognition to police for a year": "moratorium",
    "has extended its moratorium on police use of facial recognition": "moratorium",
    "is leaving the facial recognition business": "exit",
    "has turned off facial recognition in its stores": "exit",
    "has scrapped its facial recognition trial": "exit",
    "has removed facial recognition from its glasses": "exit",
    "has launched facial recognition for banks": "allow",
    "is rolling out facial recognition to all users": "allow",
    "is testing facial recognition in two of its stores": "allow",
    "will make face scans mandatory for new members": "allow",
    "will keep selling facial recognition to police": "allow",
    "will resume sales of facial recognition to police": "allow",
    "lifted its ban on police use of facial recognition": "allow",
    "will require customers to get approval before they use facial recognition": "restrict",
    "supports a federal law on facial recognition": "advocate",
}
FRAMES = (
    "Northgate {}.",
    "On Tuesday, Northgate {}.",
    "After months of criticism from activists, Northgate {}.",
    "Under pressure from employees and civil rights groups, Northgate {}.",
    "In a move praised by privacy advocates, Northgate {}.",
    "Two days after Southmere did the same, Northgate {}.",
    "SEATTLE (Reuters) - Northgate {}.",
    "SAN FRANCISCO, June 11 - Northgate {}, the company said Thursday.",
    "Northgate, the software maker based in Ohio, {}.",
    "Northgate, which has been criticised by the ACLU for years, {}.",
    "Northgate, one of the largest vendors of the technology, {}.",
    "Technology giant Northgate {}.",
    "Northgate (NGTE) {}.",
    "Northgate said Tuesday it {}.",
    "Northgate said in May that it {}.",
    "Northgate announced on Tuesday that it {}.",
    "Northgate today announced that it {}.",
    "Northgate confirmed Tuesday it {}.",
    "Northgate told the Washington Post that it {}.",
    "Northgate has told lawmakers in Washington that it {}.",
    "Northgate told campaigners at Fight for the Future that it {}.",
    "In a letter to Congress, Northgate chief executive Ada Lindqvist wrote that the company {}.",
    "The president of Northgate, Ada Lindqvist, said on Thursday that her company {}.",
    "A Northgate spokesman said the company {}.",
    "Northgate spoke out on Thursday. The company {}, it said.",
    "Northgate had little choice, some say. It {}.",
    "Northgate listened to its critics and {}.",
    "The company confirmed to Reuters that Northgate {}.",
    "The Guardian has learned that Northgate {}.",
    "Northgate {}, it said on Tuesday.",
    "Northgate {}, a spokesperson for the company told Reuters.",
    "Northgate {}, Reuters reported on Tuesday.",
    "Northgate {}, according to the New York Times.",
    '"Northgate {}," said its president, Ada Lindqvist.',
    "Northgate {} because of concerns over human rights.",
    "Northgate {} as lawmakers debate new rules.",
    "Northgate {}, following a similar move by Southmere.",
    "Northgate {}, citing concerns about racial bias.",
)


@pytest.mark.parametrize("frame", FRAMES)
def test_a_plain_statement_is_read_in_each_frame(frame: str) -> None:
    found = {doing: {one.split()[1] for one in told(frame.format(doing))} for doing in STATEMENTS}
    assert {doing: positions for doing, positions in found.items() if STATEMENTS[doing] not in positions} == {}


@pytest.mark.parametrize(
    "frame",
    [
        "Will Northgate say that it {}?",
        "If Northgate {}, others may follow.",
        "Critics hope that Northgate {}.",
        "Nobody knows whether Northgate {}.",
        "There are rumours that Northgate {}.",
        "Northgate denied that it {}.",
        "Northgate would not say whether it {}.",
        "The mayor of Oakland {}.",
    ],
)
def test_what_nobody_says_is_read_in_no_frame(frame: str) -> None:
    assert {doing: told(frame.format(doing)) for doing in STATEMENTS if told(frame.format(doing))} == {}
