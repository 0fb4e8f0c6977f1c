"""The Dockerfile's steps as they are run in a clean root file system, and that serving writes into the data folder alone."""

import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from processes import Program

from benchmarks.image import read_steps, require_user

ROOT = Path(__file__).parent.parent


def test_every_step_of_the_dockerfile_is_known_and_what_it_copies_is_there():
    steps = read_steps((ROOT / "Dockerfile").read_text("utf-8"))
    assert {step for step, _ in steps} <= {
        "FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "ENTRYPOINT", "CMD", "VOLUME", "EXPOSE", "HEALTHCHECK",
    }  # fmt: skip
    copied = [
        name
        for step, words in steps
        if step == "COPY" and "--from" not in words
        for name in words.split()[:-1]
    ]
    assert copied
    assert all((ROOT / name).exists() for name in copied)


def test_the_program_runs_as_a_user_who_is_not_root():
    steps = read_steps((ROOT / "Dockerfile").read_text("utf-8"))
    last = max(n for n, (step, _) in enumerate(steps) if step == "FROM")
    assert [words for step, words in steps[last:] if step == "USER"] == ["beian"]
    require_user("Name:\tbeian\nUid:\t10001\t10001\t10001\t10001\n", 10001)
    for status, uid in (("Uid:\t0\t0\t0\t0\n", 0), ("Uid:\t10001\t0\t0\t0\n", 10001)):
        with pytest.raises(SystemExit):
            require_user(status, uid)


def files(folder):
    """Every file under a folder with its time and size, the bytecode left out, which the image has compiled."""
    found = (
        Path(where) / name
        for where, _, names in os.walk(folder)
        for name in names
        if not name.endswith(".pyc")
    )
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in found}


def test_serving_writes_into_the_data_folder_alone(tmp_path):
    data, home, temporary = (tmp_path / name for name in ("data", "home", "tmp"))
    for folder in (data, home, temporary):
        folder.mkdir()
    before = {package: files(ROOT / package) for package in ("bot", "flows", "knowledge")}
    program = Program(data, HOME=str(home), TMPDIR=str(temporary), PYTHONDONTWRITEBYTECODE="1")
    program.start()
    try:
        body = '{"q": "中试基地场地要多大"}'.encode()
        asked = urllib.request.Request(
            f"{program.address}/api/v1/ask", body, {"content-type": "application/json"}
        )
        with urllib.request.urlopen(asked, timeout=60) as answer:
            assert "1000平方米" in answer.read().decode()
    finally:
        program.stop()
    assert {package: files(ROOT / package) for package in before} == before
    assert files(home) == files(temporary) == {}
    assert any(data.iterdir())


@pytest.mark.soak
def test_the_dockerfiles_own_steps_make_an_image_that_runs_as_nobody_in_particular():
    if os.geteuid() or not (shutil.which("debootstrap") and shutil.which("unshare")):
        pytest.skip("it needs root, debootstrap and unshare: apt-get install debootstrap")
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.image"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    print(done.stdout[-400:])
    assert done.returncode == 0, done.stderr[-2000:]
