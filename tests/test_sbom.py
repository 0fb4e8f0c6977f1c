"""The bill of materials has every package of the lock file, as CycloneDX wants it."""

import re
from pathlib import Path

import pytest

from benchmarks.sbom import make_sbom

LOCK = (Path(__file__).parent.parent / "requirements.lock").read_text("utf-8")
SBOM = make_sbom(LOCK)


def test_every_locked_package_is_in_it_with_its_hashes():
    pinned = dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", LOCK, re.MULTILINE))
    assert {component["name"]: component["version"] for component in SBOM["components"]} == pinned
    hashes = [h["content"] for c in SBOM["components"] for h in c["externalReferences"][0]["hashes"]]
    assert sorted(hashes) == sorted(re.findall(r"sha256:([0-9a-f]{64})", LOCK))


def test_it_has_the_shape_of_the_format_and_names_each_once():
    assert (SBOM["bomFormat"], SBOM["specVersion"], SBOM["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", SBOM["serialNumber"])
    refs = [component["bom-ref"] for component in SBOM["components"]]
    assert sorted(set(refs)) == sorted(refs) == sorted(SBOM["dependencies"][0]["dependsOn"])
    assert make_sbom(LOCK) == SBOM


def test_nearly_every_package_says_its_licence():
    assert sum("licenses" in component for component in SBOM["components"]) >= 0.9 * len(SBOM["components"])


@pytest.mark.parametrize(
    "line", ["requests", "requests==2.0", "requests>=2 \\\n    --hash=sha256:" + "0" * 64]
)
def test_a_lock_that_does_not_lock_is_refused(line):
    with pytest.raises(ValueError, match="pinned with hashes"):
        make_sbom(f"{LOCK}\n{line}\n")
