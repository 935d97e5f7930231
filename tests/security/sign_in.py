"""Signs a person in as a browser would: the link, the page behind it, its form."""

import html.parser
import http.cookiejar
import os
import subprocess
import urllib.parse
import urllib.request


class FormReader(html.parser.HTMLParser):
    """The fields of the first form that posts."""

    def __init__(self):
        super().__init__()
        self.fields = {}
        self.inside = self.done = False

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "form" and found.get("method", "").lower() == "post" and not self.done:
            self.inside = True
        elif tag == "input" and self.inside:
            kind = found.get("type", "text")
            if kind == "radio" and found.get("name") in self.fields:
                return
            if found.get("name") and kind != "submit":
                self.fields[found["name"]] = found.get("value", "")

    def handle_endtag(self, tag):
        if tag == "form" and self.inside:
            self.inside, self.done = False, True


def sign_in(base, email):
    """The Cookie header of a new session of that person."""
    link = subprocess.run([os.environ["PROGRAM_UNDER_SCAN"], "sign-in-link", "--email", email], check=True,
                          capture_output=True, text=True).stdout.split()[-1]
    cookies = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    reader = FormReader()
    reader.feed(browser.open(link).read().decode())
    request = urllib.request.Request(link, urllib.parse.urlencode(reader.fields).encode(), {"Origin": base})
    browser.open(request).read()
    header = "; ".join(f"{one.name}={one.value}" for one in cookies)
    if "session=" not in header:
        raise RuntimeError(f"{email} did not get in")
    return header
