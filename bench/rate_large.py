"""Writes a large round of synthetic scores, for timing `openqmm rate`.

python bench/rate_large.py /tmp/round            # 10,000 facilities, 88 questions, 3 assessors
python bench/rate_large.py /tmp/round --facilities 1000
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

from openqmm.core.protocols import Protocol, shipped_protocol

HEADER = "facility_id,assessor_id,question_id,score,facility_type\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where to write; an existing file is kept")
    parser.add_argument("--protocol", default="pilot-eleven-areas")
    parser.add_argument("--facilities", type=int, default=10_000)
    parser.add_argument("--assessors", type=int, default=3)
    chosen = parser.parse_args()
    protocol = shipped_protocol(chosen.protocol)
    rows = chosen.facilities * chosen.assessors * sum(1 for _ in protocol.questions())
    path = chosen.folder / f"scores_{rows}.csv"
    if not path.exists():
        chosen.folder.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as file:
            file.write(HEADER)
            file.writelines(lines(protocol, chosen.facilities, chosen.assessors))
    print(f"{rows:,} rows, {path.stat().st_size / 1e6:.0f} MB")
    rate = f"openqmm rate {path} --protocol {chosen.protocol} --out {chosen.folder / 'out'}"
    print(f"/usr/bin/time -f '%e s, %M kB' {rate}")


def lines(protocol: Protocol, facilities: int, assessors: int) -> Iterator[str]:
    """Yield rows around a level of the facility's own, a few of them NR or NA, from one seed."""
    chance = random.Random(20_240_601)
    questions = [question.id for question in protocol.questions()]
    for number in range(facilities):
        kind = ("API", "FDF")[number % 2]
        level = chance.uniform(1.5, 4.5)
        # One list of marks a facility: far cheaper than drawing a distribution for each row.
        marks = [str(min(5, max(1, round(level + step / 25)))) for step in range(-48, 48)]
        drawn = iter(chance.choices([*marks, "NR", "NA"], k=len(questions) * assessors))
        team = [f"A{(number * 7 + i) % 400:03}" for i in range(assessors)]
        for question in questions:
            for assessor in team:
                yield f"SYN-{number:05},{assessor},{question},{next(drawn)},{kind}\n"


if __name__ == "__main__":
    main()
