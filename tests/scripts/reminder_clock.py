"""Reminders of a running `narada serve` while its clock jumps and it is killed, over both changes of the
clock: reminder_clock.py BUILD.

A database, a Maildir and the program of BUILD under libfaketime. Before each reminder the program is
killed (SIGKILL), and comes back minutes later: every person has it once, within a minute, and still
once after the next kill, after a jump back, and with two processes at once. Ends with 77 (skipped)
where libfaketime is missing."""
import json
import mailbox
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[2]
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
WARSAW = ZoneInfo("Europe/Warsaw")
PEOPLE = 4
SKIPPED = 77
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


class Server:
    """One process, whose clock begins at `now` and then goes on as clocks do."""

    def __init__(self, narada, environment, now):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.began, self.now = time.monotonic(), now
        self.process = subprocess.Popen(
            [narada, "serve"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=environment | {
                "NARADA_LISTEN": f"127.0.0.1:{port}", "LD_PRELOAD": str(FAKETIME),
                "FAKETIME_DONT_FAKE_MONOTONIC": "1", "TZ": "UTC",
                # AddressSanitizer would rather be the first library.
                "ASAN_OPTIONS": "verify_asan_link_order=0",
                "FAKETIME": now.astimezone(timezone.utc).strftime("@%Y-%m-%d %H:%M:%S")})
        for _ in range(300):
            try:
                urllib.request.urlopen(self.url + "/healthz", timeout=2)
                return
            except (urllib.error.URLError, OSError):
                if self.process.poll() is not None:
                    raise SystemExit(f"the program ended with {self.process.returncode}")
                time.sleep(0.1)
        raise SystemExit("the program does not answer")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def request(self, method, path, body, token=None):
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = "Bearer " + token
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), headers,
                                         method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{method} {path}: {error.code} {error.read().decode()[:600]}")


