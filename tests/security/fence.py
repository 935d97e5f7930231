"""A proxy that answers 404 for what a scan must not touch (signing out, erasing itself) and passes the
rest on. The scanner's own way of leaving addresses out fails on the Python of Debian 12."""

import http.client
import http.server
import re
import threading
import urllib.parse

FORM = re.compile(r"<form\b.*?</form>", re.S)
HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "accept-encoding", "keep-alive"}


class Fence(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, target, left_out):
        self.target = urllib.parse.urlsplit(target).netloc
        self.left_out = left_out
        self.answers = {}  # status: how many
        self.paths = set()
        self.unguarded = set()  # pages with a form that posts without its token
        super().__init__(("127.0.0.1", 0), Passing)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Passing(http.server.BaseHTTPRequestHandler):
    def pass_on(self):
        path = urllib.parse.urlsplit(self.path).path
        if any(part in path for part in self.server.left_out):
            self.send_error(404)
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        connection = http.client.HTTPConnection(self.server.target, timeout=60)
        try:
            connection.request(self.command, self.path, body or None, headers)
            answer = connection.getresponse()
            content = answer.read()
            status, kept = answer.status, answer.getheaders()
        except (OSError, http.client.HTTPException, ValueError) as error:
            status, kept, content = 502, [], str(error).encode()
        finally:
            connection.close()
        self.look_at(path, kept, content)
        self.server.answers[status] = self.server.answers.get(status, 0) + 1
        self.send_response(status)
        for name, value in kept:
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def look_at(self, path, headers, content):
        self.server.paths.add(path)
        if not any(name.lower() == "content-type" and "html" in value for name, value in headers):
            return
        for form in FORM.findall(content.decode(errors="replace")):
            if 'method="post"' in form and 'name="form_token"' not in form:
                self.server.unguarded.add(path)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = pass_on

    def log_message(self, *arguments):
        pass
