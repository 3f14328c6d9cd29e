"""An exported trail verifies as written, and no alteration goes unfound or unplaced."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

import pytest

from openqmm.core.records import Frontier
from openqmm.core.records.canonical import plain_json
from openqmm.core.verifier import Report, verify_trail
from tests.core.verifier.ledgers import ALDER, BIRCH, KEY, VKEY, Ledger, ledger, uuid

LEDGER = ledger(40)
LINES = LEDGER.export(ALDER)
EVENTS = len(LINES) - 1


def checks(report: Report) -> dict[str, bool | None]:
    return {check.name: check.passed for check in report.checks}


def test_a_trail_verifies_as_it_was_exported() -> None:
    report = verify_trail(LINES, VKEY)
    assert (report.kind, report.valid, report.first_bad) == ("trail", True, None)
    assert set(checks(report).values()) == {True}
    assert set(checks(report)) == {"format", "anchor", "signature", "events", "contents", "root"}


def test_without_a_key_no_signature_is_said_to_hold() -> None:
    report = verify_trail(LINES)
    assert report.valid
    assert checks(report)["signature"] is None


def test_a_trail_that_was_never_anchored_says_so() -> None:
    made = Ledger()
    made.score(ALDER, uuid("x"), 3)
    report = verify_trail(made.export(ALDER), VKEY)
    assert report.valid
    assert checks(report)["anchor"] is None


def test_an_empty_trail_verifies() -> None:
    made = Ledger()
    made.anchor()
    report = verify_trail(made.export(BIRCH), VKEY)
    assert report.valid, report.first_bad


def test_another_log_s_key_vouches_for_nothing() -> None:
    other = type(KEY).from_seed(KEY.name, bytes(32)).vkey()
    report = verify_trail(LINES, other)
    assert checks(report)["signature"] is False
    assert "no signature of openqmm.example/trail" in str(report.first_bad)


def test_a_content_taken_out_whole_leaves_a_proven_place() -> None:
    lines = list(LINES)
    line = json.loads(lines[8])
    lines[8] = plain_json(line | {"salt": None, "content": None, "changes": []}) + "\n"
    report = verify_trail(lines, VKEY)
    assert report.valid
    assert checks(report)["contents"] is None
    assert details(report)["contents"] == (
        "1 events no longer hold their content: 7; their place is proven, what they said is not"
    )
    for gone in ({"content": None}, {"salt": None}, {"salt": None, "content": None}):
        lines[8] = plain_json(line | gone) + "\n"
        report = verify_trail(lines, VKEY)
        assert str(report.first_bad).startswith(f"trail {ALDER} event 7 ")
        assert str(report.first_bad).endswith(": its salt or its content was taken out")
        assert checks(report)["contents"] is False


@pytest.mark.parametrize(("many", "more"), [(20, ""), (21, " and more"), (25, " and more")])
def test_contents_taken_out_are_counted_and_twenty_listed(many: int, more: str) -> None:
    lines = list(LINES)
    for number in range(1, many + 1):
        gone = {"salt": None, "content": None, "changes": []}
        lines[number] = plain_json(json.loads(lines[number]) | gone) + "\n"
    report = verify_trail(lines, VKEY)
    named = ", ".join(map(str, range(20))) + more
    assert report.valid
    assert details(report)["contents"].startswith(
        f"{many} events no longer hold their content: {named}; their place"
    )


def test_what_was_looked_at_is_said_in_numbers() -> None:
    header = json.loads(LINES[0])
    said = f"{header['anchor']['size']} events at {header['anchor']['at']}"
    assert details(verify_trail(LINES, VKEY)) == {
        "format": f"openqmm-trail/1, trail {ALDER}",
        "anchor": f"{said}, under the checkpoint of openqmm.example/trail at 9 ticks",
        "signature": "signed by openqmm.example/trail",
        "events": f"{EVENTS} events, gapless, each linked to the last",
        "contents": "every content, change and salt gives its digest",
        "root": f"{header['root']} over {EVENTS} events",
    }


def of_check(report: Report, name: str) -> list[str]:
    """Return what is wrong with the events, without where."""
    lines = details(report)[name].splitlines()[1:]
    return [line.removeprefix(f"trail {ALDER} ").partition(": ")[2] or line for line in lines]


@pytest.mark.parametrize(
    ("change", "check", "said"),
    [
        ({"size": 42}, "root", "the first line tells of 42 events, 41 stand there"),
        ({"root": "0" * 64}, "root", "its events do not give the root in the first line"),
        ({"trail": "x"}, "format", "trail is malformed"),
        ({"anchor": {}}, "format", "its anchor: fields missing or unknown: at, path, root, salt, "),
        ({"anchor": 7}, "format", "its anchor: an object was expected"),
        ({"anchor": {"size": 42}}, "anchor", "only 41 stand here: event 41 and later were cut"),
        ({"anchor": {"root": "0" * 64}}, "anchor", "its first 41 events do not give the root"),
    ],
)
def test_what_is_wrong_in_the_first_line_is_told_under_its_check(
    change: dict[str, object], check: str, said: str
) -> None:
    header = json.loads(LINES[0])
    anchor = change.get("anchor")
    if isinstance(anchor, dict) and anchor:
        change = {"anchor": header["anchor"] | anchor}
    report = verify_trail([plain_json(header | change) + "\n", *LINES[1:]], VKEY)
    assert checks(report)[check] is False
    assert said in details(report)[check]


UNLINKED = "it is not linked to the event that stands before it"


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ([0, 1, 2, 4], [UNLINKED, "event 3 is missing before it"]),
        ([0, 1, 2, 5], [UNLINKED, "event 3 to 4 is missing before it"]),
        ([0, 1, 2, 6], [UNLINKED, "event 3 to 5 is missing before it"]),
        (
            [0, 1, 1, 2],
            [UNLINKED, *(f"it stands where event {number} belongs" for number in (2, 3))],
        ),
        ([1], [UNLINKED, "event 0 is missing before it"]),
    ],
)  # fmt: skip
def test_events_out_of_place_are_counted(kept: list[int], said: list[str]) -> None:
    header = json.loads(LINES[0]) | {"anchor": None}
    lines = [plain_json(header), *(LINES[number + 1] for number in kept)]
    report = verify_trail(lines, VKEY)
    assert of_check(report, "events") == said
    assert checks(report)["contents"] is True


def test_a_number_that_is_linked_and_wrong_is_one_fault() -> None:
    """The event after it stands where it belongs."""
    event = json.loads(LINES[6])
    lines = with_event(LINES, 5, event | {"seq": 7})
    assert of_check(verify_trail(lines, VKEY), "events") == ["it stands where event 5 belongs"]


def test_after_a_line_that_cannot_be_read_the_next_is_where_it_belongs() -> None:
    report = verify_trail([*LINES[:6], "{}\n", *LINES[7:]], VKEY)
    (only,) = details(report)["events"].splitlines()[1:]
    assert only.startswith(f"trail {ALDER} event 5 (line 7 of the file) is not an event: ")


def details(report: Report) -> dict[str, str]:
    return {check.name: check.detail for check in report.checks}


# Tampering. Each takes the lines and a generator, and returns new lines and the numbers of events
# of which one must be named.
Tampering = Callable[[list[str], random.Random], tuple[list[str], set[int]]]


def flip_a_bit(lines: list[str], chance: random.Random) -> tuple[list[str], set[int]]:
    number = chance.randrange(EVENTS)
    raw = bytearray(lines[number + 1].encode())
    raw[chance.randrange(len(raw) - 1)] ^= 1 << chance.randrange(8)
    altered = raw.decode("utf-8", "surrogateescape").splitlines(keepends=True)
    return [*lines[: number + 1], *altered, *lines[number + 2 :]], {number}


def alter_a_value(lines: list[str], chance: random.Random) -> tuple[list[str], set[int]]:
    """Change one field, and spell the line canonically as if nothing had happened."""
    number = chance.randrange(EVENTS)
    event = json.loads(lines[number + 1])
    field = chance.choice(["seq", "prev", "leaf", "salt", "content", "before", "after", "table"])
    if field == "seq":
        event["seq"] += chance.choice([-1, 1, 10, 2**52])
    elif field in event:
        event[field] = event[field].replace("a", "b", 1) + ("" if "a" in event[field] else "a")
    else:
        event["changes"][0][field] = f"{event['changes'][0][field]}x"
    return with_event(lines, number, event), {number}


def exchange_two(lines: list[str], chance: random.Random) -> tuple[list[str], set[int]]:
    a, b = chance.sample(range(EVENTS), 2)
    swapped = list(lines)
    swapped[a + 1], swapped[b + 1] = lines[b + 1], lines[a + 1]
    return swapped, {a, b}


def take_one_out(lines: list[str], chance: random.Random) -> tuple[list[str], set[int]]:
    number = chance.randrange(EVENTS)
    return lines[: number + 1] + lines[number + 2 :], {number}


def put_one_in_again(lines: list[str], chance: random.Random) -> tuple[list[str], set[int]]:
    which, place = chance.randrange(EVENTS), chance.randrange(EVENTS + 1)
    return [*lines[: place + 1], lines[which + 1], *lines[place + 1 :]], {which, place, which + 1}


def reorder_some(lines: list[str], chance: random.Random) -> tuple[list[str], set[int]]:
    first = chance.randrange(EVENTS - 5)
    some = lines[first + 1 : first + 6]
    while some == lines[first + 1 : first + 6]:
        chance.shuffle(some)
    return [*lines[: first + 1], *some, *lines[first + 6 :]], set(range(first, first + 6))


def cut_the_tail(lines: list[str], chance: random.Random) -> tuple[list[str], set[int]]:
    """Drop the newest events, and state size and root anew."""
    keep = chance.randrange(EVENTS)
    return restated(lines[: keep + 1]), {keep}


def rewrite_with_fresh_hashes(
    lines: list[str], chance: random.Random
) -> tuple[list[str], set[int]]:
    """Change a score long ago, and compute every salt, hash, link and root after it anew."""
    made = ledger(40)
    trail = made.trails[ALDER]
    number = chance.randrange(EVENTS)
    event = trail.events[number]
    event["why"] = f"another reason {chance.random()}"
    trail.rewrite()
    return restated([lines[0], *made.export(ALDER)[1:]]), set()


def rewrite_the_anchor(lines: list[str], chance: random.Random) -> tuple[list[str], set[int]]:
    """The same, with anchors and a checkpoint of one's own, signed with another key."""
    made = ledger(40)
    trail = made.trails[ALDER]
    trail.events[chance.randrange(EVENTS)]["what"] = "another.act"
    trail.rewrite()
    made.anchor()
    forged = json.loads(made.export(ALDER)[0])
    proof = forged["anchor"]["tlog_proof"]
    head, _, note = proof.partition("\n\n")
    text = note.rpartition("\n\n")[0] + "\n"
    other = type(KEY).from_seed(KEY.name, chance.randbytes(32))
    forged["anchor"]["tlog_proof"] = f"{head}\n\n{other.sign(text)}"
    return [plain_json(forged) + "\n", *made.export(ALDER)[1:]], set()


