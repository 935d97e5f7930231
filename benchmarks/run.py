"""./bench: the scenarios with their ceilings, in one run; a table of ratios and, with --json, the same
as [{"scenario", "unit", "value", "ceiling", "ratio"}].

Every figure stands beside one measured in the same run on the same machine, because figures alone say
more about the machine than about the program. Nothing here fails because something is slow."""

import argparse
import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import materials

ROOT = pathlib.Path(__file__).resolve().parent.parent
SECONDS = 5
CONNECTIONS = 64
THREADS = 2


class Bench:
    def __init__(self, build: pathlib.Path, directory: pathlib.Path, seconds: int):
        self.build = build
        self.directory = directory
        self.seconds = seconds
        self.rows = []

    def program(self, name: str) -> str:
        folder = "service" if name == "narada" else "benchmarks"
        return str(self.build / folder / name)

    def add(self, scenario, unit, value, ceiling, lower_is_better=False):
        ratio = (ceiling / value if lower_is_better else value / ceiling) if value and ceiling else None
        self.rows.append({"scenario": scenario, "unit": unit, "value": round(value, 3),
                          "ceiling": round(ceiling, 3), "ratio": None if ratio is None else round(ratio, 3)})
        print(f"{scenario:44s} {value:12,.1f} {unit:9s} ceiling {ceiling:12,.1f}  ratio {ratio or 0:6.3f}", flush=True)


def free_port() -> int:
    """Below the ephemeral range, where a client's own port could stand in the way."""
    for port in range(20000, 32000):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise RuntimeError("no free port")


@contextlib.contextmanager
def running(command, port=None, **options):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    try:
        deadline = time.monotonic() + 30
        while port is not None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} did not start")
            time.sleep(0.05)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


@contextlib.contextmanager
def database(directory: pathlib.Path):
    def ask(*words):
        return subprocess.run([ROOT / "tools/database", *words], check=True, capture_output=True, text=True).stdout.strip()

    url = ask("start", directory, "--owner", str(os.getpid()))
    try:
        yield url, ask("owner", directory)
    finally:
        subprocess.run([ROOT / "tools/database", "stop", directory], check=True)


@contextlib.contextmanager
def narada(bench: Bench, url: str, name: str, **settings):
    port = free_port()
    data = bench.directory / name
    data.mkdir(exist_ok=True)
    environment = {**os.environ, "NARADA_DATABASE": url, "NARADA_DATA": str(data), "NARADA_RATE_LIMITS": "off",
                   "NARADA_LISTEN": f"127.0.0.1:{port}", "NARADA_BASE_URL": f"http://127.0.0.1:{port}", **settings}
    with running([bench.program("narada"), "serve"], port, env=environment) as process:
        yield f"http://127.0.0.1:{port}", process


def prepare(bench: Bench, url: str, owner: str):
    for command, more in (("migrate", {"NARADA_DATABASE_OWNER": owner}), ("load-sample", {})):
        subprocess.run([bench.program("narada"), command], check=True, capture_output=True,
                       env={**os.environ, "NARADA_DATABASE": url, **more})


def fetch(url: str):
    with urllib.request.urlopen(url) as answer:
        return answer.read(), dict(answer.headers)


UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


def milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * UNITS[unit]


