"""Writes what the program is made of (CycloneDX 1.6, JSON) from the lock file: name, version, licence and hashes of each package.

python -m benchmarks.sbom [LOCK] > sbom.json"""

import json
import re
import sys
import uuid
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent.parent
_PINNED = re.compile(
    r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)[^\\\n]*((?:\\\n\s+--hash=sha256:[0-9a-f]{64}[^\S\n]*)+)",
    re.MULTILINE,
)


def make_sbom(lock: str) -> dict[str, Any]:
    """The bill of materials of a lock file; the same lock gives the same. ValueError for a line that pins nothing."""
    components = [_component(name, version, hashes) for name, version, hashes in _PINNED.findall(lock)]
    lines = re.findall(r"^[A-Za-z0-9].*", lock, re.MULTILINE)
    if len(components) != len(lines):
        raise ValueError(f"{len(lines)} requirements, of which {len(components)} are pinned with hashes")
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, lock)}",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "name": "beian", "bom-ref": "beian", **_licence("beian")}
        },
        "components": components,
        "dependencies": [{"ref": "beian", "dependsOn": [component["bom-ref"] for component in components]}],
    }


def _component(name: str, version: str, hashes: str) -> dict[str, Any]:
    purl = f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{version}"
    files = [
        {"alg": "SHA-256", "content": content} for content in re.findall(r"sha256:([0-9a-f]{64})", hashes)
    ]
    # The hashes are those of the files that may be installed: one wheel of each platform.
    references = [{"type": "distribution", "url": purl, "hashes": files}]
    return {
        "type": "library", "name": name, "version": version, "purl": purl, "bom-ref": purl, **_licence(name),
        "externalReferences": references,
    }  # fmt: skip


def _licence(name: str) -> dict[str, Any]:
    """As the installed package says; nothing where it is not installed here (another platform's) or does not say."""
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return {}
    if expression := about.get("License-Expression"):
        return {"licenses": [{"expression": expression}]}
    said = [
        line.rsplit(" :: ", 1)[1] for line in about.get_all("Classifier", []) if line.startswith("License ::")
    ]
    plain = said or [
        line for line in [(about.get("License") or "").partition("\n")[0]] if 0 < len(line) < 100
    ]
    return {"licenses": [{"license": {"name": text}} for text in plain]} if plain else {}


if __name__ == "__main__":
    given = Path(sys.argv[1]) if sys.argv[1:] else HERE / "requirements.lock"
    print(json.dumps(make_sbom(given.read_text("utf-8")), ensure_ascii=False, indent=1))
