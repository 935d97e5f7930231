"""A server with holes: what the scanners must find, or their silence about ours means nothing."""

import html
import http.server
import sqlite3
import threading
import urllib.parse

PAGE = """<!DOCTYPE html><title>control</title><a href="/item?id=1">one</a> <a href="/say?text=a">say</a>
<form action="/say"><input name="text"><button>go</button></form>"""


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        status, body = 200, PAGE
        if url.path == "/item":
            try:
                with sqlite3.connect(":memory:") as database:
                    rows = database.execute("SELECT 'row', 2 WHERE 1 = " + query.get("id", "0")).fetchall()
                body = html.escape(repr(rows))
            except sqlite3.Error as error:
                status, body = 500, f"SQLite error: near &quot;{html.escape(str(error))}&quot;: syntax error"
        elif url.path == "/say":
            body = "<p>" + query.get("text", "") + "</p>"
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *arguments):
        pass


def start():
    """The address of a server that lives as long as the process."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"
