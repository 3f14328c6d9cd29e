"""Files made to exhaust the machine: each refused in words, soon, and in little memory."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from openqmm.core.records import FileFault
from openqmm.vault import child, examine
from tests.evidence_files import HONEST, bombs

BOMBS = bombs()

# The child, which then says how much memory it ever held (of its own: what `getrusage` tells
# begins with its parent's).
MEASURING = """
from openqmm.vault.examining import main
try:
    code = main()
finally:
    peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    open({measured!r}, "w").write(peak.split()[1])
raise SystemExit(code)
"""


@pytest.mark.requirement("R35")
@pytest.mark.parametrize("title", BOMBS)
def test_a_bomb_is_refused_in_words(
    title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, content, name = BOMBS[title]
    measured = tmp_path / "peak"
    (tmp_path / "measuring.py").write_text(MEASURING.format(measured=str(measured)))
    _run_instead(monkeypatch, tmp_path / "measuring.py")
    path = tmp_path / "sent"
    path.write_bytes(content)
    began = time.monotonic()
    with path.open("rb") as file, pytest.raises(FileFault, match=words) as refused:
        examine(file, name)
    assert time.monotonic() - began < 20
    assert re.match(r"[A-Z].*\.\Z", str(refused.value), re.DOTALL)
    kilobytes = int(measured.read_text())
    assert kilobytes < 300_000


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_file_comes_through(name: str, tmp_path: Path) -> None:
    path = tmp_path / "sent"
    path.write_bytes(HONEST[name])
    with path.open("rb") as file:
        facts = examine(file, name)
    assert facts.pages == (3 if name == "sop.pdf" else None)


def test_a_child_that_is_late_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "slow.py").write_text("import time, sys\nsys.stdin\ntime.sleep(60)\n")
    _run_instead(monkeypatch, tmp_path / "slow.py")
    path = tmp_path / "sent"
    path.write_bytes(b"x")
    began = time.monotonic()
    with path.open("rb") as file, pytest.raises(FileFault, match="more time or memory"):
        examine(file, "a.txt", wall_seconds=1)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "program",
    [
        "raise SystemExit(3)",
        "print('not json')",
        "print('[]')",
        "import os; os.abort()",
        "print('{\"pages\": 1}'); raise SystemExit(1)",
    ],
)
def test_no_plain_answer_is_a_refusal(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "odd.py").write_text(program)
    _run_instead(monkeypatch, tmp_path / "odd.py")
    path = tmp_path / "sent"
    path.write_bytes(b"x")
    with path.open("rb") as file, pytest.raises(FileFault):
        examine(file, "a.txt")


def test_the_child_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENQMM_SECRET_KEY", "the key")
    told = child._environment("a.txt", 20, 1)
    assert set(told) == {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "OPENQMM_EXAMINE"}


def test_the_child_has_little_memory_no_files_and_no_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe = tmp_path / "probe.py"
    probe.write_text(
        "import json, socket, sys\n"
        "from openqmm.vault.examining import _bind\n"
        "_bind(20, 256 << 20)\n"
        "said = []\n"
        "try:\n    bytearray(400 << 20); said.append('memory')\n"
        "except MemoryError: pass\n"
        f"path = {str(tmp_path / 'big')!r}\n"
        "try:\n    open(path, 'wb').write(bytes(1 << 20)); said.append('file')\n"
        "except OSError: pass\n"
        "try:\n    socket.create_connection(('127.0.0.1', 9), 1); said.append('network')\n"
        "except OSError: pass\n"
        "print(json.dumps({'fault': ','.join(said) or 'Bound.'}))\n"
    )
    _run_instead(monkeypatch, probe)
    path = tmp_path / "sent"
    path.write_bytes(b"x")
    with path.open("rb") as file, pytest.raises(FileFault, match=r"Bound\."):
        examine(file, "a.txt")


def _run_instead(monkeypatch: pytest.MonkeyPatch, program: Path) -> None:
    real = child.subprocess.Popen

    def other(arguments: list[str], **options: object) -> object:
        return real([arguments[0], str(program)], **options)

    monkeypatch.setattr(child.subprocess, "Popen", other)
