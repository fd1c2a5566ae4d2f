"""Requests made up from the OpenAPI documents, against a running Vestibule. README.md says how to start it."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from dataclasses import asdict
from pathlib import Path

import requests

from objects import Objects

HERE = Path(__file__).parent
URL = os.environ["VESTIBULE_URL"].rstrip("/")
# Without a seed the requests are the same each time: which ones are made follows from the documents, and from the
# versions that end2end/requirements.txt pins.
SEED = os.environ.get("FUZZ_SEED")
# How many requests are made up for each operation, beside those at the edges of what its parameters allow.
EXAMPLES = os.environ.get("FUZZ_EXAMPLES", "5")
# Sequences of requests, each made of what earlier ones answered, take long.
PHASES = os.environ.get("FUZZ_PHASES", "examples,coverage,fuzzing")
# What a body means cannot be said by a schema: that a certificate is readable, an address answers, a name is free.
CONFIGURATION = """
[[operations]]
include-method = ["POST", "PUT", "PATCH"]
checks.positive_data_acceptance.enabled = false
"""
# Django REST Framework takes numbers for text, and passes over page sizes that it cannot use.
LENIENT = "checks.negative_data_rejection.enabled = false\n"

# Users come from directories and sign-ins, and nobody signs in here.
NOBODY = {"admin_users_retrieve", "admin_users_update", "admin_sign_ins_admit"}


class Documents(unittest.TestCase):
    """One test for each document: the server keeps to it whatever it is asked."""

    def test_waldur(self):
        self.fuzz("waldur", "Token", LENIENT + CONFIGURATION)

    def test_scaikey(self):
        self.fuzz("scaikey", "Bearer", CONFIGURATION)

    def test_aveva(self):
        self.fuzz("aveva", "Bearer", CONFIGURATION)

    def test_sign_ins(self):
        self.fuzz("sign-ins", "Bearer", CONFIGURATION)

    def fuzz(self, name, scheme, configuration):
        """Lets Schemathesis ask, then sees to it that every operation was carried out at least once."""
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            (folder / "schemathesis.toml").write_text(configuration)
            (folder / "objects.json").write_text(json.dumps(asdict(Objects.create(URL, name))))
            environment = {
                **os.environ,
                "SCHEMATHESIS_HOOKS": "hooks",
                "PYTHONPATH": str(HERE),
                "PYTHONHASHSEED": "0",
                "FUZZ_DIALECT": name,
                "FUZZ_SCHEME": scheme,
                "FUZZ_FOLDER": str(folder),
            }
            document = f"{URL}/api/openapi/{name}.json"
            command = [sys.executable, "-m", "schemathesis.cli", "--no-color", "run", document, "--workers", "1"]
            command += ["--phases", PHASES, "--max-examples", EXAMPLES, "--continue-on-failure"]
            command += ["--seed", SEED] if SEED else ["--generation-deterministic"]
            command += ["--suppress-health-check", "all", "--warnings", "off"]
            ended = subprocess.run(command, cwd=folder, env=environment, check=False)
            self.assertEqual(ended.returncode, 0, f"the server does not keep to {document}")
            carried_out = set((folder / "carried-out").read_text().split())
            self.assertEqual(promised(document) - NOBODY - carried_out, set(), "operations that were never carried out")


def promised(document):
    """The operations of a document that can end well."""
    paths = requests.get(document, timeout=30).json()["paths"]
    return {
        operation["operationId"]
        for item in paths.values()
        for operation in item.values()
        if any(status.startswith("2") for status in operation["responses"])
    }