def load(bench: Bench, url: str, script: str = None):
    """wrk: (requests per second, p50 ms, p99 ms); an error among the answers stops the run."""
    command = ["wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{bench.seconds}s", "--timeout", "10s", "--latency"]
    if script:
        command += ["-s", script]
    text = subprocess.run(command + [url], check=True, capture_output=True, text=True).stdout
    for sign in ("Non-2xx", "Socket errors"):
        if sign in text:
            raise RuntimeError(f"{url}: {text}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))
    p50 = milliseconds(re.search(r"\s50%\s+(\S+)", text).group(1))
    p99 = milliseconds(re.search(r"\s99%\s+(\S+)", text).group(1))
    return rate, p50, p99


def resident_megabytes(process) -> float:
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024


def ceilings(bench: Bench, body: bytes, headers: dict):
    """The same bytes from the HTTP layer's memory, and from a file by nginx."""
    with tempfile.TemporaryDirectory(dir=bench.directory) as directory:
        folder = pathlib.Path(directory)
        folder.chmod(0o755)
        (folder / "body").write_bytes(body)
        skipped = ("date", "content-length", "connection", "transfer-encoding")
        (folder / "headers").write_text(
            "".join(f"{k}: {v}\n" for k, v in headers.items() if k.lower() not in skipped))
        port = free_port()
        with running([bench.program("narada_bench_http_ceiling"), str(port), str(folder / "body"),
                      str(folder / "headers")], port):
            layer = load(bench, f"http://127.0.0.1:{port}/")
        port = free_port()
        (folder / "nginx.conf").write_text(f"""
worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/error.log; daemon off;
{"user root;" if os.geteuid() == 0 else ""}
events {{ worker_connections 1024; }}
http {{ access_log off; sendfile on; tcp_nopush on; open_file_cache max=10; keepalive_requests 100000000;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; root {folder}; location = / {{ try_files /body =404; }} }} }}
""")
        nginx = "nginx" if os.access("/usr/sbin/nginx", os.X_OK) is False else "/usr/sbin/nginx"
        with running([nginx, "-c", str(folder / "nginx.conf")], port):
            file = load(bench, f"http://127.0.0.1:{port}/")
        return layer, file


def distinct_script(bench: Bench) -> pathlib.Path:
    """Each request with a query of its own, so that no answer is kept."""
    script = bench.directory / "distinct.lua"
    script.write_text("""
local threads = 0
function setup(thread) threads = threads + 1; thread:set("id", threads) end
local n = 0
function request()
  n = n + 1
  local mark = string.find(wrk.path, "?", 1, true) and "&" or "?"
  return wrk.format("GET", wrk.path .. mark .. "x=" .. id .. "-" .. n)
end
""")
    return script


def open_meeting(base: str) -> dict:
    items = json.loads(fetch(f"{base}/api/v1/meetings?status=published&limit=200")[0])["items"]
    coming = [m for m in items if m.get("registration_state") == "open"]
    return (coming or items)[-1]


def read_scenarios(bench: Bench, base: str, wanted):
    meeting = open_meeting(base)
    paths = {"page": f"/spotkania/{meeting['slug']}", "list": "/api/v1/meetings?limit=50", "ics": "/kalendarz.ics"}
    for name, path in paths.items():
        if name not in wanted:
            continue
        rate, p50, p99 = load(bench, base + path)
        body, headers = fetch(base + path)
        layer, file = ceilings(bench, body, headers)
        bench.add(f"{name}, against the HTTP layer", "req/s", rate, layer[0])
        bench.add(f"{name}, against nginx", "req/s", rate, file[0])
        bench.add(f"{name}, p50", "ms", p50, layer[1], lower_is_better=True)
        bench.add(f"{name}, p99", "ms", p99, layer[2], lower_is_better=True)
    if "render" in wanted:
        script = distinct_script(bench)
        rate, _, _ = load(bench, base + paths["page"], str(script))
        body, headers = fetch(base + paths["page"])
        bench.add("page rendered each time, against the HTTP layer", "req/s", rate, ceilings(bench, body, headers)[0][0])


def in_process(bench: Bench, name: str, *arguments) -> dict:
    out = subprocess.run([bench.program(f"narada_bench_{name}"), *map(str, arguments)], check=True,
                         capture_output=True, text=True).stdout
    return json.loads(out)


def registration_scenarios(bench: Bench, url: str, wanted):
    for name, meetings in (("registration_hot", 1), ("registration_50", 50)):
        if name not in wanted:
            continue
        found = in_process(bench, "registrations", url, meetings, bench.seconds)
        label = "one hot meeting" if meetings == 1 else f"{meetings} meetings"
        bench.add(f"registration, {label}, against bare SQL", "reg/s", found["rate"], found["bare_rate"])
        bench.add(f"registration, {label}, p50", "ms", found["p50"], found["bare_p50"], lower_is_better=True)
        bench.add(f"registration, {label}, p99", "ms", found["p99"], found["bare_p99"], lower_is_better=True)


def growth_scenario(bench: Bench):
    """p50 with 20,000 meetings against p50 with 200, pages rendered each time."""
    script = distinct_script(bench)
    found = {}
    for count in (200, 20000):
        with database(bench.directory / f"db-{count}") as (url, owner):
            prepare(bench, url, owner)
            subprocess.run([bench.program("narada_bench_data"), url, str(count)], check=True, capture_output=True)
            with narada(bench, url, f"data-{count}") as (base, _):
                slug = f"pomiar-{count * 9 // 10}"
                found[count] = {
                    "page": load(bench, f"{base}/spotkania/{slug}", str(script))[1],
                    "home": load(bench, f"{base}/", str(script))[1],
                    "list": load(bench, f"{base}/api/v1/meetings?limit=50", str(script))[1],
                }
            found[count]["registration"] = in_process(bench, "registrations", url, 1, bench.seconds)["p50"]
    for name in found[200]:
        bench.add(f"growth of {name}: p50 at 20,000 against 200", "ms", found[20000][name], found[200][name],
                  lower_is_better=True)


def peak_megabytes(process) -> float:
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 1024


def fetch_as(url: str, session: str):
    """Seconds and bytes of one answer to who is signed in."""
    request = urllib.request.Request(url, headers={"Cookie": f"session={session}"})
    begun = time.monotonic()
    size = 0
    with urllib.request.urlopen(request) as answer:
        while chunk := answer.read(1 << 20):
            size += len(chunk)
    return time.monotonic() - begun, size


def best_of(times: int, work):
    return min(work()[0] for _ in range(times))


def list_scenarios(bench: Bench):
    """A list of 20,000 registrations: its page and its exports by the service, against bare SQL that reads the
    same rows in one statement; and how much memory the exports of 20,000 take against those of 2,000."""
    peaks = {}
    for count in (2000, 20000):
        with database(bench.directory / f"db-lists-{count}") as (url, owner):
            prepare(bench, url, owner)
            session = subprocess.run([bench.program("narada_bench_lists"), "fill", owner, str(count)], check=True,
                                     capture_output=True, text=True).stdout.strip()
            with narada(bench, url, f"data-lists-{count}") as (base, process):
                page = f"{base}/panel/zgloszenia?kolejnosc=name"
                export = f"{base}/panel/zgloszenia"
                fetch_as(page, session)
                before = resident_megabytes(process)
                pathlib.Path(f"/proc/{process.pid}/clear_refs").write_text("5")  # the peak begins anew
                seconds = {"page": best_of(5, lambda: fetch_as(page, session)),
                           "CSV": best_of(3, lambda: fetch_as(export + ".csv", session)),
                           "XLSX": best_of(3, lambda: fetch_as(export + ".xlsx", session))}
                peaks[count] = peak_megabytes(process)
                print(f"resident memory with {count} registrations: {before:.0f} MB, at most {peaks[count]:.0f} MB")
            if count == 20000:
                bare = in_process(bench, "lists", "bare", url, bench.seconds)
                bench.add("list of 20,000: page by name, against bare SQL", "ms", seconds["page"] * 1e3,
                          bare["page_ms"], lower_is_better=True)
                for name in ("CSV", "XLSX"):
                    bench.add(f"list of 20,000: {name}, against reading the rows", "rows/s", count / seconds[name],
                              bare["rows_per_second"])
    bench.add("export of 20,000: memory against one of 2,000", "MB", peaks[20000], peaks[2000], lower_is_better=True)


def curl_config(messages: pathlib.Path, port: int) -> str:
    """Every message of the folder as one transfer of one curl, over one connection."""
    transfers = [f"""url = "smtp://127.0.0.1:{port}"
mail-from = "narada@bench.example"
mail-rcpt = "a{file.stem}@bench.example"
upload-file = "{file}"
""" for file in sorted(messages.iterdir())]
    return "next\n".join(transfers)


def mail_scenario(bench: Bench, url: str):
    """The outbox through `narada serve` into a server that keeps nothing, against curl that hands the same
    messages to the same server over one connection. What the server saw is counted: first to last message."""
    count = 3000
    folder = bench.directory / "messages"
    folder.mkdir()
    subprocess.run([bench.program("narada_bench_mails"), "fill", url, str(count)], check=True)
    port = free_port()
    sink = subprocess.Popen(["node", ROOT / "benchmarks/smtp_sink.cjs", str(port), str(count)], text=True,
                            stdout=subprocess.PIPE)
    try:
        sink.stdout.readline()
        with narada(bench, url, "data-mails", NARADA_SMTP=f"smtp://127.0.0.1:{port}"):
            ours = float(sink.stdout.readline())
        subprocess.run([bench.program("narada_bench_mails"), "dump", url, folder], check=True, capture_output=True)
        config = bench.directory / "curl.config"
        config.write_text(curl_config(folder, port))
        subprocess.run(["curl", "--silent", "--show-error", "--config", config], check=True)
        curls = float(sink.stdout.readline())
    finally:
        sink.kill()
        sink.wait()
    bench.add("mail delivery, against curl over one connection", "mails/s", count / ours, count / curls)


def search_scenario(bench: Bench):
    """The search over 100,000 documents, results with excerpts and facets, against the database's full text."""
    with database(bench.directory / "db-search") as (url, owner):
        prepare(bench, url, owner)
        found = in_process(bench, "search", owner, 100000, bench.seconds)
        print(f"index of 100,000 documents: built in {found['build_seconds']:.1f} s")
        bench.add("search of 100,000 documents: p50, against FULLTEXT", "ms", found["p50"], found["bare_p50"],
                  lower_is_better=True)


SCENARIOS = ["page", "list", "ics", "render", "feed", "registration_hot", "registration_50", "growth", "lists",
             "mails", "materials", "search"]


def main():
    parser = argparse.ArgumentParser(prog="./bench", description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="of each load (%(default)s)")
    parser.add_argument("scenario", nargs="*", choices=[*SCENARIOS, []], default=[])
    arguments = parser.parse_args()
    wanted = arguments.scenario or SCENARIOS
    with tempfile.TemporaryDirectory(prefix="narada-bench-") as directory:
        folder = pathlib.Path(directory)
        folder.chmod(0o755)
        bench = Bench(pathlib.Path(arguments.build).resolve(), folder, arguments.seconds)
        with database(folder / "db") as (url, owner):
            prepare(bench, url, owner)
            with narada(bench, url, "data") as (base, process):
                read_scenarios(bench, base, wanted)
                print(f"resident memory after reads: {resident_megabytes(process):.0f} MB")
            if "feed" in wanted:
                found = in_process(bench, "feed", url, bench.seconds)
                bench.add("feed of the calendar, against libical alone", "feeds/s", found["rate"], found["bare_rate"])
            if "mails" in wanted:
                mail_scenario(bench, url)
            if "materials" in wanted:
                materials.run(bench, sys.modules[__name__], url, owner)
            registration_scenarios(bench, url, wanted)
        if "growth" in wanted:
            growth_scenario(bench)
        if "lists" in wanted:
            list_scenarios(bench)
        if "search" in wanted:
            search_scenario(bench)
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps(bench.rows, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
