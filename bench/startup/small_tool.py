"""A small command-line tool: parses arguments, reads a little JSON, matches a pattern, counts, prints a table."""
import argparse
import collections
import json
import os
import pathlib
import re

TEXT = '[{"name": "a.txt", "size": 120}, {"name": "b.py", "size": 3400}, {"name": "c.py", "size": 51}]'


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pattern", default=r"\.py$")
    options = parser.parse_args([])
    found = [item for item in json.loads(TEXT) if re.search(options.pattern, item["name"])]
    kinds = collections.Counter(pathlib.PurePath(item["name"]).suffix for item in found)
    for item in found:
        print(f"{item['name']:10}{item['size']:>8}")
    print(kinds.most_common(), os.path.join("x", "y"))


if __name__ == "__main__":
    main()
