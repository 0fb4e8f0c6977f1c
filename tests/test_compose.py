"""The files that an operator starts from: what they name exists, and what they promise of the container holds."""

import re
from pathlib import Path

import yaml

from bot.settings import IN_FILES, Settings

ROOT = Path(__file__).parent.parent
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
CADDY = (ROOT / "docs" / "Caddyfile").read_text("utf-8")
UNIT = (ROOT / "docs" / "beian.service").read_text("utf-8")


def test_two_workers_share_one_postgresql_behind_a_proxy():
    services = COMPOSE["services"]
    assert services["beian-1"] == services["beian-2"]
    assert services["beian-1"]["environment"]["BEIAN_DATABASE"].endswith("@postgres/beian")
    assert "ports" not in services["beian-1"]
    assert "ports" not in services["postgres"]
    for worker in ("beian-1:8000", "beian-2:8000"):
        assert worker in CADDY
    assert "./docs/Caddyfile:/etc/caddy/Caddyfile:ro" in services["proxy"]["volumes"]


def test_a_worker_has_no_more_rights_than_it_needs():
    worker = COMPOSE["services"]["beian-1"]
    assert worker["read_only"] is True
    assert worker["cap_drop"] == ["ALL"]
    assert worker["security_opt"] == ["no-new-privileges:true"]
    for line in ("DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet="):
        assert line in UNIT.splitlines()


def test_every_setting_that_is_named_is_one():
    names = (*Settings.model_fields, *(f"{name}_file" for name in IN_FILES))
    known = {f"BEIAN_{name.upper()}" for name in names}
    for name in COMPOSE["services"]["beian-1"]["environment"]:
        assert name in known | {"FORWARDED_ALLOW_IPS"}
    assert set(re.findall(r"BEIAN_[A-Z_]+\b", UNIT)) <= known


def test_the_containers_logs_are_bounded():
    for service in COMPOSE["services"].values():
        assert service["logging"]["options"] == {"max-size": "10m", "max-file": "10"}