def with_event(lines: list[str], number: int, event: dict[str, object]) -> list[str]:
    return [*lines[: number + 1], plain_json(event) + "\n", *lines[number + 2 :]]


def restated(lines: list[str]) -> list[str]:
    header, tree = json.loads(lines[0]), Frontier()
    for line in lines[1:]:
        tree.append(bytes.fromhex(json.loads(line)["leaf"]))
    header |= {"size": tree.size, "root": tree.root().hex()}
    return [plain_json(header) + "\n", *lines[1:]]


MANY: dict[Tampering, int] = {
    flip_a_bit: 400,
    alter_a_value: 200,
    exchange_two: 100,
    take_one_out: 60,
    put_one_in_again: 80,
    reorder_some: 60,
    cut_the_tail: 40,
    rewrite_with_fresh_hashes: 40,
    rewrite_the_anchor: 20,
}


@pytest.mark.requirement("R07")
@pytest.mark.requirement("R08")
@pytest.mark.parametrize("tampering", MANY, ids=lambda tampering: tampering.__name__)
def test_every_tampering_is_found_and_located(tampering: Tampering) -> None:
    for seed in range(MANY[tampering]):
        lines, places = tampering(list(LINES), random.Random(f"{tampering.__name__} {seed}"))
        report = verify_trail(lines, VKEY)
        assert not report.valid, (seed, "not found")
        named = "\n".join(report.faults)
        if places:
            assert any(f"event {place} " in named for place in places), (seed, places, named)
        else:
            anchored = "signature" if tampering is rewrite_the_anchor else "root anchored at tick"
            assert anchored in named, (seed, named)


