"""Tries mutmut's mutants of flows/: one pytest session loads everything once, and each mutant's tests run in a fork of it.

    python -m benchmarks.mutating [--again] [MODULE …]

`mutmut run` has written mutants/ before, with the map of which test reaches which function. Results are kept as they come,
in mutmut's own files: a run that was broken off goes on where it stopped. With --again what survived is tried too.

mutmut's switches would make the program several times as slow: a fork puts the mutant's code into the function itself.
A mutant's tests are its module's own first, then the fastest that reach its function, until their times add up to LONGEST.
A function that runs while data is loaded has run when the fork is made: where its tests pass, or none reached the mutant, a
fork forgets the program and its tests, and runs the module's own tests on what it then loads anew, in mutants/.
"""

import ast
import gc
import json
import os
import resource
import sys
import tomllib
from collections.abc import Callable
from compileall import compile_dir
from pathlib import Path
from types import FrameType, FunctionType

import pytest
from _pytest.runner import runtestprotocol
from mutmut.mutation import trampoline

from benchmarks.mutants import function_of

LONGEST = 3.0
"""Seconds of tests for one mutant, as measured by mutmut, whose counting makes a test about three times as slow."""
PATIENCE = 12
"""Seconds of processor time after which a mutant counts as one that never ends."""
QUIETLY = ("-q", "-s", "--assert=plain", "--tb=native")
MEMORY = 3 << 30
LOADED_FOR = {
    "fact_patterns": "facts",
    "rules_data": "rules",
    "provisions": "rules",
    "evidence": "gap_plan",
    "question": "questionnaire",
}
"""Modules whose data is tried by the tests of another."""
SURVIVED, KILLED, UNREACHED = 0, 1, 77


