"""The calendars of a number of people, each of which knows nothing but the mails that it gets.

usage: calendar_client.py

One JSON object a line on standard input, {"mails": [[person, message], …]}, messages as RFC 5322
text in the order of their arrival; one line out, {person: {uid: entry}} with what each calendar
shows in the end. Of two objects of one UID the one with the higher SEQUENCE counts, of equal ones
that with the later DTSTAMP (RFC 5546 2.1.5); what is older is dropped, also after a CANCEL. Each
line starts with empty calendars. "ready" is printed first.
"""

import email
import email.policy
import json
import sys

import icalendar


def calendar_part(message):
    """The object of the text/calendar part, whose method parameter must equal METHOD."""
    for part in email.message_from_string(message, policy=email.policy.SMTP).walk():
        if part.get_content_type() != "text/calendar":
            continue
        calendar = icalendar.Calendar.from_ical(part.get_content())
        if part.get_param("method") != str(calendar["METHOD"]):
            raise ValueError("the part and the object name different methods")
        return calendar
    return None


def text(value):
    return None if value is None else str(value)


def raw(value):
    return None if value is None else value.to_ical().decode()


def entry_of(calendar):
    events = calendar.walk("VEVENT")
    if len(events) != 1:
        raise ValueError(f"{len(events)} VEVENTs in one message")
    event = events[0]
    return str(event["UID"]), {
        "sequence": int(event["SEQUENCE"]),
        "dtstamp": raw(event["DTSTAMP"]),
        "present": str(calendar["METHOD"]) == "REQUEST",
        "status": text(event.get("STATUS")),
        "starts": raw(event.get("DTSTART")),
        "ends": raw(event.get("DTEND")),
        "place": text(event.get("LOCATION")),
        "way_in": text(event.get("CONFERENCE")),
    }


def take(entries, uid, entry):
    known = entries.get(uid)
    if known is None or (known["sequence"], known["dtstamp"]) < (entry["sequence"],
                                                                 entry["dtstamp"]):
        entries[uid] = entry


def read(line):
    calendars = {}
    for person, message in json.loads(line)["mails"]:
        calendar = calendar_part(message)
        if calendar is not None:
            take(calendars.setdefault(person, {}), *entry_of(calendar))
    return calendars


def main():
    print("ready", flush=True)
    for line in sys.stdin:
        try:
            answer = read(line)
        except Exception as error:  # a broken mail is what the test is to see
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
