"""`openqmm rate`: from a file of scores to ratings that anybody can recompute."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from openqmm.cli.protocol_files import existing

if TYPE_CHECKING:
    from openqmm.core.protocols import Protocol
    from openqmm.core.ratings import FacilityRating, Ratings


@click.command()
@click.argument("scores", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--protocol",
    "protocol_id",
    required=True,
    metavar="ID",
    callback=existing,
    help="A shipped protocol's id, or a protocol file.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("ratings"),
    show_default=True,
    help="Folder for ratings.json, ratings.csv and the PDFs.",
)
@click.option("--pdf", is_flag=True, help="Also write one PDF report per facility.")
@click.option("--json", "as_json", is_flag=True, help="Print ratings.json instead of a summary.")
def rate(scores: Path, protocol_id: str, out: Path, pdf: bool, as_json: bool) -> None:
    """Rate every facility in SCORES (CSV, XLSX or Parquet).

    Columns: facility_id, assessor_id, question_id, score (1-5, NR, NA); optional role and
    facility_type.
    Nothing is written unless every row can be used.
    """
    from openqmm.cli.protocol_files import load_named
    from openqmm.core.ratings import rate as rate_scores
    from openqmm.core.ratings.scores_file import read_scores

    protocol = load_named(protocol_id)
    ratings = rate_scores(protocol, read_scores(scores, protocol))
    written = _write(out, protocol, ratings, pdf=pdf)
    if as_json:
        click.echo((out / "ratings.json").read_bytes(), nl=False)
        return
    _summarise(protocol, ratings)
    click.echo(f"Written to {out}: {', '.join(written)}")


def _write(out: Path, protocol: Protocol, ratings: Ratings, *, pdf: bool) -> list[str]:
    from openqmm.cli.files import write_whole
    from openqmm.core.ratings import ratings_json
    from openqmm.reports.ratings_csv import ratings_csv

    write_whole(out / "ratings.json", ratings_json(ratings))
    write_whole(out / "ratings.csv", (line.encode() for line in ratings_csv(protocol, ratings)))
    written = ["ratings.json", "ratings.csv"]
    if pdf:
        written.append(f"{_write_pdfs(out, protocol, ratings)} PDF reports")
    return written


def _write_pdfs(out: Path, protocol: Protocol, ratings: Ratings) -> int:
    from openqmm.cli.files import safe_name, unique_names, write_whole
    from openqmm.reports.rating_pdf import ReportContext, rating_pdf

    names = unique_names(safe_name(rating.facility_id) for rating in ratings.facilities)
    with click.progressbar(
        list(zip(names, ratings.facilities, strict=True)),
        label="Writing PDFs",
        file=sys.stderr,
    ) as facilities:
        for name, rating in facilities:
            context = ReportContext(
                facility_name=rating.facility_id,
                status_line="Computed from a file of scores",
                inputs_digest=ratings.inputs_digest,
            )
            write_whole(out / f"{name}.pdf", [rating_pdf(protocol, rating, context)])
    return len(names)


def _summarise(protocol: Protocol, ratings: Ratings) -> None:
    shown = ratings.facilities[:20]
    width = max(len(rating.facility_id) for rating in shown)
    click.echo(f"{protocol.title} {protocol.version}, digest {protocol.digest[:12]}")
    for rating in shown:
        click.echo(f"  {rating.facility_id:<{width}}  {_outcome(protocol, rating)}")
    if len(ratings.facilities) > len(shown):
        click.echo(f"  and {len(ratings.facilities) - len(shown):,} more facilities.")


def _outcome(protocol: Protocol, rating: FacilityRating) -> str:
    from openqmm.core.ratings import shown_score

    overall = rating.overall
    if overall.score is None or overall.level is None:
        return f"Not rated: {', '.join(overall.reasons)}"
    name = protocol.level_name(overall.level)
    gate = "".join(f"; held by {gate.cause}" for gate in overall.gates)
    return f"Level {overall.level} {name}, score {shown_score(overall.score)}{gate}"
