"""Scenarios of ./bench about files: throughput beside nginx that sends or receives the same bytes, and what
other readers feel while slow ones download."""

import base64
import http.client
import json
import os
import pathlib
import socket
import subprocess
import threading
import time
import urllib.parse

FILE_OCTETS = 512 << 20
PIECE = 8 << 20
SLOW_READERS = 50
SLOW_OCTETS_PER_SECOND = 200 << 10


def make_file(path: pathlib.Path, octets: int):
    with path.open("wb") as file:
        for _ in range(octets // PIECE):
            file.write(os.urandom(PIECE))


def rate_of(work) -> float:
    """MB per second, the best of three."""
    best = 0.0
    for _ in range(3):
        begun = time.monotonic()
        octets = work()
        best = max(best, octets / (time.monotonic() - begun) / 1e6)
    return best


def download(url: str) -> int:
    out = subprocess.run(["curl", "-sf", "-o", "/dev/null", "-w", "%{size_download}", url], check=True,
                         capture_output=True, text=True).stdout
    return int(out)


def upload_pieces(base: str, meeting: int, token: str, content: bytes) -> int:
    """tus 1.0.0: one upload, PATCH after PATCH over one connection."""
    address = urllib.parse.urlsplit(base)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Tus-Resumable": "1.0.0"}

    def pair(name, value):
        return f"{name} {base64.b64encode(str(value).encode()).decode()}"

    connection.request("POST", "/api/v1/uploads", headers={
        **headers, "Upload-Length": str(len(content)), "Content-Length": "0",
        "Upload-Metadata": pair("filename", "pomiar.bin") + "," + pair("meeting", meeting)})
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 201:
        raise RuntimeError(f"upload: {answer.status} {text[:300]}")
    path = urllib.parse.urlsplit(answer.headers["Location"]).path
    for offset in range(0, len(content), PIECE):
        connection.request("PATCH", path, body=memoryview(content)[offset:offset + PIECE], headers={
            **headers, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 204:
            raise RuntimeError(f"upload: {answer.status} {text[:300]}")
    connection.request("DELETE", path, headers=headers)
    connection.getresponse().read()
    return len(content)


def put_pieces(base: str, content: bytes) -> int:
    """The same pieces, each a PUT that nginx writes to its disk."""
    address = urllib.parse.urlsplit(base)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
    for number, offset in enumerate(range(0, len(content), PIECE)):
        connection.request("PUT", f"/put/{number}", body=memoryview(content)[offset:offset + PIECE])
        answer = connection.getresponse()
        answer.read()
        if answer.status not in (201, 204):
            raise RuntimeError(f"nginx: {answer.status}")
    return len(content)


def write_nginx(folder: pathlib.Path, port: int):
    (folder / "put").mkdir()
    (folder / "nginx.conf").write_text(f"""
worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/error.log; daemon off;
{"user root;" if os.geteuid() == 0 else ""}
events {{ worker_connections 1024; }}
http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; client_max_body_size 0;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; root {folder}; location /put/ {{ dav_methods PUT; }} }} }}
""")


class SlowReaders:
    """Each takes a little at a time of a large file, for as long as the others are measured."""

    def __init__(self, base: str, path: str):
        address = urllib.parse.urlsplit(base)
        self.stopping = threading.Event()
        self.sockets = []
        for _ in range(SLOW_READERS):
            one = socket.create_connection((address.hostname, address.port))
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 10)
            one.sendall(f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
            self.sockets.append(one)
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def read(self):
        while not self.stopping.wait(0.1):
            for one in self.sockets:
                one.recv(SLOW_OCTETS_PER_SECOND // 10)

    def stop(self):
        self.stopping.set()
        self.thread.join()
        for one in self.sockets:
            one.close()


def run(bench, tools, url: str, owner: str):
    """`tools`: what run.py gives: narada, running, free_port, load, resident_megabytes."""
    large = bench.directory / "large"
    make_file(large, FILE_OCTETS)
    copy = bench.directory / "nginx"
    copy.mkdir()
    copy.chmod(0o755)
    os.link(large, copy / "large")
    content = large.read_bytes()
    with tools.narada(bench, url, "data-materials") as (base, process):
        kept = json.loads(subprocess.run(
            [bench.program("narada_bench_materials"), owner, bench.directory / "data-materials", large],
            check=True, capture_output=True, text=True).stdout)
        port = tools.free_port()
        write_nginx(copy, port)
        nginx = "/usr/sbin/nginx" if os.access("/usr/sbin/nginx", os.X_OK) else "nginx"
        with tools.running([nginx, "-c", str(copy / "nginx.conf")], port):
            other = f"http://127.0.0.1:{port}"
            bench.add("download of 512 MB, against nginx", "MB/s", rate_of(lambda: download(base + kept["address"])),
                      rate_of(lambda: download(other + "/large")))
            piece = content[:256 << 20]
            bench.add("upload in 8 MB pieces, against nginx", "MB/s",
                      rate_of(lambda: upload_pieces(base, kept["meeting"], kept["token"], piece)),
                      rate_of(lambda: put_pieces(other, piece)))
        idle = tools.resident_megabytes(process)
        _, _, alone = tools.load(bench, base + "/")
        slow = SlowReaders(base, kept["address"])
        try:
            _, _, among = tools.load(bench, base + "/")
            print(f"resident memory: {idle:.0f} MB, with {SLOW_READERS} slow readers "
                  f"{tools.resident_megabytes(process):.0f} MB")
        finally:
            slow.stop()
        bench.add(f"home page beside {SLOW_READERS} slow readers, p99", "ms", among, alone, lower_is_better=True)
