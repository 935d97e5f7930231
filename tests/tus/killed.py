"""Uploads of a running program that is killed under them (SIGKILL), and so is its database:
killed.py BUILD. NARADA_UPLOAD_KILLS says how many uploads are to live through it (12).

What was acknowledged is there afterwards, what has come whole is in the store with the right content,
nothing half-done is there, and clean-up leaves no file that belongs to nobody."""
import base64
import hashlib
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(sys.argv[1]).resolve()
NARADA = BUILD / "service/narada"
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


def free_port():
    while True:
        port = random.randrange(20000, 30000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


def database(*words):
    return subprocess.run([ROOT / "tools/database", *words], check=True, capture_output=True, text=True).stdout.strip()


class Installation:
    def __init__(self, directory):
        self.directory = directory
        self.port = free_port()
        others = {name: value for name, value in os.environ.items() if not name.startswith("NARADA_")}
        self.environment = others | {
            "NARADA_DATABASE": database("start", f"{directory}/db", "--owner", str(os.getpid())),
            "NARADA_DATA": str(directory), "NARADA_LISTEN": f"127.0.0.1:{self.port}",
            "NARADA_BASE_URL": f"http://127.0.0.1:{self.port}", "NARADA_RATE_LIMITS": "off"}
        self.run("migrate", NARADA_DATABASE_OWNER=database("owner", f"{directory}/db"))
        names = (ROOT / "sample/municipalities.csv").read_text().splitlines()
        rows = [line.split(",", 2)[2] for line in names if line.startswith(("association,", "GZM,"))]
        (directory / "municipalities.csv").write_text("\n".join(rows) + "\n")
        self.run("import", "municipalities", f"{directory}/municipalities.csv")
        self.token = self.run("token", "create", "--role", "organizer").split()[-1]
        self.process = None
        self.log = open(directory / "serve.log", "ab")

    def run(self, *words, **more):
        return subprocess.run([NARADA, *words], check=True, capture_output=True, text=True, env=self.environment | more).stdout

    def start(self):
        self.process = subprocess.Popen([NARADA, "serve"], env=self.environment, stdout=self.log, stderr=self.log)
        for _ in range(600):
            try:
                if self.ask("GET", "/readyz", {}, None)[0] == 200:
                    return
            except OSError:
                pass
            if self.process.poll() is not None:  # it came before its database
                time.sleep(0.2)
                self.process = subprocess.Popen([NARADA, "serve"], env=self.environment, stdout=self.log, stderr=self.log)
            time.sleep(0.05)
        raise RuntimeError("the program does not come up")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def kill_database(self):
        os.kill(int((self.directory / "db/pid").read_text()), signal.SIGKILL)
        time.sleep(0.1)
        database("start", f"{self.directory}/db", "--owner", str(os.getpid()))

    def ask(self, method, path, headers, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, {"Authorization": f"Bearer {self.token}", "Tus-Resumable": "1.0.0"} | headers)
            response = connection.getresponse()
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        except http.client.HTTPException as error:
            raise OSError(str(error)) from error
        finally:
            connection.close()


def encoded(text):
    return base64.b64encode(text.encode()).decode()


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
    site = Installation(directory)
    site.start()
    forms = json.loads((ROOT / "service/http/api/openapi.json").read_text())["paths"]
    form = forms["/api/v1/cycles"]["post"]["requestBody"]["content"]["application/json"]["example"]
    cycle = json.loads(site.ask("POST", "/api/v1/cycles", {"Content-Type": "application/json"}, json.dumps(form))[2])["id"]
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
