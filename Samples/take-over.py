#!/usr/bin/python3
"""Takes over each file that has come, as `hook:` in filsluse.yaml names it: take-over beside this file, in Python.

It copies the file into the folder that it is given, on the disk and whole, and answers that the file is accepted. The
file take-over says what it is told, how it ends, and what it may answer.
"""

import json
import os
import re
import shutil
import sys

NOT_NOW = 75
BAD_DATA = 65


def main(target: str) -> int:
    told = json.load(sys.stdin)
    transfer = told["fileTransferUuid"]
    # What comes over the wire is looked at before it becomes part of a path.
    if not re.fullmatch("[0-9a-f-]+", transfer):
        print("the id is not one that the platform writes", file=sys.stderr)
        return BAD_DATA
    if not os.path.isdir(target):
        print(f"{target} is not there", file=sys.stderr)
        return NOT_NOW

    taken = os.path.join(target, transfer)
    # It may be run twice for one file, after a crash for example: the id makes the second run copy nothing.
    if not os.path.exists(taken):
        with open(told["path"], "rb") as source, open(taken + ".part", "wb") as copy:
            shutil.copyfileobj(source, copy)
            copy.flush()
            os.fsync(copy.fileno())
        os.rename(taken + ".part", taken)
    # Also where the file was there before: the run that put it there may have ended before its name was on the disk.
    folder = os.open(target, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)

    json.dump({"acceptance": "ACCEPTED"}, sys.stdout)
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: take-over.py FOLDER")
    sys.exit(main(sys.argv[1]))
