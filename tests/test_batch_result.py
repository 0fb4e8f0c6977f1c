import json
from pathlib import Path

import pytest

from bot.batch_result import as_json, as_line
from bot.batch_rows import Row
from flows.profile import ProfileError
from flows.rules import load_rules
from flows.screening import screen

CASES = (Path(__file__).parent / "data/prescreen_dev.jsonl").read_text("utf-8").splitlines()
PROFILES = [json.loads(line)["profile"] for line in CASES]


def outcome(profile):
    try:
        return screen(Row(1, json.dumps(profile).encode()).profile(None), load_rules())
    except ProfileError as error:
        return error


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile["id"])
def test_a_line_put_together_from_parts_is_the_whole_result(profile):
    found = outcome(profile)
    line = as_line(found)
    assert line.count(b"\n") == 1
    assert line.endswith(b"}\n")
    # As pairs: the keys stand in the public order, and none twice.
    assert json.loads(line, object_pairs_hook=list) == json.loads(
        json.dumps(as_json(found)), object_pairs_hook=list
    )
