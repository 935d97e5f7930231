"""Reads mails as a receiving program does: structure, charset, headers, and the calendar object.

Arguments: .eml files. Prints each file's first fault and exits with 1 when there is one."""
import re
import sys
from email import policy
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from icalendar import Calendar

NAME = "Żaneta Ćwikła-Łęcka"
ABOUT = "Bogumił Łoś"  # whom a superior, a coordinator or an organizer is told about
ABOUT_ANOTHER = {"consent_asked", "reply_received", "address_bounced", "substitution_proposed",
                 "practice_confirmation_asked"}
METHODS = {"registration_confirmed": "REQUEST", "registration_promoted": "REQUEST",
           "registration_changed": "REQUEST", "meeting_moved": "REQUEST",
           "meeting_dated": "REQUEST", "calendar_repaired": "REQUEST",
           "substitution_refused": "REQUEST", "place_handed_over": "CANCEL", "place_lost": "CANCEL",
           "consent_refused": "CANCEL", "registration_cancelled": "CANCEL", "meeting_cancelled": "CANCEL"}
HEADERS = {"Date", "From", "Reply-To", "Subject", "To", "Message-Id", "Auto-Submitted",
           "Content-Language", "MIME-Version", "Content-Type"}
TITLE = "Prototyp przydziału lokali: zbiórka „żółtych” kart"
# About an account: the recipient's name in the mail, and what the text says.
ACCOUNT = {"sign_in_link": ("", ["/wejscie/TOKEN", "13:15"]),
           "role_invitation": (NAME, ["/wejscie/TOKEN", "13:15", "Szkoła prototypowania 2027"]),
           "email_change": (NAME, ["/wejscie/TOKEN", "13:15", "zaneta.cwikla@gliwice.example"]),
           "new_sign_in": (NAME, ["/moje", "Firefox, Windows", "192.0.2.0/24", "13:00"]),
           "account_erased": (NAME, [NAME]),
           "email_changed": (NAME, [NAME, "13:00"]),
           "credentials_changed": (NAME, ["/bezpieczenstwo", "Firefox, Windows", "13:00"])}
# What people can do without, and turn off with one click.
OPTIONAL = {"meeting_announced", "meeting_invitation", "reminder", "survey_asked", "digest",
            "materials_published", "material_replaced", "expert_tasks"}
SUBJECTS = {"organizer_message": {"pl": "Zabierzcie laptopy", "en": "Bring your laptops"},
            "digest": {"pl": "Podsumowanie", "en": "Summary"},
            "material_replaced": {"pl": "Nowa wersja: ", "en": "A new version: "},
            "file_refused": {"pl": "Nie możemy przyjąć pliku: ", "en": "We cannot take this file: "}}
LINKS = {"meeting_announced": "/moje/dane", "consent_asked": "/zgoda/TOKEN",
         "meeting_invitation": "/zapisy?zaproszenie=TOKEN", "survey_asked": "/ankieta/TOKEN",
         "reply_received": "/panel/poczta/odebrane/7", "address_bounced": "/panel/poczta/odebrane/8",
         "substitution_proposed": "/delegacja",
         "materials_published": "/spotkania/prototyp-przydzialu-lokali/materialy",
         "material_replaced": "/materialy/12", "expert_tasks": "/prowadzenie/spotkania/3",
         "file_refused": "/prowadzenie/spotkania/3",
         "practice_proposal_link": "/praktyki/zglos/TOKEN",
         "practice_confirmation_asked": "/praktyki/potwierdzenie/TOKEN",
         "practice_step_told": "/panel/praktyki/5"}
TOKEN = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA"


def expect(what, found, wanted):
    if found != wanted:
        raise AssertionError(f"{what}: {found!r} instead of {wanted!r}")


