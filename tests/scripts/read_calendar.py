"""Reads calendar files with python3-icalendar, vobject and khal: do they find what was meant?

usage: read_calendar.py EXPECTED.json DIRECTORY…

Each directory holds NAME.ics for every name in the file. A difference is printed and makes the exit
status 1. Zones are read twice: by their names, and by the VTIMEZONE alone.
"""

import datetime
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import zoneinfo

import icalendar
import vobject

UTC = datetime.timezone.utc
WARSAW = zoneinfo.ZoneInfo("Europe/Warsaw")


def in_utc(value):
    if not isinstance(value, datetime.datetime):
        return value.isoformat()
    if value.tzinfo is None:
        return value.isoformat() + " floating"
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def as_list(value):
    return [] if value is None else value if isinstance(value, list) else [value]


def text(value):
    return None if value is None else str(value)


def user(address):
    assert str(address).startswith("mailto:"), address
    return {"email": str(address)[len("mailto:"):], "name": address.params.get("CN")}


def attendee(address):
    assert address.params["ROLE"] == "REQ-PARTICIPANT" and address.params["CUTYPE"] == "INDIVIDUAL"
    return dict(user(address), partstat=address.params["PARTSTAT"],
                rsvp=address.params.get("RSVP") == "TRUE")


def conference(link):
    if link is None:
        return None
    assert link.params["VALUE"] == "URI" and link.params["FEATURE"] == "VIDEO", link.params
    return {"url": str(link), "label": link.params["LABEL"]}


