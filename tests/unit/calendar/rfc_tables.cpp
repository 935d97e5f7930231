#include "tests/unit/calendar/rfc_tables.h"

#include <algorithm>

namespace narada::calendar {
namespace {

using enum ValueType;

// RFC 5545 3.7, 3.8 and RFC 7986 5, as far as anything here writes them.
const std::vector<PropertyRule>& properties() {
  static const std::vector<PropertyRule> rules{
      {"PRODID", text, {}},
      {"VERSION", word, {}, {"2.0"}},
      {"CALSCALE", word, {}, {"GREGORIAN"}},
      {"METHOD", word, {}, {"PUBLISH", "REQUEST", "CANCEL"}},
      {"NAME", text, {"LANGUAGE", "ALTREP"}},
      {"SOURCE", uri, {"VALUE"}},
      {"REFRESH-INTERVAL", duration, {"VALUE"}},
      {"X-WR-CALNAME", text, {}},
      {"X-PUBLISHED-TTL", duration, {}},
      {"UID", text, {}},
      {"SEQUENCE", integer, {}},
      {"DTSTAMP", utc_time, {}},
      {"CREATED", utc_time, {}},
      {"LAST-MODIFIED", utc_time, {}},
      {"STATUS", word, {}, {"TENTATIVE", "CONFIRMED", "CANCELLED"}},
      {"TRANSP", word, {}, {"OPAQUE", "TRANSPARENT"}},
      {"DTSTART", date_or_time, {"VALUE", "TZID"}},
      {"DTEND", date_or_time, {"VALUE", "TZID"}},
      {"SUMMARY", text, {"LANGUAGE", "ALTREP"}},
      {"DESCRIPTION", text, {"LANGUAGE", "ALTREP"}},
      {"LOCATION", text, {"LANGUAGE", "ALTREP"}},
      {"GEO", coordinates, {}},
      {"URL", uri, {}},
      {"CATEGORIES", text_list, {"LANGUAGE"}},
      {"CONFERENCE", uri, {"VALUE", "FEATURE", "LABEL", "LANGUAGE"}},
      {"RELATED-TO", text, {"RELTYPE"}},
      {"ORGANIZER", cal_address, {"CN", "DIR", "SENT-BY", "LANGUAGE"}},
      {"ATTENDEE",
       cal_address,
       {"CN", "CUTYPE", "ROLE", "PARTSTAT", "RSVP", "DELEGATED-TO", "DELEGATED-FROM", "SENT-BY"}},
      {"ACTION", word, {}, {"DISPLAY"}},
      {"TRIGGER", duration, {"VALUE", "RELATED"}},
      {"TZID", text, {}},
      {"TZNAME", text, {"LANGUAGE"}},
      {"TZOFFSETFROM", utc_offset, {}},
      {"TZOFFSETTO", utc_offset, {}},
      {"RRULE", recurrence, {}},
      {"FREEBUSY", periods, {"FBTYPE"}},
  };
  return rules;
}

// RFC 5545 3.2, RFC 7986 6.
const std::vector<ParameterRule>& parameters() {
  static const std::vector<ParameterRule> rules{
      {"CN"},
      {"LABEL"},
      {"LANGUAGE"},
      {"TZID"},
      {"ALTREP"},
      {"VALUE", {"DATE", "DATE-TIME", "URI", "DURATION"}},
      {"CUTYPE", {"INDIVIDUAL", "GROUP", "RESOURCE", "ROOM", "UNKNOWN"}},
      {"ROLE", {"CHAIR", "REQ-PARTICIPANT", "OPT-PARTICIPANT", "NON-PARTICIPANT"}},
      {"PARTSTAT", {"NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"}},
      {"RSVP", {"TRUE", "FALSE"}},
      {"FEATURE", {"AUDIO", "CHAT", "FEED", "MODERATOR", "PHONE", "SCREEN", "VIDEO"}},
      {"RELATED", {"START", "END"}},
      {"FBTYPE", {"FREE", "BUSY", "BUSY-UNAVAILABLE", "BUSY-TENTATIVE"}},
  };
  return rules;
}

// What each VEVENT may have besides, RFC 5546 3.2.
std::vector<Cardinality> event(std::vector<Cardinality> own) {
  for (const Cardinality& more : std::vector<Cardinality>{{"DTSTAMP", 1, 1},
                                                          {"UID", 1, 1},
                                                          {"ORGANIZER", 1, 1},
                                                          {"CATEGORIES", 0, kMany},
                                                          {"CONFERENCE", 0, kMany},
                                                          {"CREATED", 0, 1},
                                                          {"DESCRIPTION", 0, 1},
                                                          {"DTEND", 0, 1},
                                                          {"GEO", 0, 1},
                                                          {"LAST-MODIFIED", 0, 1},
                                                          {"LOCATION", 0, 1},
                                                          {"RELATED-TO", 0, kMany},
                                                          {"STATUS", 0, 1},
                                                          {"TRANSP", 0, 1},
                                                          {"URL", 0, 1}}) {
    own.push_back(more);
  }
  return own;
}

std::vector<Cardinality> observance() {
  return {{"DTSTART", 1, 1},
          {"TZOFFSETFROM", 1, 1},
          {"TZOFFSETTO", 1, 1},
          {"RRULE", 0, 1},
          {"TZNAME", 0, kMany}};
}

const std::vector<ComponentRule>& components() {
  static const std::vector<ComponentRule> rules{
      {"VCALENDAR",
       "",
       "",
       {{"PRODID", 1, 1},
        {"VERSION", 1, 1},
        {"METHOD", 1, 1},
        {"CALSCALE", 0, 1},
        {"NAME", 0, kMany},
        {"DESCRIPTION", 0, kMany},
        {"SOURCE", 0, 1},
        {"REFRESH-INTERVAL", 0, 1},
        {"X-WR-CALNAME", 0, 1},
        {"X-PUBLISHED-TTL", 0, 1}}},
      {"VEVENT", "VCALENDAR", "PUBLISH",
       event({{"DTSTART", 1, 1}, {"SUMMARY", 1, 1}, {"SEQUENCE", 1, 1}, {"ATTENDEE", 0, 0}})},
      {"VEVENT", "VCALENDAR", "REQUEST",
       event({{"DTSTART", 1, 1}, {"SUMMARY", 1, 1}, {"SEQUENCE", 1, 1}, {"ATTENDEE", 1, kMany}})},
      {"VEVENT", "VCALENDAR", "CANCEL",
       event({{"DTSTART", 0, 1}, {"SUMMARY", 0, 1}, {"SEQUENCE", 1, 1}, {"ATTENDEE", 0, kMany}})},
      {"VALARM", "VEVENT", "", {{"ACTION", 1, 1}, {"TRIGGER", 1, 1}, {"DESCRIPTION", 1, 1}}},
      {"VTIMEZONE", "VCALENDAR", "", {{"TZID", 1, 1}, {"LAST-MODIFIED", 0, 1}}},
      {"STANDARD", "VTIMEZONE", "", observance()},
      {"DAYLIGHT", "VTIMEZONE", "", observance()},
      {"VFREEBUSY",
       "VCALENDAR",
       "PUBLISH",
       {{"DTSTAMP", 1, 1},
        {"DTSTART", 1, 1},
        {"DTEND", 1, 1},
        {"ORGANIZER", 1, 1},
        {"UID", 1, 1},
        {"FREEBUSY", 0, kMany},
        {"URL", 0, 1}}},
  };
  return rules;
}

}  // namespace

const PropertyRule* find_property_rule(std::string_view name) {
  const auto& all = properties();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const PropertyRule& rule) { return rule.name == name; });
  return found == all.end() ? nullptr : &*found;
}

const ParameterRule* find_parameter_rule(std::string_view name) {
  const auto& all = parameters();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const ParameterRule& rule) { return rule.name == name; });
  return found == all.end() ? nullptr : &*found;
}

const ComponentRule* find_component_rule(std::string_view component, std::string_view parent,
                                         std::string_view method) {
  for (const ComponentRule& rule : components()) {
    const bool fits = rule.component == component && rule.parent == parent &&
                      (rule.method.empty() || rule.method == method);
    if (fits) return &rule;
  }
  return nullptr;
}

}  // namespace narada::calendar
