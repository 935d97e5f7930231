"""Every MUST of tus 1.0.0 and its extensions that a server can break, asked of a running program over
plain HTTP, then the same program with tus-js-client: conformance.py NARADA URL.

The program's database is the one in NARADA_DATABASE. Ends with 1 when anything is not as it should."""
import base64
import hashlib
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
NARADA, URL = sys.argv[1], sys.argv[2]
HOST = urlsplit(URL).netloc
STREAM = "application/offset+octet-stream"
problems = []


def check(is_true, text, seen=""):
    print(("ok      " if is_true else "FAILED  ") + text + ("" if is_true else f": {seen}"), flush=True)
    if not is_true:
        problems.append(text)


def token():
    made = subprocess.run([NARADA, "token", "create", "--role", "organizer"], check=True, capture_output=True, text=True)
    return made.stdout.split()[-1]


class Answer:
    def __init__(self, response):
        self.status, self.body = response.status, response.read()
        self.headers = {name.lower(): value for name, value in response.getheaders()}

    def __getitem__(self, name):
        return self.headers.get(name.lower())

    def __str__(self):
        return f"{self.status} {self.headers} {self.body[:300]!r}"


def ask(method, path, headers=None, body=None, version="1.0.0", bearer=None):
    connection = http.client.HTTPConnection(HOST, timeout=30)
    sent = {"Authorization": f"Bearer {bearer or TOKEN}"} | ({"Tus-Resumable": version} if version else {}) | (headers or {})
    connection.request(method, path, body, sent)
    answer = Answer(connection.getresponse())
    connection.close()
    if method != "OPTIONS":
        check(answer["Tus-Resumable"] == "1.0.0", f"Tus-Resumable is in the answer to {method} ({answer.status})", answer)
    return answer


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def metadata(name="plan.txt"):
    return f"filename {encoded(name)},cycle {encoded(str(CYCLE))}"


def create(size, **more):
    headers = {"Upload-Metadata": metadata()} | ({} if size is None else {"Upload-Length": str(size)})
    return ask("POST", "/api/v1/uploads", headers | more.pop("headers", {}), **more)


def new(size):
    answer = create(size)
    assert answer.status == 201, str(answer)
    return urlsplit(answer["Location"]).path


def patch(path, offset, body, headers=None, **more):
    return ask("PATCH", path, {"Upload-Offset": str(offset), "Content-Type": STREAM} | (headers or {}), body, **more)


def offset(path):
    answer = ask("HEAD", path)
    return int(answer["Upload-Offset"]) if answer.status == 200 else answer.status


def cut(path, at, announced, body, rest=None):
    """A PATCH whose line breaks behind `body`."""
    head = (f"PATCH {path} HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: Bearer {TOKEN}\r\nTus-Resumable: 1.0.0\r\n"
            f"Upload-Offset: {at}\r\nContent-Type: {STREAM}\r\n{rest or ''}Content-Length: {announced}\r\n\r\n")
    host, port = HOST.split(":")
    line = socket.create_connection((host, int(port)))
    line.sendall(head.encode() + body)
    return line


def until(condition, text):
    for _ in range(300):
        if condition():
            return check(True, text)
        time.sleep(0.05)
    return check(False, text)


def abilities():
    answer = ask("OPTIONS", "/api/v1/uploads", version=None)
    check(answer.status == 204 and answer["Tus-Version"] == "1.0.0", "OPTIONS tells the versions", answer)
    check(int(answer["Tus-Max-Size"]) > 0, "OPTIONS tells the largest size", answer)
    check(set(answer["Tus-Extension"].split(",")) ==
          {"creation", "creation-with-upload", "creation-defer-length", "termination", "checksum", "expiration"},
          "OPTIONS tells the extensions", answer)
    check("sha1" in answer["Tus-Checksum-Algorithm"].split(","), "sha1 is understood", answer)


def core():
    path = new(10)
    answer = ask("HEAD", path)
    check((answer.status, answer["Upload-Offset"], answer["Upload-Length"]) == (200, "0", "10"), "HEAD of a new upload", answer)
    check(answer["Cache-Control"] == "no-store", "HEAD is kept by no cache", answer)
    check(answer["Upload-Metadata"] == metadata(), "HEAD gives the metadata back as they were", answer)
    answer = patch(path, 0, b"01234")
    check((answer.status, answer["Upload-Offset"]) == (204, "5"), "PATCH tells the new offset", answer)
    for at in (0, 4, 6):
        answer = patch(path, at, b"x")
        check(answer.status == 409 and offset(path) == 5, f"409 at offset {at}, and nothing is kept", answer)
    for wrong in ("text/plain", "application/octet-stream", "application/json"):
        answer = patch(path, 5, b"x", {"Content-Type": wrong})
        check(answer.status == 415 and offset(path) == 5, f"415 for {wrong}", answer)
    for wrong in ("-1", "x", "5.0", ""):
        answer = patch(path, wrong, b"x")
        check(answer.status == 400 and offset(path) == 5, f"400 for the offset {wrong!r}", answer)
    answer = patch(path, 5, b"56789!")
    check(answer.status == 413 and offset(path) == 5, "more octets than were announced are refused as a whole", answer)
    check(patch(path, 5, b"").status == 204 and offset(path) == 5, "an empty piece changes nothing")
    answer = patch(path, 5, b"56789")
    check((answer.status, answer["Upload-Offset"]) == (204, "10"), "the last piece", answer)
    check(patch(path, 10, b"").status == 204, "the last piece once more, empty")
    answer = patch("/api/v1/uploads/" + "a" * 43, 0, b"x")
    check(answer.status == 404, "404 for an upload that never was", answer)
    check(ask("HEAD", "/api/v1/uploads/" + "a" * 43)["Upload-Offset"] is None, "a 404 tells no offset")