class Trying:
    """A pytest plugin that tries mutants instead of running the tests."""

    def __init__(self, modules: list[str], again: bool) -> None:
        stats = json.loads(Path("mutants/mutmut-stats.json").read_text("utf-8"))
        self.seconds: dict[str, float] = stats["duration_by_test"]
        self.tests: dict[str, list[str]] = stats["tests_by_mangled_function_name"]
        self.modules = modules
        self.again = again
        self.loading: set[str] = set()
        self.sound: dict[str, bool] = {}

    def pytest_sessionstart(self) -> None:
        """A counter-example is enough: it need not be made small, nor kept."""
        from hypothesis import Phase, settings

        settings.register_profile("mutants", phases=(Phase.explicit, Phase.generate), database=None)
        settings.load_profile("mutants")
        sys.setprofile(self.notice)

    def notice(self, frame: FrameType, event: str, _: object) -> None:
        """Remember each function of flows/ that runs while everything is loaded."""
        module = frame.f_globals.get("__name__") or ""
        if event == "call" and module.startswith("flows."):
            self.loading.add(f"{module.removeprefix('flows.')}.{frame.f_code.co_qualname}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Load what the tests share, then try every mutant that is wanted."""
        self.items = {item.nodeid: item for item in session.items}
        first = next(item for item in session.items if "world" in getattr(item, "fixturenames", ()))
        runtestprotocol(first, log=False, nextitem=next(i for i in session.items if i.path != first.path))
        sys.setprofile(None)
        gc.freeze()
        for module in self.modules:
            self.try_module(module)
        return True

    def try_module(self, module: str) -> None:
        """Each of a module's mutants in turn; what came out is written down every twenty."""
        path = Path(f"mutants/flows/{module}.py.meta")
        meta = json.loads(path.read_text("utf-8"))
        statuses: dict[str, int | None] = meta["exit_code_by_key"]
        functions = codes(module)
        wanted = [
            mutant for mutant, status in statuses.items() if status is None or (self.again and status <= 0)
        ]
        for done, mutant in enumerate(wanted, start=1):
            statuses[mutant] = self.status(module, mutant, functions[mutant])
            if done % 20 == 0 or done == len(wanted):
                path.write_text(json.dumps(meta, indent=4), "utf-8")
                alive = sum(statuses[m] == SURVIVED for m in wanted[:done])
                print(f"{module}: {done} of {len(wanted)}, {alive} survived", flush=True)

    def status(self, module: str, mutant: str, code: ast.FunctionDef) -> int:
        """0 if every test passes with the mutant, 1 if one fails, a signal's negative number if it does not end."""
        own = f"tests/test_{LOADED_FOR.get(module, module)}.py"
        status = in_fork(lambda: run_loaded(mutant, code, self.chosen(own, mutant)))
        if status == UNREACHED or (status == SURVIVED and function_of(mutant) in self.loading):
            tests = [test for test, item in self.items.items() if test.startswith(own) and stands_alone(item)]
            status = in_fork(lambda: run_anew(mutant, tests)) if self.hold_anew(own, tests) else SURVIVED
        return status

    def hold_anew(self, own: str, tests: list[str]) -> bool:
        """Whether a module has tests that pass on what is loaded anew: where they fail without a mutant, they kill none."""
        if own not in self.sound:
            self.sound[own] = bool(tests) and in_fork(lambda: run_anew("none", tests)) == SURVIVED
            print(f"{own} loaded anew: {'passes' if self.sound[own] else 'not used'}", flush=True)
        return self.sound[own]

    def chosen(self, own: str, mutant: str) -> list[pytest.Item]:
        """The tests for a mutant: its module's own first, then the fastest, up to LONGEST."""
        reaching = [
            test for test in self.tests.get(mutant.split("__mutmut", maxsplit=1)[0], ()) if test in self.items
        ]
        reaching = reaching or [test for test in self.items if test.startswith(own)]
        chosen, spent = [], 0.0
        for test in sorted(reaching, key=lambda t: (not t.startswith(own), self.seconds.get(t, 0), t)):
            spent += self.seconds.get(test, 0)
            if not chosen or spent <= LONGEST:
                chosen.append(self.items[test])
        return chosen


def run_loaded(mutant: str, code: ast.FunctionDef, items: list[pytest.Item]) -> int:
    """Run tests as they stand loaded, up to the first that fails."""
    reached: list[bool] = []
    try:
        put_in_place(mutant, code, lambda: reached.append(True))
    except ValueError:  # a method that says super() is bound to its class
        return UNREACHED
    for item, following in zip(items, [*items[1:], None], strict=True):
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
            return KILLED
    return SURVIVED if reached else UNREACHED


def codes(module: str) -> dict[str, ast.FunctionDef]:
    """Each mutated function of a module, by the mutant's name."""
    tree = ast.parse(Path(f"mutants/flows/{module}.py").read_text("utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return {f"flows.{module}.{node.name}": node for node in functions if "__mutmut_" in node.name}


def put_in_place(mutant: str, code: ast.FunctionDef, reached: Callable[[], None]) -> None:
    """Let a function do what its mutant does, wherever it is referred to, and tell when it does."""
    module, _, name = mutant.rpartition(".")
    owner = sys.modules[module]
    scope = {**vars(owner), "_reached": reached}
    *classes, name = name.split("__mutmut")[0].removeprefix("x").removeprefix("_").strip("ǁ").split("ǁ")
    for class_ in classes:
        owner = vars(owner)[class_]
    function = vars(owner)[name]
    function = getattr(function, "__func__", function)
    vars(sys.modules[module])["_reached"] = reached
    code.name, code.decorator_list = name, []
    code.body.insert(0, ast.parse("_reached()").body[0])
    exec(compile(ast.fix_missing_locations(ast.Module([code], [])), module, "exec"), scope)
    made = scope[name]
    assert isinstance(function, FunctionType)
    function.__code__, function.__defaults__, function.__kwdefaults__ = (
        made.__code__, made.__defaults__, made.__kwdefaults__,
    )  # fmt: skip


def stands_alone(item: pytest.Function) -> bool:
    """Whether a test needs nothing of conftest.py, which would load the whole program."""
    needed = (definitions[-1].func.__module__ for definitions in item._fixtureinfo.name2fixturedefs.values())
    return "conftest" not in needed


def run_anew(mutant: str, tests: list[str]) -> int:
    """Forget the program and its tests, and run some tests on what is then loaded from mutants/."""
    trampoline.get_mutant_under_test = lambda: mutant
    folder = Path("tests").resolve()
    for name, module in list(sys.modules.items()):
        of_tests = folder in Path(getattr(module, "__file__", None) or "/").parents
        if of_tests or name.partition(".")[0] in ("bot", "flows", "knowledge"):
            del sys.modules[name]
    os.chdir("mutants")
    sys.path.insert(0, os.getcwd())
    return min(1, pytest.main(["-x", *QUIETLY, "-p", "no:cacheprovider", "--noconftest", *tests]))


def in_fork(run: Callable[[], int]) -> int:
    """What a function says in a process of its own, which may write nothing and is ended after a while."""
    pid = os.fork()
    if pid == 0:
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        try:
            status = run()
        except BaseException:  # noqa: BLE001 - whatever a mutant breaks
            status = KILLED
        os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def main() -> int:
    """Try the modules named, or all, in mutants/."""
    own = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]
    compile_dir("mutants/flows", quiet=1)  # half the time of loading anew
    modules = [name for name in sys.argv[1:] if not name.startswith("--")]
    modules = modules or sorted(path.name.split(".")[0] for path in Path("mutants/flows").glob("*.py.meta"))
    arguments = [
        "-q",
        "-s",
        "--assert=plain",
        "--tb=native",
        *own["pytest_add_cli_args"],
        *own["pytest_add_cli_args_test_selection"],
    ]
    return int(pytest.main(arguments, plugins=[Trying(modules, "--again" in sys.argv)]))


if __name__ == "__main__":
    sys.exit(main())
