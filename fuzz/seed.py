#!/usr/bin/env python3
"""Fills the corpus of the fuzz targets with recorded definitions and with the paths in them.

The recordings are in the folder that WORKFLOW_CONFORMANCE names.
"""

import hashlib
import json
import os
import pathlib


def paths(value, found):
    """Collects every text that may be a path or a call."""
    if isinstance(value, dict):
        for inner in value.values():
            paths(inner, found)
    elif isinstance(value, list):
        for inner in value:
            paths(inner, found)
    elif isinstance(value, str) and value.startswith(("$", "States.")):
        found.add(value)


def write(folder, text):
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha1(text.encode()).hexdigest()
    (folder / name).write_text(text)


def main():
    recordings = pathlib.Path(os.environ["WORKFLOW_CONFORMANCE"])
    corpus = pathlib.Path(__file__).parent / "corpus"
    texts = set()
    for file in sorted(recordings.rglob("*.json")):
        case = json.loads(file.read_text())
        if not isinstance(case, dict) or "definition" not in case:
            continue
        write(corpus / "definition", json.dumps(case["definition"]))
        paths(case["definition"], texts)
    for text in texts:
        write(corpus / "path", text)
    print(f"{len(texts)} paths and calls")


if __name__ == "__main__":
    main()
