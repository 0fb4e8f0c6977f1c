"""What goes wrong on the command line: one line on standard error, an exit status, never a traceback."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

UNUSABLE = 2
SOME_FAILED = 1


def fail(message: str) -> NoReturn:
    """One line on standard error, exit status 2."""
    click.echo(f"beian: {' '.join(message.split())}", err=True)
    sys.exit(UNUSABLE)


def clear_errors(command: F) -> F:
    """The errors that an operator can mend, in one line without a traceback."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - any command
        try:
            return command(*args, **kwargs)
        except SystemExit:  # an exit status is no error, and needs no list of errors
            raise
        except KeyboardInterrupt:
            sys.exit(130)
        except BrokenPipeError:  # the reader, such as `head`, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except OSError as error:
            fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        except _mendable() as error:
            fail(str(error))

    return run  # type: ignore[return-value]


def _mendable() -> tuple[type[Exception], ...]:
    """Imported only when something went wrong, so that `ask` starts fast."""
    from bot.helpdesk import OfficesError
    from bot.settings import SettingsError
    from bot.store import StoreError
    from flows.rules_data import RulesError
    from flows.workdays import WorkdaysError
    from knowledge.regulation import KnowledgeError

    return SettingsError, StoreError, OfficesError, WorkdaysError, KnowledgeError, RulesError, ValueError