def check_headers(mail, kind, language):
    headers = HEADERS | ({"List-Unsubscribe", "List-Unsubscribe-Post"} if kind in OPTIONAL else set())
    expect("headers", set(mail.keys()), headers)
    expect("headers once each", len(mail.keys()), len(headers))
    expect("defects", [mail.defects, [header.defects for header in mail.values() if header.defects]],
           [[], []])
    recipient, = mail["To"].addresses
    expect("recipient", (recipient.display_name, recipient.addr_spec),
           (ACCOUNT.get(kind, (NAME,))[0], "zaneta.cwikla@gliwice.example"))
    expect("sender", str(mail["From"]), "Narada <narada@narada.example>")
    expect("reply to", str(mail["Reply-To"]), "Narada <narada@narada.example>")
    expect("title in subject", TITLE in str(mail["Subject"]),
           kind not in ACCOUNT and kind not in SUBJECTS)
    expect("own subject", SUBJECTS.get(kind, {}).get(language, "") in str(mail["Subject"]), True)
    if kind in OPTIONAL:
        expect("way out", re.fullmatch(r"<https://narada\.example(/en)?/wypisz/" + TOKEN + ">",
                                       str(mail["List-Unsubscribe"])) is not None, True)
        expect("one click", str(mail["List-Unsubscribe-Post"]), "List-Unsubscribe=One-Click")
    expect("a subject", "[" in str(mail["Subject"]) or not str(mail["Subject"]), False)
    expect("language", mail["Content-Language"], language)
    expect("automatic", mail["Auto-Submitted"], "auto-generated")
    expect("date", parsedate_to_datetime(mail["Date"]).isoformat(), "2027-01-10T12:00:00+00:00")
    expect("message id", bool(re.fullmatch(r"<[0-9a-f]{32}@narada\.example>", mail["Message-Id"])),
           True)


def words_of(kind, language):
    if kind in ACCOUNT:
        return [word.replace("TOKEN", TOKEN) for word in ACCOUNT[kind][1]]
    if kind == "digest":
        return ["/panel", "/wypisz/" + TOKEN]
    link = LINKS.get(kind, "/z/TOKEN").replace("TOKEN", TOKEN)
    person = ABOUT if kind in ABOUT_ANOTHER else NAME
    if kind.startswith("practice_"):
        return [TITLE, person, link]
    return [TITLE, person, "10:00–14:00", link,
            "stycznia 2027" if language == "pl" else "January 2027"]


def check_text(part, kind, language):
    expect("charset", part.get_content_charset(), "utf-8")
    text = part.get_content()
    for word in words_of(kind, language):
        expect(f"{word} in {part.get_content_type()}", word in text, True)
    expect("gaps in the text", "[mail." in text or "{" in re.split(r"<body[^>]*>", text)[-1], False)
    if part.get_content_subtype() == "html":
        expect("language of the page", f'<html lang="{language}">' in text, True)
        expect("sources from elsewhere", re.findall(r"<img|src=|url\(|@import|<script", text), [])


def check_calendar(part, method):
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    expect("charset", part.get_content_charset(), "utf-8")
    expect("METHOD", str(calendar["METHOD"]), method)
    event, = calendar.walk("VEVENT")
    expect("SUMMARY", str(event["SUMMARY"]), TITLE)
    expect("UID", str(event["UID"]), "7d1c2b3a-4f5e-4a6b-8c7d-9e0f1a2b3c4d@narada.example")
    expect("DTSTART", event["DTSTART"].dt.isoformat()[:19], "2027-01-19T10:00:00")
    expect("DTSTAMP", event["DTSTAMP"].dt.isoformat(), "2027-01-10T12:00:00+00:00")
    expect("STATUS", str(event["STATUS"]), "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    expect("attendee", str(event["ATTENDEE"]), "mailto:zaneta.cwikla@gliwice.example")


def shape(part):
    if not part.is_multipart():
        return part.get_content_type()
    return [part.get_content_type(), *map(shape, part.iter_parts())]


def check(path):
    kind, language = re.search(r"([a-z_]+)\.(pl|en)\.eml$", path).groups()
    with open(path, "rb") as file:
        mail = BytesParser(policy=policy.default).parse(file)
    check_headers(mail, kind, language)
    method = METHODS.get(kind)
    alternative = ["multipart/alternative", "text/plain", "text/html"]
    if method is None:
        expect("structure", shape(mail), alternative)
        parts = list(mail.iter_parts())
    else:
        expect("structure", shape(mail),
               ["multipart/mixed", alternative + ["text/calendar"], "text/calendar"])
        inner, attachment = mail.iter_parts()
        parts = list(inner.iter_parts())
        expect("method=", parts[2].get_param("method"), method)
        expect("method= of the attachment", attachment.get_param("method"), None)
        expect("file name", attachment.get_filename(), "invite.ics")
        check_calendar(parts[2], method)
        check_calendar(attachment, method)
    for part in parts[:2]:
        check_text(part, kind, language)


failed = False
for name in sys.argv[1:]:
    try:
        check(name)
    except Exception as error:  # whatever a parser throws is a fault of the mail
        failed = True
        print(f"{name}: {type(error).__name__}: {error}")
sys.exit(failed or len(sys.argv) < 2)
