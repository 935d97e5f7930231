"""Uploads of a running program that is killed under them (SIGKILL), and so is its database:
killed.py BUILD. NARADA_UPLOAD_KILLS says how many uploads are to live through it (12).

What was acknowledged is there afterwards, what has come whole is in the store with the right content,
nothing half-done is there, and clean-up leaves no file that belongs to nobody."""
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from installation import Installation, database, encoded

BUILD = Path(sys.argv[1]).resolve()
UPLOADS = int(os.environ.get("NARADA_UPLOAD_KILLS", "12"))
AT_ONCE = 4
PIECE = 96 * 1024
PAUSE = 0.1  # seconds, so that somebody else comes between two pieces
PATIENCE = 120  # seconds that a client goes on trying
random.seed(int(os.environ.get("NARADA_SEED", "4")))
problems = []


def check(is_true, text):
    print(("ok      " if is_true else "FAILED  ") + text, flush=True)
    if not is_true:
        problems.append(text)


class Upload(threading.Thread):
    """A client that does not give up, and remembers what it was told."""

    def __init__(self, site, cycle, number):
        super().__init__()
        self.site, self.cycle, self.number = site, cycle, number
        size = random.randrange(1, 12 * PIECE)
        self.content = random.Random(number).randbytes(size // 2 + 1).hex()[:size].encode()
        self.path, self.acknowledged, self.lost = None, 0, []

    def create(self):
        status, headers, _ = self.site.ask("POST", "/api/v1/uploads", {
            "Upload-Length": str(len(self.content)),
            "Upload-Metadata": f"filename {encoded(f'{self.number}.txt')},cycle {encoded(str(self.cycle))}"}, None)
        if status == 201:
            self.path = urlsplit(headers["location"]).path

    def step(self):
        if self.path is None:
            return self.create()
        status, headers, _ = self.site.ask("HEAD", self.path, {}, None)
        if status != 200:
            if status in (404, 410):
                self.lost.append(f"{self.number}: {status} for what was begun")
            return None
        at = int(headers["upload-offset"])
        if at < self.acknowledged:
            self.lost.append(f"{self.number}: {at} of {self.acknowledged} that were acknowledged")
        if at == len(self.content):
            self.acknowledged = at
            return None
        status, headers, _ = self.site.ask("PATCH", self.path, {
            "Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream"}, self.content[at:at + PIECE])
        if status == 204:
            self.acknowledged = int(headers["upload-offset"])
        return None

    def run(self):
        end = time.monotonic() + PATIENCE
        while self.acknowledged < len(self.content) and not self.lost and time.monotonic() < end:
            try:
                self.step()
                time.sleep(PAUSE)
            except OSError:
                time.sleep(0.05)
        if self.acknowledged < len(self.content) and not self.lost:
            self.lost.append(f"{self.number}: not done in time")


def begun(site):
    """How many uploads the database knows that receive, once it knows of none that waits for the store."""
    for _ in range(600):
        lines = site.ask("GET", "/metrics", {}, None)[2].decode().splitlines()
        numbers = dict(line.rsplit(" ", 1) for line in lines if line.startswith("narada_uploads{"))
        if numbers.get('narada_uploads{state="received"}') == "0":
            return int(numbers['narada_uploads{state="receiving"}'])
        time.sleep(0.1)
    check(False, "everything that came is brought to the store")
    return -1


def main(directory):
    site = Installation(BUILD, directory)
    site.start()
    cycle = site.add_cycle()
    uploads = [Upload(site, cycle, number) for number in range(UPLOADS)]
    waiting, kills = list(uploads), 0
    running = []
    while waiting or any(upload.is_alive() for upload in running):
        running = [upload for upload in running if upload.is_alive()]
        while waiting and len(running) < AT_ONCE:
            running.append(waiting.pop())
            running[-1].start()
        time.sleep(random.uniform(0.02, 0.6))
        if random.random() < 0.3:
            site.kill_database()
        else:
            site.kill()
            site.start()
        kills += 1
    lost = [line for upload in uploads for line in upload.lost]
    check(lost == [], f"{UPLOADS} uploads lived through {kills} kills: {lost[:5]}")
    begun(site)
    folder = directory / "materials"
    kept = {}
    for file in folder.rglob("*"):
        if file.is_file() and len(file.name) >= 62:
            kept[hashlib.sha256(file.read_bytes()).hexdigest()] = file
    wanted = {hashlib.sha256(upload.content).hexdigest() for upload in uploads}
    check(wanted <= kept.keys(), f"each content is in the store: {len(wanted)}, {len(wanted - kept.keys())} are missing")
    check(kept.keys() <= wanted, "and nothing else is")
    check(all(digest.endswith(file.name) for digest, file in kept.items()), "each under its own digest")
    # Of creations nobody was told of, those that the database knows expire; the others' files go
    # when they are an hour old.
    staged = list((directory / "uploads").iterdir())
    for file in staged:
        os.utime(file, (time.time() - 7200, time.time() - 7200))
    site.kill()
    site.start()
    known = begun(site)
    for _ in range(300):
        if len(list((directory / "uploads").iterdir())) == known:
            break
        time.sleep(0.1)
    left = len(list((directory / "uploads").iterdir()))
    check(left == known, f"{left} files for {known} uploads that receive ({len(staged)} before the clean-up)")
    site.kill()


with tempfile.TemporaryDirectory(dir=BUILD, prefix="killed-") as folder:
    os.chmod(folder, 0o755)
    try:
        main(Path(folder))
    finally:
        try:
            database("stop", f"{folder}/db")
        except subprocess.CalledProcessError:
            pass
print(f"{len(problems)} problems")
sys.exit(1 if problems else 0)