def versions():
    path = new(5)
    for version in (None, "0.2.2", "1.0.1"):
        for method, where, headers in (("POST", "/api/v1/uploads", {"Upload-Length": "5", "Upload-Metadata": metadata()}),
                                       ("HEAD", path, {}), ("DELETE", path, {}),
                                       ("PATCH", path, {"Upload-Offset": "0", "Content-Type": STREAM})):
            answer = ask(method, where, headers, b"x" if method == "PATCH" else None, version=version)
            check(answer.status == 412 and answer["Tus-Version"] == "1.0.0", f"412 for {method} in version {version}", answer)
    check(offset(path) == 0, "what was in another version was not done")


def override():
    path = new(5)
    headers = {"X-HTTP-Method-Override": "PATCH", "Upload-Offset": "0", "Content-Type": STREAM}
    answer = ask("POST", path, headers, b"01234")
    check((answer.status, answer["Upload-Offset"]) == (204, "5"), "X-HTTP-Method-Override: PATCH", answer)
    answer = ask("POST", path, {"X-HTTP-Method-Override": "HEAD"})
    check(answer["Upload-Offset"] == "5", "X-HTTP-Method-Override: HEAD", answer)
    check(ask("POST", path, {"X-HTTP-Method-Override": "DELETE"}).status in (204, 423), "X-HTTP-Method-Override: DELETE")


def creation():
    answer = create(10)
    check(answer.status == 201 and answer["Location"].startswith(f"http://{HOST}/api/v1/uploads/"), "201 and an absolute address", answer)
    parsedate_to_datetime(answer["Upload-Expires"])
    check(answer["Upload-Expires"].endswith(" GMT"), "Upload-Expires is a date of RFC 9110", answer)
    check(create(0).status == 201, "an empty upload is begun")
    for wrong in ("-1", "x", "1e3"):
        check(create(None, headers={"Upload-Length": wrong}).status == 400, f"400 for the length {wrong!r}")
    check(create(None).status == 400, "400 without a length")
    largest = int(ask("OPTIONS", "/api/v1/uploads")["Tus-Max-Size"])
    check(create(largest + 1).status == 413, "413 beyond Tus-Max-Size")
    for wrong in ("", "filename", metadata() + ",", metadata() + "," + metadata(), "filename x," + metadata(),
                  f"cycle {encoded('1')},meeting {encoded('1')}", f"filename {encoded('x')}", metadata() + ",a b c"):
        answer = ask("POST", "/api/v1/uploads", {"Upload-Length": "5", "Upload-Metadata": wrong})
        check(answer.status == 400, f"400 for the metadata {wrong!r}", answer)
    check(create(5, headers={"Content-Type": "text/plain"}, body=b"12345").status == 415, "415 for another body")


def creation_with_upload():
    answer = create(10, headers={"Content-Type": STREAM}, body=b"01234")
    check((answer.status, answer["Upload-Offset"]) == (201, "5"), "the beginning comes with the creation", answer)
    path = urlsplit(answer["Location"]).path
    check(patch(path, 5, b"56789")["Upload-Offset"] == "10", "and the rest afterwards")
    answer = create(5, headers={"Content-Type": STREAM}, body=b"01234")
    check((answer.status, answer["Upload-Offset"]) == (201, "5"), "all of it comes with the creation", answer)
    check(create(5, headers={"Content-Type": STREAM}, body=b"012345").status == 413, "more than announced is refused")
    large = os.urandom(10 << 20).hex().encode()
    answer = create(len(large), headers={"Content-Type": STREAM}, body=large)
    kept = int(answer["Upload-Offset"])
    check(answer.status == 201 and 0 < kept < len(large), "of much only the beginning is kept, and how much is said", answer)
    path = urlsplit(answer["Location"]).path
    check(patch(path, kept, large[kept:]).status == 204, "the rest follows")
    return path, large


