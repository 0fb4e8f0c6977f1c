"""What the dialogue knows of the world: the regulation, the rules and the operator's settings, all read-only."""

from dataclasses import dataclass
from pathlib import Path

from bot.helpdesk import Offices
from flows.rules import Rules, load_rules
from flows.workdays import PUBLISHED, Workdays
from knowledge.library import Library, load_library
from knowledge.ranking import Knowledge, load_knowledge
from knowledge.regulation import About, KnowledgeError


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
