"""scan.py --reports DIR --scans "control wapiti sqlmap" BASE: see tests/security/run."""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request

import control
import fence as fencing
import samples
import sign_in

HERE = pathlib.Path(__file__).parent
EXPLAINED = json.loads((HERE / "explained.json").read_text())
MODULES = ("sql,blindsql,xss,permanentxss,file,redirect,crlf,exec,csrf,http_headers,cookieflags,csp,ssrf,"
           "methods,xxe,backup,htaccess,shellshock")
# For looking for pages, and then for each module: a bound, because every page has two languages and
# filters without end. What a module did not get to is not said to be sound.
CRAWL_SECONDS = 90
MODULE_SECONDS = 40
LONGEST_SECONDS = 3600
# What would end the scan's own session or account.
LEFT_OUT = ("/wyjscie", "/moje/bezpieczenstwo", "/moje/prywatnosc", "/panel/prywatnosc", "/usun", "/sesje",
            "/zabezpieczenia", "/role/")
STARTS = {
    "visitor": [""],
    "official": ["moje", "moje/dane"],
    "expert": ["moje", "moje/dane", "prowadzenie", "prowadzenie/profil"],
    "organizer": ["moje", "panel", "panel/dziennik", "panel/instytucje", "panel/cykle", "panel/cykle/nowy",
                  "panel/spotkania/nowe", "panel/terminy", "panel/terminy/szukaj", "panel/zgloszenia",
                  "panel/prowadzacy", "panel/poczta", "panel/kosz"],
    "admin": ["panel", "panel/osoby", "panel/instytucje", "panel/dziennik"],
}


# The invented people of the sample data (sample/people.csv).
PEOPLE = {"official": "urzednik", "expert": "prowadzaca", "organizer": "organizator", "admin": "administratorka"}


def email_of(role):
    return f"{PEOPLE[role]}@narada.example"


def explain(finding):
    """The reason why a finding is none, or nothing."""
    for known in EXPLAINED:
        if known["category"] == finding["category"] and re.search(known["what"], finding["what"]):
            return known["because"]
    return None


def report(name, findings):
    """Prints what was found; how many of it nobody has explained."""
    unexplained = 0
    for finding in findings:
        reason = explain(finding)
        unexplained += reason is None
        print(f"{name}: {finding['category']}: {finding['what']}" + (f"  [{reason}]" if reason else "  UNEXPLAINED"))
    print(f"{name}: {len(findings)} findings, {unexplained} unexplained", flush=True)
    return unexplained


def run_wapiti(target, reports, name, cookie, starts):
    """(what it found, the fence it went through)"""
    fence = fencing.Fence(target, LEFT_OUT)
    base = fence.address
    out = reports / f"wapiti-{name}.json"
    out.unlink(missing_ok=True)
    command = ["wapiti", "-u", base + "/", "--scope", "folder", "-m", MODULES, "--flush-session", "-f", "json",
               "-o", str(out), "--no-bugreport", "--max-scan-time", str(CRAWL_SECONDS), "--max-attack-time",
               str(MODULE_SECONDS), "--max-links-per-page", "40", "--max-files-per-dir", "6", "-v", "0"]
    for start in starts:
        command += ["-s", f"{base}/{start}"]
    if cookie:
        command += ["-H", "Cookie: " + cookie]
    with (reports / f"wapiti-{name}.log").open("w") as log:
        subprocess.run(command, stdout=log, stderr=log, timeout=LONGEST_SECONDS)
    if not out.exists():
        raise RuntimeError(f"wapiti as {name} wrote no report: see {log.name}")
    read = json.loads(out.read_text())
    findings = []
    for kind in ("vulnerabilities", "anomalies"):
        for category, found in read[kind].items():
            findings += [{"category": category, "what": f"{one['method']} {one['path']} {one['parameter']} {one['info']}"}
                         for one in found]
    fence.shutdown()
    return findings, fence


def scan_with_wapiti(base, reports):
    """All roles at once: most of the time is waiting."""
    def scan(role):
        cookie = sign_in.sign_in(base, email_of(role)) if role != "visitor" else None
        return role, run_wapiti(base, reports, role, cookie, STARTS[role])

    failures = 0
    with concurrent.futures.ThreadPoolExecutor() as workers:
        for role, (findings, fence) in workers.map(scan, STARTS):
            print(f"wapiti as {role}: {len(fence.paths)} paths, answers {dict(sorted(fence.answers.items()))}")
            failures += report(f"wapiti as {role}", findings)
            for path in sorted(fence.unguarded):
                print(f"wapiti as {role}: {path} has a form without its token")
            failures += len(fence.unguarded)
            failures += not fence.paths or any(status >= 500 for status in fence.answers)
    return failures


