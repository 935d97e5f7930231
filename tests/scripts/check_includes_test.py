"""tools/check-includes lets a clean tree pass and rejects each kind of forbidden include."""

import pathlib
import subprocess
import sys
import tempfile

CHECK = sys.argv[1]
CASES = [
    # (name, {file: text}, complaint that must appear; None: must pass)
    ("the standard library is free", {"service/domain/a.h": "#include <vector>\n#include <sys/stat.h>\n"}, None),
    ("a folder includes itself", {"sql/a.cpp": '#include "sql/a.h"\n', "sql/a.h": ""}, None),
    ("domain knows no storage", {"service/domain/a.h": '#include "sql/pool.h"\n'},
     "service/domain may not include sql/pool.h"),
    ("http never reaches sql", {"service/http/a.cpp": '#include "sql/pool.h"\n'},
     "service/http may not include sql/pool.h"),
    ("domain knows no library", {"service/domain/a.cpp": "#include <fmt/format.h>\n"},
     "service/domain may not include <fmt/format.h>"),
    ("Pistache stays in its corner", {"service/http/a.cpp": "#include <pistache/peer.h>\n"},
     "<pistache/peer.h> stays in service/http/edge/"),
    ("the connector stays in sql", {"service/usecases/a.cpp": "#include <cppconn/exception.h>\n"},
     "service/usecases may not include <cppconn/exception.h>"),
    ("a library's type inside its folder", {"sql/a.h": "#include <cppconn/exception.h>\n",
                                            "sql/a.cpp": '#include "sql/a.h"\n'}, None),
    ("a library's type leaves its folder through a header",
     {"sql/a.h": "#include <cppconn/exception.h>\n", "sql/b.h": '#include "sql/a.h"\n',
      "service/usecases/a.cpp": '#include "sql/b.h"\n'}, "sql/b.h brings <cppconn/exception.h> out of its folder"),
    ("the page's view is shared", {"web/render.h": "#include <nlohmann/json.hpp>\n",
                                   "service/http/a.cpp": '#include "web/render.h"\n'}, None),
    ("reads of use cases say that the database is away",
     {"service/usecases/a.cpp": "auto a = environment.pool->read(work);\n"},
     "service/usecases/a.cpp: read_database (service/usecases/operations.h) instead of pool->read"),
    ("read_database itself reads the pool",
     {"service/usecases/operations.h": "return environment.pool->read(work);\n"}, None),
    ("other folders and read_database are free",
     {"service/main.cpp": "pool->read(work);\n", "service/usecases/a.cpp": "read_database(environment, work);\n"}, None),
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
