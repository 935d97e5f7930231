"""Both calendar readers notice a damaged file: each damage must make each of them fail.

usage: read_calendar_control.py GOLDEN_DIRECTORY READER COMMAND… (the reader's command line)
"""

import json
import pathlib
import subprocess
import sys
import tempfile

DAMAGES = [
    ("request_july", "TZOFFSETTO:+0200", "TZOFFSETTO:+0300"),
    ("request_january", "DTSTART;TZID=Europe/Warsaw:20270121T093000",
     "DTSTART;TZID=Europe/Warsaw:20270121T103000"),
    ("request_january", "UID:spotkanie-41", "UID:spotkanie-40"),
    ("cancel", "METHOD:CANCEL", "METHOD:REQUEST"),
    ("cancel", "SEQUENCE:2", "SEQUENCE:1"),
    ("online", "Jan „Żaba” Kowalski", "Jan „Zaba” Kowalski"),
    ("publish", "sala 12\\;", "sala 12"),
    ("feed", "DTSTART;VALUE=DATE:20270413", "DTSTART;VALUE=DATE:20270412"),
]

golden = pathlib.Path(sys.argv[1])
reader = sys.argv[2:]
expected = json.loads((golden / "expected.json").read_text(encoding="utf-8"))
failed = False
with tempfile.TemporaryDirectory() as name:
    directory = pathlib.Path(name)
    for number, (file, good, bad) in enumerate(DAMAGES):
        case = directory / f"case{number}"
        case.mkdir()
        (case / "expected.json").write_text(json.dumps({file: expected[file]}), encoding="utf-8")
        text = (golden / f"{file}.ics").read_bytes().decode("utf-8")
        assert good in text, (file, good)
        for damaged, status in ((text, 0), (text.replace(good, bad), 1)):
            (case / f"{file}.ics").write_bytes(damaged.encode("utf-8"))
            run = subprocess.run([*reader, case / "expected.json", case], capture_output=True,
                                 text=True, check=False)
            if run.returncode != status or run.stderr:
                failed = True
                print(f"{file} with {bad!r}: status {run.returncode}, expected {status}\n"
                      f"{run.stdout}{run.stderr}")
sys.exit(1 if failed else 0)
