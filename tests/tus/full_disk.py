"""A disk that fills up under uploads: full_disk.py BUILD. A small file system of its own holds the files of a
running program. Ends with 77 (skipped) for who may not mount one.

Refused is what would not fit, before it comes; what comes while somebody else fills the disk is kept as far as
it went, and goes on when there is room again."""
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from installation import Installation, database, encoded

BUILD = Path(sys.argv[1]).resolve()
SKIPPED = 77
STREAM = "application/offset+octet-stream"
MEGABYTE = 1 << 20
problems = []


def check(is_true, text, seen=""):
    print(("ok      " if is_true else "FAILED  ") + text + ("" if is_true else f": {seen}"), flush=True)
    if not is_true:
        problems.append(text)


def main(directory, data):
    site = Installation(BUILD, directory, data, NARADA_MATERIAL_SPARE="2M")
    site.start()
    cycle = site.add_cycle()

    def create(size):
        status, headers, body = site.ask("POST", "/api/v1/uploads", {
            "Upload-Length": str(size), "Accept-Language": "en",
            "Upload-Metadata": f"filename {encoded('plan.txt')},cycle {encoded(str(cycle))}"}, None)
        return status, urlsplit(headers.get("location", "")).path, body

    def patch(path, at, body):
        return site.ask("PATCH", path, {"Upload-Offset": str(at), "Content-Type": STREAM}, body)

    def offset(path):
        return int(site.ask("HEAD", path, {}, None)[1]["upload-offset"])

    status, _, body = create(64 * MEGABYTE)
    check(status == 507 and json.loads(body)["code"] == "upload_no_space", "what does not fit is refused before it comes", (status, body))
    content = os.urandom(10 * MEGABYTE).hex().encode()
    status, path, _ = create(len(content))
    check(status == 201, "what fits is begun", status)
    status, _, _ = create(20 * MEGABYTE)
    check(status == 507, "what others were promised is not given away", status)
    check(patch(path, 0, content[:4 * MEGABYTE])[0] == 204, "it comes")
    filler = data / "filler"
    with open(filler, "wb") as file:
        file.write(b"x" * (22 * MEGABYTE))
    status, headers, body = patch(path, 4 * MEGABYTE, content[4 * MEGABYTE:])
    check(status == 507 and json.loads(body)["code"] == "upload_no_space", "somebody else has filled the disk", (status, body))
    at = offset(path)
    check(4 * MEGABYTE <= at < len(content), f"what was acknowledged stays, and what fitted ({at})", at)
    check(create(MEGABYTE)[0] == 507, "nothing new is begun")
    check(site.ask("GET", "/api/v1/cycles", {}, None)[0] == 200, "all else goes on")
    check(site.ask("GET", "/readyz", {}, None)[0] == 200, "and the program is ready")
    filler.unlink()
    while at < len(content):
        status, headers, _ = patch(path, at, content[at:at + 3 * MEGABYTE])
        if status != 204:
            break
        at = int(headers["upload-offset"])
    check(at == len(content), "it goes on when there is room again", (status, at))
    name = hashlib.sha256(content).hexdigest()
    for _ in range(200):
        found = [file for file in (data / "materials").rglob("*") if file.name == name[2:]]
        if found:
            break
        time.sleep(0.1)
    check(bool(found) and hashlib.sha256(found[0].read_bytes()).hexdigest() == name, "and is what was sent")
    check(not [file for file in (data / "uploads").iterdir() if len(file.name) == 64], "nothing else is left")
    site.kill()


with tempfile.TemporaryDirectory(dir=BUILD, prefix="full-") as folder:
    os.chmod(folder, 0o755)
    data = Path(folder) / "data"
    data.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "narada-test", data], check=False, capture_output=True).returncode != 0:
        print("skipped: no file system can be mounted here")
        sys.exit(SKIPPED)
    try:
        main(Path(folder), data)
    finally:
        try:
            database("stop", f"{folder}/db")
        except subprocess.CalledProcessError:
            pass
        subprocess.run(["umount", "--lazy", data], check=False)
print(f"{len(problems)} problems")
sys.exit(1 if problems else 0)
