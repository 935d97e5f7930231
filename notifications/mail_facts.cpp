#include "notifications/mail_facts.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "notifications/json_fields.h"
#include "service/domain/enum_names.h"

namespace narada::notifications {
namespace {

using nlohmann::json;

constexpr domain::EnumNames<MailKind, 44> kKinds{{"registration_confirmed",
                                                  "registration_waitlisted",
                                                  "registration_pending",
                                                  "registration_promoted",
                                                  "registration_declined",
                                                  "registration_cancelled",
                                                  "registration_changed",
                                                  "meeting_moved",
                                                  "meeting_cancelled",
                                                  "meeting_announced",
                                                  "meeting_dated",
                                                  "registration_offered",
                                                  "offer_expired",
                                                  "place_handed_over",
                                                  "consent_asked",
                                                  "consent_given",
                                                  "consent_refused",
                                                  "meeting_invitation",
                                                  "challenge_answered",
                                                  "contact_shared",
                                                  "sign_in_link",
                                                  "role_invitation",
                                                  "email_change",
                                                  "new_sign_in",
                                                  "account_erased",
                                                  "email_changed",
                                                  "place_lost",
                                                  "calendar_repaired",
                                                  "reminder",
                                                  "organizer_message",
                                                  "survey_asked",
                                                  "reply_received",
                                                  "address_bounced",
                                                  "substitution_proposed",
                                                  "digest",
                                                  "credentials_changed",
                                                  "materials_published",
                                                  "material_replaced",
                                                  "expert_tasks",
                                                  "file_refused",
                                                  "substitution_refused",
                                                  "practice_proposal_link",
                                                  "practice_confirmation_asked",
                                                  "practice_step_told"}};
static_assert(is_complete(kKinds, MailKind::practice_step_told));

constexpr domain::EnumNames<calendar::ItipMethod, 3> kMethods{{"publish", "request", "cancel"}};
static_assert(is_complete(kMethods, calendar::ItipMethod::cancel));

constexpr domain::EnumNames<calendar::EventStatus, 3> kStatuses{
    {"confirmed", "tentative", "cancelled"}};
static_assert(is_complete(kStatuses, calendar::EventStatus::cancelled));

constexpr domain::EnumNames<calendar::Partstat, 4> kPartstats{
    {"needs_action", "accepted", "declined", "tentative"}};
static_assert(is_complete(kPartstats, calendar::Partstat::tentative));

// Bounds in octets: those of the tables times the longest UTF-8 character.
constexpr std::size_t kLongestLine = 4096;
constexpr std::size_t kLongestText = 131'072;
constexpr std::size_t kLongestDocument = 4'194'304;
constexpr std::size_t kMostPeople = 50;
constexpr std::size_t kMostWords = 100;

json to_json(const calendar::CalendarUser& user) {
  return {{"name", user.name}, {"email", user.email}};
}

json to_json(const calendar::Attendee& attendee) {
  return {{"name", attendee.name},
          {"email", attendee.email},
          {"partstat", kPartstats.name_of(attendee.partstat)}};
}

json attendees_to_json(const std::vector<calendar::Attendee>& attendees) {
  json array = json::array();
  for (const auto& attendee : attendees) array.push_back(to_json(attendee));
  return array;
}

// dtstamp is absent: it belongs to the message and is set when that is composed.
json to_json(const calendar::Event& event) {
  json object{{"uid", event.uid},
              {"sequence", event.sequence},
              {"status", kStatuses.name_of(event.status)},
              {"last_modified", write_instant(event.last_modified)},
              {"starts", write_wall_time(event.starts)},
              {"ends", write_wall_time(event.ends)},
              {"tzid", event.tzid},
              {"all_day", event.all_day},
              {"summary", event.summary},
              {"description", event.description},
              {"location", event.location},
              {"url", event.url},
              {"categories", event.categories},
              {"conference_url", event.conference_url},
              {"conference_label", event.conference_label},
              {"related_to", event.related_to},
              {"attendees", attendees_to_json(event.attendees)},
              {"alarm_minutes", event.alarm_minutes}};
  if (event.geo) {
    object["geo"] = {{"latitude", event.geo->latitude}, {"longitude", event.geo->longitude}};
  }
  if (event.organizer) object["organizer"] = to_json(*event.organizer);
  return object;
}

calendar::CalendarUser parse_organizer(JsonFields fields) {
  calendar::CalendarUser user;
  user.name = fields.text("name", kLongestLine);
  user.email = fields.text("email", kLongestLine);
  fields.expect_nothing_else();
  return user;
}

calendar::Attendee parse_attendee(JsonFields fields) {
  calendar::Attendee attendee;
  attendee.name = fields.text("name", kLongestLine);
  attendee.email = fields.text("email", kLongestLine);
  attendee.partstat = fields.enumerator("partstat", kPartstats);
  fields.expect_nothing_else();
  return attendee;
}

domain::GeoPoint parse_geo(JsonFields fields) {
  domain::GeoPoint point;
  point.latitude = fields.real("latitude", -90, 90);
  point.longitude = fields.real("longitude", -180, 180);
  fields.expect_nothing_else();
  return point;
}

void parse_people(JsonFields& fields, calendar::Event& event) {
  if (fields.has("organizer")) event.organizer = parse_organizer(fields.object("organizer"));
  for (auto& attendee : fields.objects("attendees", kMostPeople)) {
    event.attendees.push_back(parse_attendee(std::move(attendee)));
  }
}

calendar::Event parse_event(JsonFields fields) {
  calendar::Event event;
  event.uid = fields.text("uid", kLongestLine);
  event.sequence = fields.integer("sequence", 0, INT32_MAX);
  event.status = fields.enumerator("status", kStatuses);
  event.last_modified = fields.instant("last_modified");
  event.starts = fields.wall_time("starts");
  event.ends = fields.wall_time("ends");
  event.tzid = fields.text("tzid", kLongestLine);
  event.all_day = fields.boolean("all_day");
  event.summary = fields.text("summary", kLongestLine);
  event.description = fields.text("description", kLongestText);
  event.location = fields.text("location", kLongestText);
  if (fields.has("geo")) event.geo = parse_geo(fields.object("geo"));
  event.url = fields.text("url", kLongestLine);
  event.categories = fields.texts("categories", kMostWords, kLongestLine);
  event.conference_url = fields.text("conference_url", kLongestLine);
  event.conference_label = fields.text("conference_label", kLongestLine);
  event.related_to = fields.text("related_to", kLongestLine);
  parse_people(fields, event);
  event.alarm_minutes = fields.integers("alarm_minutes", kMostWords, 0, INT32_MAX);
  fields.expect_nothing_else();
  return event;
}

json to_json(const AccountFacts& account) {
  json object{{"url", account.url},
              {"role", account.role},
              {"scope", account.scope},
              {"device", account.device},
              {"network", account.network}};
  if (!account.change.empty()) object["change"] = account.change;
  if (account.until) object["until"] = write_wall_time(*account.until);
  if (account.happened) object["happened"] = write_wall_time(*account.happened);
  return object;
}

AccountFacts parse_account(JsonFields fields) {
  AccountFacts account;
  account.url = fields.text("url", kLongestLine);
  account.role = fields.text("role", kLongestLine);
  account.scope = fields.text("scope", kLongestLine);
  account.device = fields.text("device", kLongestLine);
  account.network = fields.text("network", kLongestLine);
  if (fields.has("change")) account.change = fields.text("change", kLongestLine);
  if (fields.has("until")) account.until = fields.wall_time("until");
  if (fields.has("happened")) account.happened = fields.wall_time("happened");
  fields.expect_nothing_else();
  return account;
}

json to_json(const AskFacts& ask) {
  json object{{"url", ask.url}, {"about", ask.about}, {"text", ask.text}};
  if (ask.until) object["until"] = write_wall_time(*ask.until);
  if (!ask.origin.empty()) object["origin"] = ask.origin;
  return object;
}

AskFacts parse_ask(JsonFields fields) {
  AskFacts ask;
  ask.url = fields.text("url", kLongestLine);
  ask.about = fields.text("about", kLongestLine);
  ask.text = fields.text("text", kLongestText);
  if (fields.has("until")) ask.until = fields.wall_time("until");
  if (fields.has("origin")) ask.origin = fields.text("origin", kLongestLine);
  fields.expect_nothing_else();
  return ask;
}

json required_fields(const MailFacts& facts) {
  return {{"kind", kKinds.name_of(facts.kind)},
          {"language", domain::to_string(facts.language)},
          {"to_name", facts.to_name},
          {"to_address", facts.to_address},
          {"meeting_title", facts.meeting_title},
          {"cycle_title", facts.cycle_title},
          {"starts", write_wall_time(facts.starts)},
          {"ends", write_wall_time(facts.ends)},
          {"tzid", facts.tzid},
          {"all_day", facts.all_day},
          {"place", facts.place},
          {"online_url", facts.online_url},
          {"attendance_mode", facts.attendance_mode},
          {"meeting_url", facts.meeting_url},
          {"manage_url", facts.manage_url},
          {"reason", facts.reason}};
}

void parse_required(JsonFields& fields, MailFacts& facts) {
  constexpr domain::EnumNames<domain::Language, 2> kLanguages{{"pl", "en"}};
  facts.kind = fields.enumerator("kind", kKinds);
  facts.language = fields.enumerator("language", kLanguages);
  facts.to_name = fields.text("to_name", kLongestLine);
  facts.to_address = fields.text("to_address", kLongestLine);
  facts.meeting_title = fields.text("meeting_title", kLongestLine);
  facts.cycle_title = fields.text("cycle_title", kLongestLine);
  facts.starts = fields.wall_time("starts");
  facts.ends = fields.wall_time("ends");
  facts.tzid = fields.text("tzid", kLongestLine);
  facts.all_day = fields.boolean("all_day");
  facts.place = fields.text("place", kLongestText);
  facts.online_url = fields.text("online_url", kLongestLine);
  facts.attendance_mode = fields.text("attendance_mode", kLongestLine);
  facts.meeting_url = fields.text("meeting_url", kLongestLine);
  facts.manage_url = fields.text("manage_url", kLongestLine);
  facts.reason = fields.text("reason", kLongestText);
}

}  // namespace

std::string_view to_string(MailKind kind) { return kKinds.name_of(kind); }

std::optional<MailKind> find_mail_kind(std::string_view name) { return kKinds.find(name); }

MailPriority priority_of(MailKind kind) {
  switch (kind) {
    case MailKind::sign_in_link:
    case MailKind::email_change:
    case MailKind::practice_proposal_link:
      return MailPriority::urgent;
    case MailKind::meeting_announced:
    case MailKind::meeting_invitation:
    case MailKind::reminder:
    case MailKind::organizer_message:
    case MailKind::survey_asked:
    case MailKind::digest:
    case MailKind::materials_published:
    case MailKind::material_replaced:
    case MailKind::expert_tasks:
      return MailPriority::bulk;
    default:
      return MailPriority::ordinary;
  }
}

bool is_necessary(MailKind kind) {
  switch (kind) {
    case MailKind::meeting_announced:
    case MailKind::meeting_invitation:
    case MailKind::reminder:
    case MailKind::survey_asked:
    case MailKind::digest:
    case MailKind::materials_published:
    case MailKind::material_replaced:
    case MailKind::expert_tasks:
      return false;
    default:
      return true;
  }
}

std::string serialize(const MailFacts& facts) {
  json object = required_fields(facts);
  if (facts.month_only) object["month_only"] = true;
  if (facts.previous_month_only) object["previous_month_only"] = true;
  if (facts.previous_starts) object["previous_starts"] = write_wall_time(*facts.previous_starts);
  if (facts.queue_position) object["queue_position"] = *facts.queue_position;
  if (facts.method) object["method"] = kMethods.name_of(*facts.method);
  if (facts.event) object["event"] = to_json(*facts.event);
  if (facts.account) object["account"] = to_json(*facts.account);
  if (facts.ask) object["ask"] = to_json(*facts.ask);
  if (!facts.subject.empty()) object["subject"] = facts.subject;
  if (!facts.reply_address.empty()) object["reply_address"] = facts.reply_address;
  if (!facts.unsubscribe_url.empty()) object["unsubscribe_url"] = facts.unsubscribe_url;
  // Octets that are not UTF-8 become U+FFFD instead of an exception: a mail must not be lost to
  // them.
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

MailFacts parse_mail_facts(std::string_view text) {
  if (text.size() > kLongestDocument) throw std::invalid_argument("mail facts: too long");
  JsonFields fields = JsonFields::parse(text);
  MailFacts facts;
  parse_required(fields, facts);
  if (fields.has("previous_starts")) facts.previous_starts = fields.wall_time("previous_starts");
  if (fields.has("month_only")) facts.month_only = fields.boolean("month_only");
  if (fields.has("previous_month_only")) {
    facts.previous_month_only = fields.boolean("previous_month_only");
  }
  if (fields.has("queue_position")) {
    facts.queue_position = fields.integer("queue_position", 0, INT32_MAX);
  }
  if (fields.has("method")) facts.method = fields.enumerator("method", kMethods);
  if (fields.has("account")) facts.account = parse_account(fields.object("account"));
  if (fields.has("ask")) facts.ask = parse_ask(fields.object("ask"));
  if (fields.has("subject")) facts.subject = fields.text("subject", kLongestLine);
  if (fields.has("reply_address")) {
    facts.reply_address = fields.text("reply_address", kLongestLine);
  }
  if (fields.has("unsubscribe_url")) {
    facts.unsubscribe_url = fields.text("unsubscribe_url", kLongestLine);
  }
  if (fields.has("event")) facts.event = parse_event(fields.object("event"));
  fields.expect_nothing_else();
  return facts;
}

}  // namespace narada::notifications
