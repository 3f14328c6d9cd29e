"""Fetch the pinned design-system packages and keep the few files the portal serves.

    python scripts/vendor_assets.py

Needs `npm` on the path; it is asked for packages by name and uses whatever registry the machine is
set up for. Everything else happens here: style sheet rewritten so that no request can miss, fonts
and images it names copied, versions and digests written to `VERSIONS.txt`. Run it again after a
version below is changed; a package whose digest is not the pinned one is refused.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src/openqmm/web/static/vendor"
USWDS_DIR = VENDOR / "uswds"
REPORT_FONTS = ROOT / "src/openqmm/reports/fonts"

FAMILY = "Public Sans Web"
SANS_STACK = f"{FAMILY},Helvetica Neue,Helvetica,Roboto,Arial,sans-serif"
FACES = (
    ("Regular", "normal", 400),
    ("Italic", "italic", 400),
    ("SemiBold", "normal", 600),
    ("Bold", "normal", 700),
    ("BoldItalic", "italic", 700),
)
PRINTED_FACES = ("Regular", "SemiBold", "Bold", "Italic")
# The photograph behind the stock hero is never shown here and is larger than all other images.
DROPPED_IMAGES = ("../img/hero.jpg",)


@dataclass(frozen=True, slots=True)
class Package:
    """One pinned package: its exact version and the digest its archive must have."""

    name: str
    version: str
    licence: str
    sha256: str


USWDS = Package(
    "@uswds/uswds",
    "3.14.0",
    "CC0-1.0; fonts OFL-1.1; icons Apache-2.0; parts MIT (see uswds/LICENSE.md)",
    "da91c65e6fc736fa397f0daf6ca2c2c95711506d85c7ad2537a4570725401e1c",
)
# Fetched for its licence text alone: the fonts come with USWDS, their licence does not.
FONT_LICENCE = Package(
    "@fontsource/public-sans",
    "5.3.0",
    "OFL-1.1",
    "006a55fc01a1f03fd56ade9d2d0f80f0eef7e20a085cd9c8ba2463a361cbefcb",
)


def fetch(package: Package, into: Path) -> Path:
    """Return the folder of the unpacked package, or stop if its archive is not the pinned one."""
    folder = into / package.name.replace("/", "-").lstrip("@")
    folder.mkdir()
    command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    archive = next(folder.glob("*.tgz"))
    found = digest(archive)
    if found != package.sha256:
        sys.exit(f"{package.name} {package.version}: SHA-256 is {found}, pinned {package.sha256}")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / "package"


def digest(path: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal text."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def without_source_map(text: str) -> str:
    """Return a style sheet or script without the pointer to a map that is not shipped."""
    text = re.sub(r"\n?/\*# sourceMappingURL=[^*]*\*/", "", text)
    return re.sub(r"\n?//# sourceMappingURL=\S+", "", text)


def rewritten_css(css: str) -> str:
    """Return the style sheet in one type family, naming only files that are shipped."""
    css = re.sub(r"@font-face\{[^}]*\}", "", without_source_map(css))
    css = re.sub(r"(?:Merriweather|Source Sans Pro) Web,[^;}]*?sans-serif", SANS_STACK, css)
    css = re.sub(r"Merriweather Web,[^;}]*?serif", SANS_STACK, css)
    css = css.replace("Roboto Mono Web,", "")
    for image in DROPPED_IMAGES:
        css = css.replace(f"url({image})", "none")
    faces = "".join(
        f'@font-face{{font-family:"{FAMILY}";font-style:{style};font-weight:{weight};'
        f"font-display:fallback;src:url(../fonts/public-sans/PublicSans-{name}.woff2)"
        f'format("woff2")}}'
        for name, style, weight in FACES
    )
    return f"{css.rstrip()}{faces}\n"


def named_files(css: str) -> list[str]:
    """Return the relative paths in `url(...)`, each once; embedded data is left out."""
    found = re.findall(r"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)", css)
    return sorted({path.split("#")[0].split("?")[0] for path in found if ":" not in path})


def copy_design_system(package: Path) -> None:
    """Fill the served folder: style sheet, scripts, sprite, and what the style sheet names."""
    dist = package / "dist"
    shutil.rmtree(USWDS_DIR, ignore_errors=True)
    (USWDS_DIR / "css").mkdir(parents=True)
    (USWDS_DIR / "js").mkdir()
    css = rewritten_css((dist / "css/uswds.min.css").read_text(encoding="utf-8"))
    (USWDS_DIR / "css/uswds.min.css").write_text(css, encoding="utf-8")
    for name in ("uswds.min.js", "uswds-init.min.js"):
        script = without_source_map((dist / "js" / name).read_text(encoding="utf-8"))
        (USWDS_DIR / "js" / name).write_text(script.rstrip() + "\n", encoding="utf-8")
    for path in (*named_files(css), "../img/sprite.svg"):
        relative = path.removeprefix("../")
        target = USWDS_DIR / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(dist / relative, target)
    shutil.copyfile(package / "LICENSE.md", USWDS_DIR / "LICENSE.md")


def copy_fonts_for_print(package: Path, licence: Path) -> None:
    """Keep the TrueType faces that printed reports embed, with the licence they travel under."""
    REPORT_FONTS.mkdir(parents=True, exist_ok=True)
    for face in PRINTED_FACES:
        name = f"PublicSans-{face}.ttf"
        shutil.copyfile(package / "dist/fonts/public-sans" / name, REPORT_FONTS / name)
    for folder in (REPORT_FONTS, USWDS_DIR / "fonts/public-sans"):
        shutil.copyfile(licence / "LICENSE", folder / "OFL.txt")


def write_versions() -> None:
    """Record what was taken: each package with its archive's digest, then every file's digest."""
    lines = [
        "# Written by scripts/vendor_assets.py. Package, version, licence, SHA-256 of archive."
    ]
    lines += [f"{p.name}\t{p.version}\t{p.licence}\t{p.sha256}" for p in (USWDS, FONT_LICENCE)]
    lines += [
        "",
        "# Changes made to USWDS: one type family (Public Sans), five faces; fonts that are not",
        "# shipped, the stock hero photograph and pointers to source maps taken out.",
        "",
        "# SHA-256 of each file served.",
    ]
    files = sorted(path for path in USWDS_DIR.rglob("*") if path.is_file())
    lines += [f"{digest(path)}  {path.relative_to(VENDOR).as_posix()}" for path in files]
    (VENDOR / "VERSIONS.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Fetch, copy, record, and say how much is kept."""
    with tempfile.TemporaryDirectory() as scratch:
        package = fetch(USWDS, Path(scratch))
        licence = fetch(FONT_LICENCE, Path(scratch))
        copy_design_system(package)
        copy_fonts_for_print(package, licence)
    write_versions()
    files = [path for path in VENDOR.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    print(f"{len(files)} files, {size / 1e6:.2f} MB in {VENDOR.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