def test_a_thousand_tamperings_are_tried() -> None:
    assert sum(MANY.values()) == 1000


@pytest.mark.requirement("R07")
def test_no_byte_of_the_first_line_can_change_but_in_the_name() -> None:
    """The name is a label for people; nothing vouches for it."""
    line = LINES[0]
    label = range(line.index('"Alder Pharma"') + 1, line.index('"Alder Pharma"') + 13)
    raw = line.removesuffix("\n").encode()
    for place in range(0, len(raw), 3):
        if place in label:
            continue
        altered = bytearray(raw)
        altered[place] ^= 1
        text = altered.decode("utf-8", "surrogateescape")
        report = verify_trail([text, *LINES[1:]], VKEY)
        assert not report.valid, (place, text[place - 20 : place + 20])


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "is not JSON"),
        ([""], "is not JSON"),
        (["\n"], "is not JSON"),
        (["[]"], "is not a JSON object"),
        (["{}"], "fields missing or unknown"),
        (["\udcff{}"], "is not JSON"),
        (['{"a":"\udcff"}'], "not UTF-8"),
        (["[" * 200_000], "is not JSON"),
        (['{"a":' * 5000 + "1" + "}" * 5000], "is not"),
        (['{"a":' + "9" * 10_000 + "}"], "is not JSON"),
        (['{"a":NaN}'], "is not in canonical form"),
        (["x" * 1_000_000], "is not JSON"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(lines: list[str], said: str) -> None:
    report = verify_trail(lines, VKEY)
    assert not report.valid
    assert said in str(report.first_bad)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "null",
        "[" * 200_000,
        "{}",
        '{"seq":' + "9" * 9999 + "}",
        '{"changes":[],"content":[],"leaf":1,"prev":2,"salt":3,"seq":true}',
        '{"changes":[null]}',
        "\udcff",
    ],
)
def test_nonsense_in_place_of_an_event_is_located(line: str) -> None:
    report = verify_trail([*LINES[:6], line, *LINES[7:]], VKEY)
    assert f"trail {ALDER} event 5 (line 7 of the file)" in str(report.first_bad)


def test_many_faults_are_counted_and_a_hundred_listed() -> None:
    made = ledger(150)
    lines = [line.replace("recorded a score", "removed a score") for line in made.export(ALDER)]
    report = verify_trail(lines, VKEY)
    assert len(report.faults) == 100
    assert report.fault_count >= 150
    last = details(report)["contents"].splitlines()[-1]
    assert last == f"and {report.fault_count - 100} more"