def deferred():
    answer = create(None, headers={"Upload-Defer-Length": "1"})
    path = urlsplit(answer["Location"]).path
    answer = ask("HEAD", path)
    check(answer["Upload-Defer-Length"] == "1" and answer["Upload-Length"] is None, "the length is deferred", answer)
    check(patch(path, 0, b"012").status == 204, "octets before the length")
    check(patch(path, 3, b"34", {"Upload-Length": "8"}).status == 204, "the length with a PATCH")
    answer = ask("HEAD", path)
    check(answer["Upload-Length"] == "8" and answer["Upload-Defer-Length"] is None, "the length is known now", answer)
    check(patch(path, 5, b"5", {"Upload-Length": "9"}).status == 400, "and does not change any more")
    check(patch(path, 5, b"567")["Upload-Offset"] == "8", "until it is there")
    check(create(None, headers={"Upload-Defer-Length": "2"}).status == 400, "400 for Upload-Defer-Length: 2")
    check(create(5, headers={"Upload-Defer-Length": "1"}).status == 400, "400 for both")


def termination():
    path = new(10)
    patch(path, 0, b"01234")
    check(ask("DELETE", path).status == 204, "DELETE")
    check(ask("HEAD", path).status in (404, 410), "HEAD afterwards")
    check(patch(path, 5, b"56789").status in (404, 410), "PATCH afterwards")
    check(ask("DELETE", path).status in (404, 410), "DELETE afterwards")


def checksums():
    path = new(12)
    for name in ("sha1", "sha256", "sha512"):
        at, piece = offset(path), os.urandom(4)
        good = base64.b64encode(hashlib.new(name, piece).digest()).decode()
        wrong = base64.b64encode(hashlib.new(name, b"x").digest()).decode()
        answer = patch(path, at, piece, {"Upload-Checksum": f"{name} {wrong}"})
        check(answer.status == 460 and offset(path) == at, f"460 for a wrong {name}, and the piece is thrown away", answer)
        check(patch(path, at, piece, {"Upload-Checksum": f"{name} {good}"}).status == 204, f"a right {name}")
    path = new(12)
    for wrong in ("crc32 AAAAAA==", "sha1", "sha1 *", ""):
        check(patch(path, 0, b"x", {"Upload-Checksum": wrong}).status == 400, f"400 for the checksum {wrong!r}")
    check(offset(path) == 0, "and nothing was kept")


def lines_that_break():
    path = new(1 << 20)
    line = cut(path, 0, 1 << 20, b"a" * 300000)
    time.sleep(0.2)
    check(patch(path, 0, b"x").status in (409, 423), "another PATCH at the same time is refused")
    line.close()
    until(lambda: offset(path) == 300000, "what came before the line broke stays")
    line = cut(path, 300000, 100, b"b" * 200)
    answer = line.recv(65536)
    check(answer.startswith(b"HTTP/1.1 204"), "a body ends where its length says", answer[:80])
    line.close()
    until(lambda: offset(path) == 300100, "and no octet more is kept")
    stalled = cut(path, 300100, 1000, b"c" * 10)
    time.sleep(0.2)
    until(lambda: offset(path) == 300110, "a request that is silent makes way when its owner asks")
    check(patch(path, 300110, b"d").status == 204, "and the next one goes on")
    stalled.close()
    line = cut(path, 300111, 1000, b"e" * 10, "Upload-Checksum: sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=\r\n")
    line.close()
    until(lambda: patch(path, 300111, b"f").status == 204, "half of what a checksum is about is thrown away")


def others():
    path = new(5)
    other = token()
    check(ask("HEAD", path, bearer=other).status == 404, "another's upload is not there for HEAD")
    check(patch(path, 0, b"01234", bearer=other).status == 404, "nor for PATCH")
    check(ask("DELETE", path, bearer=other).status == 404, "nor for DELETE")
    check(ask("HEAD", path, bearer="x" * 43).status == 401, "a token that opens nothing")
    check(patch(path, 0, b"01234", bearer="x" * 43).status == 401, "cannot send")
    until(lambda: offset(path) == 0, "and nothing of it stays")


def stored(path, content):
    """The whole way: the content is in the store under its digest."""
    name = hashlib.sha256(content).hexdigest()
    folder = Path(os.environ["NARADA_DATA"]) / "materials"
    until(lambda: any(file.name in (name, name[2:]) for file in folder.rglob("*") if file.is_file()), "what came whole is in the store")


TOKEN = token()
FORMS = json.loads((ROOT / "service/http/api/openapi.json").read_text())["paths"]
FORM = FORMS["/api/v1/cycles"]["post"]["requestBody"]["content"]["application/json"]["example"]
connection = http.client.HTTPConnection(HOST)
connection.request("POST", "/api/v1/cycles", json.dumps(FORM),
                   {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"})
CYCLE = json.loads(Answer(connection.getresponse()).body)["id"]

abilities()
core()
versions()
override()
creation()
stored(*creation_with_upload())
deferred()
termination()
checksums()
lines_that_break()
others()
client = subprocess.run(["node", str(ROOT / "tests/tus/client.mjs"), URL, TOKEN, str(CYCLE), os.environ["NARADA_DATA"]], check=False)
check(client.returncode == 0, "tus-js-client")
print(f"{len(problems)} problems")
sys.exit(1 if problems else 0)
