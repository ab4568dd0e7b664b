"""Runs several command lines of the AWS CLI in one interpreter: its start alone takes longer than any of these calls."""

import contextlib
import io
import json
import sys

from awscli.clidriver import create_clidriver

outputs = []
for line in json.load(sys.stdin):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = create_clidriver().main(line)
    if code != 0:
        sys.exit(f"aws {' '.join(line)} ended with {code}")
    outputs.append(json.loads(out.getvalue() or "[]"))
json.dump(outputs, sys.stdout)
