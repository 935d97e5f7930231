#include "calendar/reply.h"

#include <algorithm>
#include <utility>

#include "calendar/foreign_calendar.h"
#include "service/domain/text_within.h"

namespace narada::calendar {
namespace {

constexpr std::size_t kMostAttendees = 50;
constexpr std::size_t kLongestText = 4'000;  // octets
constexpr int kHighestSequence = 1'000'000;

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return result;
}

std::string text_or_empty(const char* text) {
  return text ? domain::text_within(text, kLongestText) : std::string();
}

// "MAILTO:jan@urzad.example" gives the address; anything else nothing.
std::string address_of(const char* uri) {
  std::string text = text_or_empty(uri);
  constexpr std::string_view kScheme = "MAILTO:";
  if (!upper(text).starts_with(kScheme)) return {};
  text.erase(0, kScheme.size());
  const auto end = text.find_first_of("?> \t");
  return text.substr(0, end);
}

const char* first_parameter(icalproperty* property, icalparameter_kind kind,
                            const char* (*get)(const icalparameter*)) {
  icalparameter* parameter = icalproperty_get_first_parameter(property, kind);
  return parameter ? get(parameter) : nullptr;
}

std::string partstat_of(icalproperty* property) {
  icalparameter* parameter = icalproperty_get_first_parameter(property, ICAL_PARTSTAT_PARAMETER);
  if (!parameter) return {};
  switch (icalparameter_get_partstat(parameter)) {
    case ICAL_PARTSTAT_ACCEPTED:
      return "ACCEPTED";
    case ICAL_PARTSTAT_DECLINED:
      return "DECLINED";
    case ICAL_PARTSTAT_TENTATIVE:
      return "TENTATIVE";
    case ICAL_PARTSTAT_DELEGATED:
      return "DELEGATED";
    case ICAL_PARTSTAT_NEEDSACTION:
      return "NEEDS-ACTION";
    default:
      return "OTHER";
  }
}

Reply::Attendee attendee_of(icalproperty* property) {
  Reply::Attendee attendee;
  attendee.email = address_of(icalproperty_get_attendee(property));
  attendee.name = text_or_empty(first_parameter(property, ICAL_CN_PARAMETER, icalparameter_get_cn));
  attendee.partstat = partstat_of(property);
  attendee.delegated_to = address_of(
      first_parameter(property, ICAL_DELEGATEDTO_PARAMETER, icalparameter_get_delegatedto));
  attendee.delegated_from = address_of(
      first_parameter(property, ICAL_DELEGATEDFROM_PARAMETER, icalparameter_get_delegatedfrom));
  return attendee;
}

icalcomponent* calendar_of(icalcomponent* root) {
  if (icalcomponent_isa(root) == ICAL_VCALENDAR_COMPONENT) return root;
  return icalcomponent_get_first_component(root, ICAL_VCALENDAR_COMPONENT);
}

// By its text: libical knows methods that it reads as others, and leaves unknown ones out.
std::string method_of(icalcomponent* calendar) {
  icalproperty* property = first(calendar, ICAL_METHOD_PROPERTY);
  if (!property) return {};
  const Text text(icalproperty_get_value_as_string_r(property));
  return upper(text_or_empty(text.get()));
}

std::optional<domain::Instant> instant_of(icalcomponent* event, icalproperty_kind kind,
                                          icaltimetype (*get)(const icalproperty*)) {
  icalproperty* property = first(event, kind);
  if (!property) return std::nullopt;
  const auto moment = moment_of(property, get(property));
  if (!moment) return std::nullopt;
  return moment->instant();
}

Reply read_event(icalcomponent* event) {
  Reply reply;
  reply.uid = domain::text_within(uid_of(event), kLongestText);
  if (icalproperty* sequence = first(event, ICAL_SEQUENCE_PROPERTY))
    reply.sequence = std::clamp(icalproperty_get_sequence(sequence), -1, kHighestSequence);
  reply.dtstamp = instant_of(event, ICAL_DTSTAMP_PROPERTY, icalproperty_get_dtstamp);
  reply.starts = instant_of(event, ICAL_DTSTART_PROPERTY, icalproperty_get_dtstart);
  reply.ends = instant_of(event, ICAL_DTEND_PROPERTY, icalproperty_get_dtend);
  if (icalproperty* organizer = first(event, ICAL_ORGANIZER_PROPERTY))
    reply.organizer = address_of(icalproperty_get_organizer(organizer));
  if (icalproperty* comment = first(event, ICAL_COMMENT_PROPERTY))
    reply.comment = text_or_empty(icalproperty_get_comment(comment));
  each(event, ICAL_ATTENDEE_PROPERTY, [&](icalproperty* one) {
    if (reply.attendees.size() < kMostAttendees) reply.attendees.push_back(attendee_of(one));
  });
  return reply;
}

}  // namespace

std::optional<Reply> parse_reply(std::string_view text) {
  const Component root = parse_foreign(text, kMostReplyOctets);
  if (!root) return std::nullopt;
  icalcomponent* calendar = calendar_of(root.get());
  icalcomponent* event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
  const auto method = method_of(calendar);
  if (!event || method.empty()) return std::nullopt;
  Reply reply = read_event(event);
  reply.method = method;
  return reply;
}

}  // namespace narada::calendar
