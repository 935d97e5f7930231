"""A database and a program of their own, which a check may kill."""
import base64
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def free_port():
    while True:
        port = random.randrange(20000, 30000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


def database(*words):
    return subprocess.run([ROOT / "tools/database", *words], check=True, capture_output=True, text=True).stdout.strip()


class Installation:
    def __init__(self, build, directory, data=None, **settings):
        self.narada, self.directory = build / "service/narada", directory
        self.port = free_port()
        others = {name: value for name, value in os.environ.items() if not name.startswith("NARADA_")}
        self.environment = others | {
            "NARADA_DATABASE": database("start", f"{directory}/db", "--owner", str(os.getpid())),
            "NARADA_DATA": str(data or directory), "NARADA_LISTEN": f"127.0.0.1:{self.port}",
            "NARADA_BASE_URL": f"http://127.0.0.1:{self.port}", "NARADA_RATE_LIMITS": "off"} | settings
        self.run("migrate", NARADA_DATABASE_OWNER=database("owner", f"{directory}/db"))
        names = (ROOT / "sample/municipalities.csv").read_text().splitlines()
        rows = [line.split(",", 2)[2] for line in names if line.startswith(("association,", "GZM,"))]
        (directory / "municipalities.csv").write_text("\n".join(rows) + "\n")
        self.run("import", "municipalities", f"{directory}/municipalities.csv")
        self.token = self.run("token", "create", "--role", "organizer").split()[-1]
        self.process = None
        self.log = open(directory / "serve.log", "ab")

    def run(self, *words, **more):
        return subprocess.run([self.narada, *words], check=True, capture_output=True, text=True, env=self.environment | more).stdout

    def start(self):
        self.process = subprocess.Popen([self.narada, "serve"], env=self.environment, stdout=self.log, stderr=self.log)
        for _ in range(600):
            try:
                if self.ask("GET", "/readyz", {}, None)[0] == 200:
                    return
            except OSError:
                pass
            if self.process.poll() is not None:  # it came before its database
                time.sleep(0.2)
                self.process = subprocess.Popen([self.narada, "serve"], env=self.environment, stdout=self.log, stderr=self.log)
            time.sleep(0.05)
        raise RuntimeError("the program does not come up")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def kill_database(self):
        os.kill(int((self.directory / "db/pid").read_text()), signal.SIGKILL)
        time.sleep(0.1)
        database("start", f"{self.directory}/db", "--owner", str(os.getpid()))

    def add_cycle(self):
        forms = json.loads((ROOT / "service/http/api/openapi.json").read_text())["paths"]
        form = forms["/api/v1/cycles"]["post"]["requestBody"]["content"]["application/json"]["example"]
        answer = self.ask("POST", "/api/v1/cycles", {"Content-Type": "application/json"}, json.dumps(form))
        return json.loads(answer[2])["id"]

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