class Installation:
    def __init__(self, build, directory):
        self.narada = str(build / "service" / "narada")
        self.directory = directory
        database = directory / "db"
        tool = [str(ROOT / "tools" / "database")]
        url = subprocess.run([*tool, "start", database, "--owner", str(os.getpid())],
                             capture_output=True, text=True, check=True).stdout.strip()
        owner = subprocess.run([*tool, "owner", database], capture_output=True, text=True,
                               check=True).stdout.strip()
        self.environment = os.environ | {
            "NARADA_DATABASE": url, "NARADA_DATA": str(directory),
            "NARADA_BASE_URL": "https://narada.example", "NARADA_HOLD_SECONDS": "0",
            "NARADA_RATE_LIMITS": "off", "NARADA_REMINDERS": "7d,1d,2h"}
        subprocess.run([self.narada, "migrate"], check=True, capture_output=True,
                       env=self.environment | {"NARADA_DATABASE_OWNER": owner})
        # As in tests/browser/start.sh: without the association, which is not known here.
        lines = (ROOT / "sample" / "municipalities.csv").read_text().splitlines()
        towns = directory / "municipalities.csv"
        towns.write_text("".join(line.split(",", 2)[2] + "\n" for line in lines
                                 if line.startswith(("association,", "GZM,"))))
        subprocess.run([self.narada, "import", "municipalities", towns], check=True,
                       capture_output=True, env=self.environment)
        self.token = subprocess.run(
            [self.narada, "token", "create", "--role", "organizer"], check=True,
            capture_output=True, text=True, env=self.environment).stdout.split()[-1]

    def serve(self, now):
        return Server(self.narada, self.environment, now)

    def reminders(self, title):
        """(address, Date) of each reminder of that meeting in the Maildir."""
        found = []
        for message in mailbox.Maildir(self.directory / "mail", create=True):
            subject = str(mailbox.email.header.make_header(
                mailbox.email.header.decode_header(message["Subject"])))
            if subject.startswith("Przypomnienie:") and title in subject:
                found.append((message["To"], parsedate_to_datetime(message["Date"])))
        return found

    def await_reminders(self, title, count, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and len(self.reminders(title)) < count:
            time.sleep(0.5)
        return time.monotonic()


def make_meeting(installation, title, starts):
    server = installation.serve(starts.replace(tzinfo=WARSAW) - timedelta(days=12))
    meeting = server.request("POST", "/api/v1/meetings", {
        "title": title, "form": "workshop", "starts_at": starts.replace(tzinfo=WARSAW).isoformat(),
        "ends_at": (starts + timedelta(hours=2)).replace(tzinfo=WARSAW).isoformat(),
        "places": [{"name": "Ratusz"}], "capacity": {"onsite": 40}}, installation.token)
    server.request("POST", f"/api/v1/meetings/{meeting['id']}/publish", {}, installation.token)
    for number in range(PEOPLE):
        server.request("POST", f"/api/v1/meetings/{meeting['id']}/registrations", {
            "full_name": f"Osoba Numer {number}", "email": f"osoba{number}@urzad.example",
            "institution": "2466011", "position": "inspektor", "mode": "onsite", "consent": True})
    server.kill()


def once_each(found, times):
    people = [address for address, _ in found]
    return len(people) == PEOPLE * times and all(
        people.count(one) == times for one in set(people)) and len(set(people)) == PEOPLE


def remind_over(installation, title, starts):
    make_meeting(installation, title, starts)
    at = starts.replace(tzinfo=WARSAW)
    dues = [("a week before", (starts - timedelta(days=7)).replace(tzinfo=WARSAW)),
            ("a day before", (starts - timedelta(days=1)).replace(tzinfo=WARSAW)),
            ("two hours before", at.astimezone(timezone.utc) - timedelta(hours=2))]
    for times, (name, due) in enumerate(dues, 1):
        what = f"{title}, {name}"
        server = installation.serve(due.astimezone(timezone.utc) - timedelta(seconds=40))
        time.sleep(3)
        server.kill()
        check(len(installation.reminders(title)) == PEOPLE * (times - 1), f"{what}: not too early")
        # Down at the time; back minutes later, and another process with it.
        back = due.astimezone(timezone.utc) + timedelta(minutes=7)
        server, other = installation.serve(back), installation.serve(back)
        arrived = installation.await_reminders(title, PEOPLE * times, 60)
        check(once_each(installation.reminders(title), times), f"{what}: once each")
        check(arrived - server.began < 60, f"{what}: {arrived - server.began:.0f} s after the return")
        late = [date for _, date in installation.reminders(title) if date > back + timedelta(minutes=1)]
        check(not late, f"{what}: none later than a minute by its own clock")
        server.kill()
        other.kill()
        for jump in (timedelta(minutes=20), timedelta(minutes=-90)):
            server = installation.serve(due.astimezone(timezone.utc) + jump)
            time.sleep(4)
            server.kill()
        check(once_each(installation.reminders(title), times), f"{what}: still once after jumps")
    server = installation.serve(at.astimezone(timezone.utc) + timedelta(seconds=1))
    time.sleep(4)
    server.kill()
    check(once_each(installation.reminders(title), len(dues)), f"{title}: nothing once it has begun")


def go_on_running(installation, title, starts):
    """A process that nobody stops, over the time of a reminder."""
    make_meeting(installation, title, starts)
    due = (starts - timedelta(days=1)).replace(tzinfo=WARSAW).astimezone(timezone.utc)
    server = installation.serve(due - timedelta(seconds=12))
    time.sleep(5)
    before = [one for one in installation.reminders(title) if one[1] >= due - timedelta(minutes=1)]
    installation.await_reminders(title, 2 * PEOPLE, 60)
    found = [date for _, date in installation.reminders(title)]
    on_time = [date for date in found if due <= date <= due + timedelta(minutes=1)]
    server.kill()
    check(len(on_time) == PEOPLE, f"{title}: a running process reminds within a minute, not before")
    check(all(date < due for _, date in before), f"{title}: nothing of it before the time")


def main():
    build = Path(sys.argv[1]).resolve()
    narada = build / "service" / "narada"
    if FAKETIME is None:
        print("skipped: no libfaketime")
        return SKIPPED
    directory = Path(tempfile.mkdtemp(prefix="reminders-", dir=build))
    directory.chmod(0o755)
    try:
        installation = Installation(build, directory)
        remind_over(installation, "Wiosna", datetime(2027, 3, 28, 10, 0))
        remind_over(installation, "Jesień", datetime(2027, 10, 31, 10, 0))
        go_on_running(installation, "Zima", datetime(2027, 12, 14, 10, 0))
    finally:
        subprocess.run([str(ROOT / "tools" / "database"), "stop", directory / "db"])
        shutil.rmtree(directory, ignore_errors=True)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