def make_request(base, method, path, names, query, body, token):
    """An HTTP request as sqlmap reads it. One * in it, as the path needs, means that only what is marked
    is tried, so the query is marked then too; a body's fields always are."""
    host = urllib.parse.urlsplit(base).netloc
    for name in names:
        path = path.replace("{" + name + "}", "1*")
    mark = "*" if names else ""
    target = path + ("?" if query else "") + "&".join(
        f"{name}={urllib.parse.quote(str(value))}{mark}" for name, value in query.items())
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", f"Authorization: Bearer {token}",
             'If-Match: "1"', "Accept: application/json"]
    if body is not None:
        lines += ["Content-Type: application/json", "", body]
    return "\r\n".join(lines) + ("" if body is not None else "\r\n\r\n")


def run_sqlmap(reports, name, request, extra=()):
    """(what sqlmap found, which parameters it looked at)"""
    file = reports / f"{name}.http"
    file.write_text(request)
    command = ["sqlmap", "-r", str(file), "--batch", "--ignore-stdin", "--flush-session", "--level", "1", "--risk", "1", "--technique",
               "BEUT", "--time-sec", "2", "--threads", "4", "--disable-coloring", "--ignore-code", "*", "--output-dir",
               str(reports / "sqlmap"), "--skip-waf", *extra]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=1800)
    (reports / f"{name}.log").write_text(answer.stdout + answer.stderr)
    found = re.findall(r"^Parameter: (.+)$", answer.stdout, re.M)
    looked_at = set(re.findall(r"testing (?:for SQL injection on|if) (?:\(custom\) )?\w+ parameter '([^']+)'", answer.stdout))
    return found, looked_at


def scan_with_sqlmap(base, reports):
    token = subprocess.run([os.environ["PROGRAM_UNDER_SCAN"], "token", "create", "--role", "admin"], check=True,
                           capture_output=True, text=True).stdout.split()[-1]
    document = json.load(urllib.request.urlopen(base + "/api/v1/openapi.json"))
    failures, parameters = 0, 0
    for method, path, names, query, body in samples.operations(document):
        if not names and not query and body is None:
            continue
        name = f"sqlmap-{method}{re.sub(r'[^a-z0-9]+', '-', path)}"
        request = make_request(base, method, path, names, query, body, token)
        found, looked_at = run_sqlmap(reports, name, request)
        parameters += len(looked_at)
        print(f"sqlmap: {method} {path}: {len(looked_at)} parameters", flush=True)
        if len(looked_at) < len(names) + len(query) + (body is not None):
            print(f"  it looked at {sorted(looked_at)} only")
            failures += 1
        failures += report(f"sqlmap {method} {path}", [{"category": "SQL injection", "what": one} for one in found]) if found else 0
    print(f"sqlmap: {parameters} parameters in all")
    return failures


def scan_control(_, reports):
    """Both tools must find the holes of a server that has them."""
    base = control.start()
    findings, _ = run_wapiti(base, reports, "control", None, [""])
    categories = {one["category"] for one in findings}
    request = f"GET /item?id=1 HTTP/1.1\r\nHost: {urllib.parse.urlsplit(base).netloc}\r\n\r\n"
    found, _ = run_sqlmap(reports, "control", request)
    seen = {"script injection by wapiti": "Cross Site Scripting" in categories, "SQL injection by sqlmap": bool(found)}
    for what, there in seen.items():
        print(f"control: {what}: {'found' if there else 'NOT FOUND'}")
    return sum(not there for there in seen.values())


SCANS = {"control": scan_control, "wapiti": scan_with_wapiti, "sqlmap": scan_with_sqlmap}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=pathlib.Path, required=True)
    parser.add_argument("--scans", default=" ".join(SCANS))
    parser.add_argument("base")
    arguments = parser.parse_args()
    failures = 0
    for name in arguments.scans.split():
        started = time.monotonic()
        failures += SCANS[name](arguments.base.rstrip("/"), arguments.reports)
        print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
    alive = urllib.request.urlopen(arguments.base + "/readyz").status == 200
    print("nothing unexplained" if failures == 0 and alive else f"{failures} to explain")
    sys.exit(0 if failures == 0 and alive else 1)


if __name__ == "__main__":
    main()
