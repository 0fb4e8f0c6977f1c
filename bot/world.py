"""What the dialogue knows of the world: the regulation, the rules and the operator's settings, all read-only."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.helpdesk import Offices, read_offices
from flows.rules import Rules, load_rules
from flows.workdays import PUBLISHED, Workdays, read_workdays
from knowledge.library import Library, load_library
from knowledge.ranking import Knowledge, load_knowledge
from knowledge.regulation import About, KnowledgeError

if TYPE_CHECKING:  # settings take a quarter of a second to import, which `beian ask` need not wait for
    from bot.settings import Settings


@dataclass(frozen=True)
class World:
    """Everything a reply may depend on beside the conversation and the message."""

    knowledge: Knowledge
    rules: Rules
    operator: str = ""
    offices: Offices | None = None
    retention_days: int = 180
    workdays: Workdays = PUBLISHED
    backup_days: int = 30
    library: Library | None = None

    @property
    def about(self) -> About:
        """What is known of the regulation beside its words."""
        about = self.knowledge.regulation.about
        if about is None:
            raise KnowledgeError(f"{self.knowledge.regulation.id}: no about.toml")
        return about


def load_world(
    operator: str = "",
    offices: Offices | None = None,
    retention_days: int = 180,
    workdays: Workdays = PUBLISHED,
    backup_days: int = 30,
    regulations: Path = Path("regulations"),
) -> World:
    """The world of this installation, read and checked once at the start."""
    return World(
        load_knowledge(),
        load_rules(),
        operator,
        offices,
        retention_days,
        workdays,
        backup_days,
        load_library(regulations),
    )


def open_world(settings: "Settings") -> World:
    """The world as the operator set it up."""
    offices = read_offices(settings.offices) if settings.offices else None
    workdays = read_workdays(settings.holidays) if settings.holidays else PUBLISHED
    return load_world(
        settings.operator, offices, settings.retention_days, workdays, settings.backup_days,
        settings.regulations,
    )  # fmt: skip
