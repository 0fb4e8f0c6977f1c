"""An amended version of the measure in a folder of its own: a larger site and a longer period, from July 2027."""

import shutil

from flows.rules import FOLDER, Rules, load_editions
from knowledge.regulation import REGULATIONS

LAW = {
    "regulation.txt": [
        ("固定场地面积不少于200平方米", "固定场地面积不少于300平方米"),
        ("本办法自2025年12月6日施行，有效期至2028年12月5日", "本办法自2027年7月1日施行，有效期至2030年6月30日"),
    ],
    "about.toml": [
        ("云科规〔2025〕11号", "云科规〔2027〕3号"), ("in_force = 2025-12-06", "in_force = 2027-07-01"),
        ("expires = 2028-12-05", "expires = 2030-06-30"),
    ],
}  # fmt: skip
RULES = {
    "rules.toml": [
        ('regulation = "yunnan-2025-11"', 'regulation = "yunnan-2027-3"'),
        ('固定场地面积不少于200平方米"\nat_least = 200', '固定场地面积不少于300平方米"\nat_least = 300'),
        LAW["regulation.txt"][1],
    ]
}


def with_amendment(folder) -> Rules:
    """The installed rules with those of the amended version after them."""
    laws, rules = folder / "regulations", folder / "flows"
    for source, parent in ((REGULATIONS / "yunnan-2025-11", laws), (FOLDER, rules)):
        shutil.copytree(source, parent / "yunnan-2025-11")
        shutil.copytree(source, parent / "yunnan-2027-3")
    for target, changes in ((laws / "yunnan-2027-3", LAW), (rules / "yunnan-2027-3", RULES)):
        for name, pairs in changes.items():
            text = (target / name).read_text("utf-8")
            for old, new in pairs:
                assert old in text, (name, old)
                text = text.replace(old, new, 1)
            (target / name).write_text(text, "utf-8")
    return load_editions(rules, laws)
