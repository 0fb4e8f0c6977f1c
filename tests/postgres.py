"""A PostgreSQL server of the tests' own: in a temporary folder, on a Unix socket, run by a user without rights."""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path

import psycopg
import pytest

QUICK = {"fsync": "off", "full_page_writes": "off"}
SIZES = {
    "max_connections": "60",
    "shared_buffers": "64MB",
    "listen_addresses": "",
    "logging_collector": "off",
}


def find_programs():
    """The folder of the newest installed server's programs, or None."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    return max(folders, key=lambda folder: folder.as_posix(), default=None)


class Postgres:
    """A server: started when made; `stop` is immediate, as a crash would be, and loses nothing."""

    def __init__(self, **options):
        self.programs = find_programs()
        if self.programs is None:
            pytest.skip("there is no PostgreSQL server on this machine; .ci/run installs one")
        self.options = SIZES | options
        self.folder = Path(tempfile.mkdtemp(prefix="beian-postgres-"))
        self.user = {}
        if os.geteuid() == 0:  # the server refuses to run as root
            names = {entry.pw_name for entry in pwd.getpwall()}
            account = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            self.user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        self._run(
            "initdb", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", "--username=beian", "--auth=trust"
        )
        self.start()

    def _run(self, program, *arguments):
        subprocess.run(
            [self.programs / program, "-D", self.folder / "data", *arguments], check=True, cwd=self.folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            **self.user,
        )  # fmt: skip

    def start(self):
        options = " ".join(f"-c {name}={value}" for name, value in self.options.items())
        self._run(
            "pg_ctl",
            "-w",
            "-t",
            "60",
            "-l",
            self.folder / "log",
            "-o",
            f"{options} -k {self.folder} -c listen_addresses=''",
            "start",
        )

    def stop(self, mode="immediate"):
        self._run("pg_ctl", "-w", "-t", "60", "-m", mode, "stop")

    def restart(self):
        self.stop()
        self.start()

    def close(self):
        self.stop()
        shutil.rmtree(self.folder)

    def url(self, schema="", **more):
        """The address of the one database; with a schema, of tables that nobody else sees."""
        parts = {
            "host": str(self.folder),
            **({"options": f"-csearch_path%3D{schema}"} if schema else {}),
            **more,
        }
        return "postgresql://beian@/postgres?" + "&".join(f"{k}={v}" for k, v in parts.items())

    def connect(self):
        return psycopg.connect(self.url(), autocommit=True)

    def new(self):
        """The address of an empty database, which is a schema: quick to make."""
        schema = f"t{uuid.uuid4().hex[:12]}"
        with self.connect() as connection:
            connection.execute(f"create schema {schema}")
        return self.url(schema)