def describe_event(event):
    # This reader takes an escaped comma for the separator, so the comma is given back here.
    categories = [",".join(map(str, prop.cats)) for prop in as_list(event.get("CATEGORIES"))]
    geo = event.get("GEO")
    alarms = [alarm["TRIGGER"].to_ical().decode() for alarm in event.walk("VALARM")]
    return {
        "uid": text(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "status": text(event["STATUS"]),
        "starts": in_utc(event["DTSTART"].dt),
        "ends": in_utc(event["DTEND"].dt),
        "summary": text(event["SUMMARY"]),
        "description": text(event.get("DESCRIPTION")),
        "location": text(event.get("LOCATION")),
        "url": text(event.get("URL")),
        "categories": categories,
        "related_to": text(event.get("RELATED-TO")),
        "organizer": user(event["ORGANIZER"]),
        "attendees": [attendee(address) for address in as_list(event.get("ATTENDEE"))],
        "conference": conference(event.get("CONFERENCE")),
        "alarms": alarms,
        "geo": None if geo is None else [geo.latitude, geo.longitude],
    }


def describe(calendar):
    found = {"method": text(calendar["METHOD"]),
             "events": [describe_event(event) for event in calendar.walk("VEVENT")]}
    for key, name in (("name", "NAME"), ("description", "DESCRIPTION"), ("source", "SOURCE")):
        if name in calendar:
            found[key] = text(calendar[name])
    if "REFRESH-INTERVAL" in calendar:
        found["refresh"] = text(calendar["REFRESH-INTERVAL"])
        assert text(calendar["X-PUBLISHED-TTL"]) == found["refresh"]
    if "NAME" in calendar:
        assert text(calendar["X-WR-CALNAME"]) == found["name"]
    return found


def hide_zone_names(ics, file):
    """The same zones under names that no library knows, so that only the VTIMEZONE can tell. The
    file is part of the name, because the reader keeps each zone that it has seen."""
    prefix = re.sub(r"[^A-Za-z]", "-", str(file))
    return re.sub(r"(TZID[:=])([A-Za-z_]+)/([A-Za-z_]+)", rf"\1{prefix}/\2-\3", ics)


def differences(expected, found, path=""):
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in sorted(expected.keys() | found.keys()):
            yield from differences(expected.get(key), found.get(key), f"{path}.{key}")
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for index, pair in enumerate(zip(expected, found)):
            yield from differences(*pair, f"{path}[{index}]")
    elif expected != found:
        yield f"{path}: expected {expected!r}, found {found!r}"


def check_with_icalendar(file, expected):
    ics = file.read_bytes().decode("utf-8")
    calendar = icalendar.Calendar.from_ical(ics)
    yield from differences(expected, describe(calendar))
    hidden = icalendar.Calendar.from_ical(hide_zone_names(ics, file))
    yield from (f" (VTIMEZONE){line}" for line in differences(expected, describe(hidden)))
    again = icalendar.Calendar.from_ical(calendar.to_ical())
    yield from (f" (written again){line}" for line in differences(expected, describe(again)))


def vobject_time(value):
    if isinstance(value, datetime.datetime):
        # A zone that the library has read out of the VTIMEZONE.
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value.tzinfo else (
            value.isoformat() + " floating")
    return value.isoformat()


def vobject_text(event, name):
    return getattr(event, name).value if hasattr(event, name) else None


def describe_with_vobject(event):
    return {
        "uid": event.uid.value,
        "sequence": int(event.sequence.value),
        "status": event.status.value,
        "starts": vobject_time(event.dtstart.value),
        "ends": vobject_time(event.dtend.value),
        "summary": event.summary.value,
        "description": vobject_text(event, "description"),
        "location": vobject_text(event, "location"),
        "url": vobject_text(event, "url"),
        "organizer": event.organizer.value.removeprefix("mailto:"),
        "attendees": [one.value.removeprefix("mailto:")
                      for one in getattr(event, "attendee_list", [])],
        "alarms": len(getattr(event, "valarm_list", [])),
    }


def check_with_vobject(file, expected):
    calendar = vobject.readOne(file.read_bytes().decode("utf-8"))
    found = {"method": calendar.method.value,
             "events": [describe_with_vobject(event) for event in
                        getattr(calendar, "vevent_list", [])]}
    wanted = {"method": expected["method"], "events": [
        {**{key: event[key] for key in found["events"][0] if key in event},
         "organizer": event["organizer"]["email"],
         "attendees": [one["email"] for one in event["attendees"]],
         "alarms": len(event["alarms"])} for event in expected["events"]]} if found["events"] else {
             "method": expected["method"], "events": expected["events"]}
    yield from (f" (vobject){line}" for line in differences(wanted, found))


def khal(directory, *arguments):
    run = subprocess.run(["khal", "-c", directory / "config", *arguments], capture_output=True,
                         text=True, check=False, env={"HOME": str(directory), "LC_ALL": "C.UTF-8",
                                                      "PATH": "/usr/bin:/bin"})
    if run.returncode != 0:
        raise RuntimeError(run.stderr)
    return run.stdout


def on_warsaw_clock(utc):
    moment = datetime.datetime.strptime(utc, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return moment.astimezone(WARSAW).strftime("%Y-%m-%d %H:%M")


def expected_of_khal(event):
    if "T" in event["starts"]:
        return (event["uid"], on_warsaw_clock(event["starts"]), on_warsaw_clock(event["ends"]),
                event["summary"], event["location"] or "")
    last = datetime.date.fromisoformat(event["ends"]) - datetime.timedelta(days=1)
    return (event["uid"], event["starts"], last.isoformat(), event["summary"],
            event["location"] or "")


def check_with_khal(file, expected):
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        (directory / "calendar").mkdir()
        (directory / "config").write_text(
            f"[calendars]\n[[c]]\npath = {directory}/calendar\n"
            "[locale]\nlocal_timezone = Europe/Warsaw\ndefault_timezone = Europe/Warsaw\n"
            "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
            "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
            f"[sqlite]\npath = {directory}/khal.db\n", encoding="utf-8")
        khal(directory, "import", "--batch", "-a", "c", str(file))
        listed = khal(directory, "list", "--once", "--notstarted", "--day-format", "",
                      "--format", "{uid}\x1f{start}\x1f{end}\x1f{title}\x1f{location}\x1e",
                      "2026-10-01", "400d")
    found = {tuple(part.strip(" \n") for part in row.strip(" \n").split("\x1f"))
             for row in listed.split("\x1e") if row.strip(" \n")}
    wanted = {expected_of_khal(event) for event in expected["events"]}
    if found != wanted:
        yield f" (khal) expected {sorted(wanted)}, found {sorted(found)}"


def main():
    expected = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    failed = len(sys.argv) < 3
    for directory in map(pathlib.Path, sys.argv[2:]):
        for name, wanted in expected.items():
            file = directory / f"{name}.ics"
            complaints = [*check_with_icalendar(file, wanted), *check_with_vobject(file, wanted),
                          *check_with_khal(file, wanted)]
            for complaint in complaints:
                print(f"{file}{complaint}")
            failed |= bool(complaints)
        print(f"{directory}: {len(expected)} files read")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
