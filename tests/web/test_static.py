"""What is served: every file named exists, is the pinned one, and is small enough."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.storage import FileSystemStorage
from django.test import override_settings

AA_TEXT = 4.5
AA_GRAPHIC = 3.0


def _vendored(web: Path) -> list[Path]:
    return [path for path in (web / "static/vendor").rglob("*") if path.is_file()]


def test_every_file_a_style_sheet_names_is_there(web: Path) -> None:
    named = 0
    for sheet in (web / "static").rglob("*.css"):
        for target in re.findall(r"url\(\s*['\"]?([^'\")]+)", sheet.read_text("utf-8")):
            if not target.startswith("data:"):
                named += 1
                assert (sheet.parent / target.split("#")[0]).is_file(), target
    assert named > 20


def test_vendored_files_are_the_recorded_ones(web: Path) -> None:
    vendor = web / "static/vendor"
    lines = (vendor / "VERSIONS.txt").read_text("utf-8").splitlines()
    recorded = dict(
        reversed(line.split("  ", 1)) for line in lines if re.match(r"[0-9a-f]{64}  ", line)
    )
    found = {
        path.relative_to(vendor).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in _vendored(web)
        if path.name != "VERSIONS.txt"
    }
    assert found == recorded


def test_vendored_files_stay_small(web: Path) -> None:
    files = _vendored(web)
    assert sum(path.stat().st_size for path in files) < 2_500_000
    assert not [path for path in files if path.suffix == ".map"]
    code = [path for path in files if path.suffix in {".css", ".js"}]
    assert not [path for path in code if b"sourceMappingURL" in path.read_bytes()]


def test_fonts_travel_with_their_licence(web: Path) -> None:
    served = web / "static/vendor/uswds/fonts/public-sans"
    printed = web.parent / "reports/fonts"
    assert len(list(served.glob("*.woff2"))) == 5
    assert len(list(printed.glob("*.ttf"))) == 4
    for folder in (served, printed):
        assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text("utf-8")


def test_hashed_file_names_can_be_made(web: Path, tmp_path: Path) -> None:
    """The storage used in production refuses a style sheet that names a missing file."""
    source = FileSystemStorage(location=web / "static")
    files = [path for path in (web / "static").rglob("*.*") if path.is_file()]
    names = [path.relative_to(web / "static").as_posix() for path in files]
    with override_settings(STATIC_ROOT=str(tmp_path), STATIC_URL="/static/", DEBUG=False):
        storage = ManifestStaticFilesStorage(location=tmp_path)
        for name in names:
            with source.open(name) as handle:
                storage.save(name, handle)
        results = list(storage.post_process({name: (storage, name) for name in names}))
    assert not [result for _, _, result in results if isinstance(result, Exception)]


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        ("ink-mid", "ground", AA_TEXT),
        ("navy-mid", "ground", AA_TEXT),
        ("navy-mid", "navy-soft", AA_TEXT),
        ("paper", "teal", AA_TEXT),
        ("teal-dark", "teal-soft", AA_TEXT),
        ("green", "green-soft", AA_TEXT),
        ("gold", "gold-soft", AA_TEXT),
        ("red", "paper", AA_TEXT),
        ("navy", "teal-light", AA_TEXT),
        ("focus", "paper", AA_GRAPHIC),
        ("focus", "ground", AA_GRAPHIC),
        ("slate", "paper", AA_GRAPHIC),
        ("teal-mid", "paper", AA_GRAPHIC),
    ],
)
def test_colours_that_meet_keep_their_contrast(
    web: Path, ink: str, ground: str, least: float
) -> None:
    css = (web / "static/openqmm/openqmm.css").read_text("utf-8")
    tokens = dict(re.findall(r"--q-([a-z0-9-]+): (#[0-9a-f]{3,6})", css))
    assert _contrast(tokens[ink], tokens[ground]) >= least
