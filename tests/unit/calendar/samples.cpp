#include "tests/unit/calendar/samples.h"

#include "calendar/event.h"
#include "calendar/zone.h"

namespace narada::calendar {
namespace {

domain::WallTime wall(const char* text) { return parse_wall_time(text).value(); }
domain::Instant instant(const char* text) { return parse_rfc3339(text).value(); }

Attendee attendee(const char* name, const char* email) {
  Attendee user;
  user.name = name;
  user.email = email;
  return user;
}

Event session(const char* uid, const char* starts, const char* ends) {
  Event event;
  event.uid = uid;
  event.dtstamp = instant("2026-11-02T07:15:00Z");
  event.last_modified = instant("2026-11-02T07:14:30Z");
  event.created = instant("2026-10-01T10:00:00Z");
  event.starts = wall(starts);
  event.ends = wall(ends);
  event.summary = "Szkoła prototypowania: warsztat 1, „Gęś; żółw; źdźbło”";
  event.description =
      "Program:\n09:30 – powitanie, kawa; 10:00 – praca w grupach\n\nPrzynieś \"mapę\" i ścieżkę "
      "C:\\plany. Zażółć gęślą jaźń, a potem jeszcze raz: zażółć gęślą jaźń 🐢.";
  event.location = "Urząd Miejski, ul. Zwycięstwa 21, sala 12; Gliwice";
  event.geo = domain::GeoPoint{50.29449, 18.67138};
  event.url = "https://narada.example/spotkania/warsztat-1?x=1,2;y";
  event.categories = {"Mobilność", "Szkoła prototypowania"};
  event.related_to = "cykl-7@narada.example";
  event.organizer = CalendarUser{"Biuro Metropolii, GZM", "narada@metropolia.example"};
  return event;
}

Event january() {
  Event event = session("spotkanie-41@narada.example", "2027-01-21T09:30", "2027-01-21T13:30");
  event.attendees = {attendee("Łucja Żółkiewska-Śledź", "l.zolkiewska@gmina.example")};
  event.alarm_minutes = {24 * 60, 90};
  return event;
}

Event july() {
  Event event = january();
  event.sequence = 1;
  event.starts = wall("2027-07-20T09:30");
  event.ends = wall("2027-07-20T13:30");
  event.conference_url = "https://wideo.example/sala?klucz=a,b;c";
  event.conference_label = "Dołącz: sala \"Żubr\", kanał 1";
  return event;
}

Event cancelled() {
  Event event = july();
  event.sequence = 2;
  event.description = "Spotkanie odwołane.";
  return event;
}

Event all_day() {
  Event event = session("spotkanie-42@narada.example", "2027-04-13T00:00", "2027-04-15T00:00");
  event.all_day = true;
  event.summary = "Wizyta studyjna";
  return event;
}

Event online() {
  Event event = session("spotkanie-43@narada.example", "2027-02-16T10:00", "2027-02-16T11:30");
  event.summary = "Webinarium";
  event.location.clear();
  event.geo.reset();
  event.conference_url = "https://wideo.example/webinarium";
  event.conference_label = "Webinarium";
  event.attendees = {attendee("Jan \"Żaba\" Kowalski", "jan@gmina.example")};
  return event;
}

Event repeated_hour() {
  Event event = session("spotkanie-44@narada.example", "2026-10-25T02:30", "2026-10-25T04:00");
  event.summary = "Nocny spacer badawczy";
  return event;
}

Event hostile() {
  using namespace std::string_literals;
  Event event = january();
  event.uid = "spotkanie-45@narada.example";
  event.summary = "a\r\nATTENDEE:mailto:evil@example.org\0b \xE2\x80\xAE \\p \" ^n"s;
  event.description = "END:VEVENT\r\nEND:VCALENDAR\r\nBEGIN:VCALENDAR\x07\x7F\t;,\\"s;
  event.location = "x\rDTSTART:19700101T000000Z\nEND:VEVENT";
  event.url = "https://narada.example/\r\nATTENDEE:mailto:evil@example.org";
  event.categories = {"Energia, klimat", "a\r\nX-EVIL:1"};
  event.conference_url = "javascript:alert(1)";
  event.organizer =
      CalendarUser{"A\";X-EVIL=1:mailto:evil@example.org\r\nX-EVIL:2", "o@metropolia.example"};
  event.attendees = {attendee("B\r\nATTENDEE:mailto:evil@example.org", "b@gmina.example"),
                     attendee("C", "c@gmina.example\r\nATTENDEE:mailto:evil@example.org")};
  return event;
}

Event in_zone(const char* tzid, const char* uid, const char* starts, const char* ends) {
  Event event = session(uid, starts, ends);
  event.tzid = tzid;
  event.summary = tzid;
  return event;
}

Feed feed() {
  Feed feed;
  feed.name = "Narada: spotkania, cykle; gminy";
  feed.description = "Wszystkie spotkania\nw jednym kalendarzu";
  feed.source_url = "https://narada.example/kalendarz.ics?temat=mobilnosc";
  feed.refresh_minutes = 90;
  Event off = cancelled();
  off.status = EventStatus::cancelled;
  feed.events = {online(), all_day(), off, january()};
  feed.events[3].uid = "spotkanie-46@narada.example";
  return feed;
}

// Winter and summer in zones of each kind: north, south, without change, against the sun, UTC.
Feed zones() {
  Feed feed;
  feed.name = "Strefy";
  feed.events = {
      in_zone("Europe/Warsaw", "waw-1@narada.example", "2027-01-21T09:30", "2027-01-21T10:30"),
      in_zone("Europe/Warsaw", "waw-7@narada.example", "2027-07-21T09:30", "2027-07-21T10:30"),
      in_zone("Europe/Dublin", "dub-1@narada.example", "2027-01-21T09:30", "2027-01-21T10:30"),
      in_zone("Europe/Dublin", "dub-7@narada.example", "2027-07-21T09:30", "2027-07-21T10:30"),
      in_zone("America/New_York", "nyc-1@narada.example", "2027-01-21T09:30", "2027-01-21T10:30"),
      in_zone("America/New_York", "nyc-7@narada.example", "2027-07-21T09:30", "2027-07-21T10:30"),
      in_zone("Australia/Sydney", "syd-1@narada.example", "2027-01-21T09:30", "2027-01-21T10:30"),
      in_zone("Australia/Sydney", "syd-7@narada.example", "2027-07-21T09:30", "2027-07-21T10:30"),
      in_zone("Asia/Tokyo", "tyo-7@narada.example", "2027-07-21T09:30", "2027-07-21T10:30"),
      in_zone("Africa/Casablanca", "cas-7@narada.example", "2027-07-21T09:30", "2027-07-21T10:30"),
      in_zone("UTC", "utc-7@narada.example", "2027-07-21T09:30", "2027-07-21T10:30"),
  };
  return feed;
}

}  // namespace

std::vector<Sample> write_samples() {
  return {
      {"request_january", write_itip(ItipMethod::request, january())},
      {"request_july", write_itip(ItipMethod::request, july())},
      {"cancel", write_itip(ItipMethod::cancel, cancelled())},
      {"publish", write_itip(ItipMethod::publish, july())},
      {"all_day", write_itip(ItipMethod::publish, all_day())},
      {"online", write_itip(ItipMethod::request, online())},
      {"repeated_hour", write_itip(ItipMethod::publish, repeated_hour())},
      {"hostile", write_itip(ItipMethod::request, hostile())},
      {"feed", write_feed(feed())},
      {"zones", write_feed(zones())},
  };
}

}  // namespace narada::calendar
