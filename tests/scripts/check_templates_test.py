"""tools/check-templates lets a clean tree pass and rejects each kind of broken template or text."""

import json
import pathlib
import subprocess
import sys
import tempfile

CHECK = sys.argv[1]
PRAGMA = '{{%AUTOESCAPE context="HTML"}}\n'
PAGE = "web/pages/a.html"


def page(text):
    return {PAGE: PRAGMA + text}


def texts(polish, english=None):
    return {"web/locales/pl/a.json": json.dumps(polish),
            "web/locales/en/a.json": json.dumps(polish if english is None else english)}


CASES = [
    # (name, {file: text}, complaint that must appear; None: must pass)
    ("a plain page", page("<p>{{name}} {{t_a__b}}</p>") | texts({"a.b": "It's"}), None),
    ("a page without the pragma", {PAGE: "<p>{{name}}</p>"}, "web/pages/a.html: does not start with"),
    ("a mail without the pragma", {"web/mail/a.html": "<p>"}, "web/mail/a.html: does not start with"),
    ("the pragma on the second line", {PAGE: "\n" + PRAGMA}, "does not start with"),
    ("a style attribute in a mail", {"web/mail/a.html": PRAGMA + '<p style="color:red">'}, None),
    ("a value in a style of a mail", {"web/mail/a.html": PRAGMA + '<p style="color:{{x}}">'}, "a value inside a style"),
    ("a picture in a mail", {"web/mail/a.html": PRAGMA + '<img alt="">'}, "something from elsewhere"),
    ("a background of a mail from elsewhere", {"web/mail/a.html": PRAGMA + '<p style="background:url(x)">'},
     "something from elsewhere"),
    ("an event handler in a mail", {"web/mail/a.html": PRAGMA + '<a onclick="x()">'}, "event handler"),
    ("a style attribute", page('<p style="color:red">'), "style= attribute"),
    ("a style attribute on a line of its own", page("<p\n style='color:red'>"), "style= attribute"),
    ("the word style in a text", page("<p>style=5</p>"), None),
    ("an event handler", page('<a onclick="x()">'), "event handler"),
    ("a javascript: address", page('<a href="javascript:x()">'), "javascript: or data: address"),
    ("an inline script", page("<script>x()</script>"), "inline script"),
    ("an inline module", page('<script type="module">x()</script>'), "inline script"),
    ("a script from a file", page('<script type="module" src="{{asset_a_js}}"></script>'), None),
    ("structured data", page('<script type="application/ld+json">{}</script>'), None),
    ("an inline style sheet in a page", page("<style>p{}</style>"), "inline style sheet"),
    ("an inline style sheet in a mail", {"web/mail/a.html": PRAGMA + "<style>p{}</style>"}, None),
    ("unescaped output", page("{{name:none}}"), "{{name:none}} is not escaped"),
    ("a part that is there", page("{{>b}}") | {"web/pages/b.html": PRAGMA}, None),
    ("a part that is not there", page("{{>b}}"), "there is no part b.html"),
    ("sections that overlap", page("{{#a}}{{#b}}{{/a}}{{/b}}"), "{{/a}} closes another section"),
    ("a section that stays open", page("{{#a}}"), "{{#a}} is not closed"),
    ("a key without text in English", page("{{t_a__b}}") | texts({"a.b": "x"}, {}),
     "web/pages/a.html: a.b has no text in en"),
    ("a key without text in Polish", page("{{t_a__b}}") | texts({}, {"a.b": "x"}),
     "web/pages/a.html: a.b has no text in pl"),
    ("a template cannot give arguments", page("{{t_a__b}}") | texts({"a.b": "{n}"}), "takes arguments"),
    ("a key that only Polish has", texts({"a.b": "x"}, {}), "a.b: in pl, not in en"),
    ("a key that only English has", texts({}, {"a.b": "x"}), "a.b: in en, not in pl"),
    ("a key without words", texts({"a.b": " "}), "a.b has no text"),
    ("a key that is there twice", texts({"a.b": "x"}) | {"web/locales/pl/b.json": '{"a.b": "y"}'},
     "a.b is there twice"),
    ("a file that is not JSON", texts({}) | {"web/locales/pl/b.json": "{"}, "web/locales/pl/b.json:"),
    ("other arguments in the other language", texts({"a.b": "{x}"}, {"a.b": "{y}"}), "different arguments"),
    ("a key that the code names", {"service/http/pages/a.cpp": 'page.text("a.b")'}, "a.b has no text in pl"),
    ("a prefix that the code completes", {"service/http/pages/a.cpp": 'page.text("a.b" + name)'}, None),
    ("a whole plural", texts({"a.b": "{n, plural, one {#} few {#} many {#} other {#}}"},
                             {"a.b": "{n, plural, one {#} other {#}}"}), None),
    ("an exact number beside the categories",
     texts({"a.b": "{n, plural, =0 {x} one {#} few {#} many {#} other {#}}"},
           {"a.b": "{n, plural, one {#} other {#}}"}), None),
    ("Polish without 'few'", texts({"a.b": "{n, plural, one {#} many {#} other {#}}"},
                                   {"a.b": "{n, plural, one {#} other {#}}"}), "needs few, many, one, other"),
    ("Polish without 'many', inside a select",
     texts({"a.b": "{s, select, yes {{n, plural, one {#} few {#} other {#}}} other {}}"},
           {"a.b": "{s, select, yes {{n, plural, one {#} other {#}}} other {}}"}), "a.b (pl): plural of n"),
    ("English with 'few'", texts({"a.b": "{n, plural, one {#} few {#} many {#} other {#}}"}),
     "a.b (en): plural of n"),
    ("a plural without 'other'", texts({"a.b": "{n, plural, one {#} few {#} many {#}}"},
                                       {"a.b": "{n, plural, one {#} other {#}}"}), "no branch 'other'"),
    ("a brace that stays open", texts({"a.b": "{n, plural, one {# other {#}}"}), "a.b (pl):"),
    ("a brace in quotes", texts({"a.b": "'{'x'}'"}), None),
]

failed = 0
for name, files, complaint in CASES:
    with tempfile.TemporaryDirectory() as directory:
        for path, text in files.items():
            file = pathlib.Path(directory, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        run = subprocess.run([CHECK, directory], capture_output=True, text=True, check=False)
    good = run.returncode == 0 if complaint is None else run.returncode == 1 and complaint in run.stdout
    if not good:
        failed += 1
        print(f"FAILED {name}: {run.returncode} {run.stdout}{run.stderr}")
print(f"{len(CASES) - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
