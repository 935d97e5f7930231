#include "service/http/api/views.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "calendar/zone.h"
#include "service/domain/half_fixed.h"

namespace narada::http::api {
namespace {

using web::View;

View point_view(const std::optional<domain::GeoPoint>& point) {
  if (!point) return nullptr;
  return {{"latitude", point->latitude}, {"longitude", point->longitude}};
}

template <class T>
View or_null(const std::optional<T>& value) {
  if (!value) return nullptr;
  return *value;
}

template <class Id>
View id_or_null(const std::optional<Id>& id) {
  if (!id) return nullptr;
  return id->value;
}

}  // namespace

View institution_ref_view(const domain::InstitutionRef& institution) {
  return {{"id", institution.id.value},
          {"teryt", or_null(institution.teryt)},
          {"slug", institution.slug},
          {"name", institution.name},
          {"kind", to_string(institution.kind)},
          {"position", point_view(institution.position)}};
}

View institution_view(const domain::Institution& institution) {
  View associations = View::array();
  for (const domain::AssociationMembership& membership : institution.associations) {
    associations.push_back(
        {{"code", membership.code}, {"name", membership.name}, {"certain", membership.certain}});
  }
  return {{"id", institution.id.value},
          {"teryt", or_null(institution.teryt)},
          {"slug", institution.slug},
          {"name", institution.name},
          {"kind", to_string(institution.kind)},
          {"county", institution.county},
          {"voivodeship", institution.voivodeship},
          {"position", point_view(institution.position)},
          {"population", or_null(institution.population)},
          {"population_year", or_null(institution.population_year)},
          {"area_km2", or_null(institution.area_km2)},
          {"website", institution.website},
          {"aliases", institution.aliases},
          {"associations", std::move(associations)}};
}

View topic_view(const domain::TopicRef& topic) {
  return {{"id", topic.id.value},
          {"slug", topic.slug},
          {"name", topic.name},
          {"name_en", topic.name_en}};
}

View expert_view(const domain::ExpertRef& expert) {
  return {{"id", expert.id.value},
          {"slug", expert.slug},
          {"name", expert.name},
          {"kind", to_string(expert.kind)},
          {"description", expert.description}};
}

View time_view(domain::WallTime wall, std::string_view tzid) {
  if (!calendar::is_known_zone(tzid)) return nullptr;
  return calendar::format_rfc3339(calendar::to_instant(wall, tzid).instant, tzid);
}

View month_view(domain::WallTime wall) {
  return calendar::format_rfc3339(calendar::to_instant(wall, "UTC").instant, "UTC").substr(0, 7);
}

View start_view(const domain::MeetingTimes& times) {
  return is_half_fixed(times) ? month_view(times.starts) : time_view(times.starts, times.tzid);
}

View instant_view(domain::Instant instant) {
  return calendar::format_rfc3339(instant, domain::kDefaultZone);
}

View practice_summary_view(const Context& context, const domain::PracticeSummary& practice) {
  View institutions = View::array();
  for (const auto& institution : practice.institutions) {
    institutions.push_back(institution_ref_view(institution));
  }
  View view = {{"id", practice.id.value},
               {"slug", practice.slug},
               {"url", context.url("/praktyki/", practice.slug)},
               {"title", practice.title},
               {"lead", practice.lead},
               {"status", to_string(practice.status)},
               {"type", nullptr},
               {"type_from_source", practice.type_from_source},
               {"area", nullptr},
               {"topic", practice.topic ? topic_view(*practice.topic) : View()},
               {"origin", nullptr},
               {"state", nullptr},
               {"implementation_year", or_null(practice.implementation_year)},
               {"implementation_month", or_null(practice.implementation_month)},
               {"institutions", std::move(institutions)},
               {"institution_text", practice.institution_text},
               {"published_at", nullptr}};
  if (practice.type) view["type"] = to_string(*practice.type);
  if (practice.area) view["area"] = to_string(*practice.area);
  if (practice.origin) view["origin"] = to_string(*practice.origin);
  if (practice.state) view["state"] = to_string(*practice.state);
  if (practice.status == domain::PracticeStatus::published) {
    view["published_at"] = instant_view(practice.published_at);
  }
  return view;
}

View day_or_null(const std::optional<domain::Date>& day) {
  if (!day) return nullptr;
  return fmt::format("{:04}-{:02}-{:02}", int(day->year()), unsigned(day->month()),
                     unsigned(day->day()));
}

View english_view(const std::optional<domain::PracticeText>& text) {
  if (!text) return nullptr;
  return {{"title", text->title},
          {"lead", text->lead},
          {"situation_before", text->situation_before},
          {"aim", text->aim},
          {"description", text->description},
          {"results", text->results},
          {"lessons", text->lessons}};
}

void add_practice_besides(View& view, const domain::Practice& practice) {
  view["english"] = english_view(practice.english);
  const auto& contact = practice.contact_person;
  view["contact_person"] = contact.person;
  view["contact_unit"] = contact.unit;
  view["contact_email"] = contact.email;
  view["contact_phone"] = contact.phone;
  view["contact_consented_on"] = day_or_null(contact.consented);
  view["ended_year"] = or_null(practice.ended_year);
  view["ended_month"] = or_null(practice.ended_month);
  view["financed_by"] = View::array();
  for (const auto& programme : practice.financed_by)
    view["financed_by"].push_back({{"programme", programme.programme}});
  view["source_name"] = practice.source_name;
  view["source_id"] = practice.source_id;
}

View practice_view(const Context& context, const domain::Practice& practice) {
  View view = practice_summary_view(context, practice);
  view["budget_pln"] = or_null(practice.budget_pln);
  view["situation_before"] = practice.situation_before;
  view["aim"] = practice.aim;
  view["description"] = practice.description;
  view["results"] = practice.results;
  view["lessons"] = practice.lessons;
  view["contact"] = practice.contact;
  view["found_by"] = practice.found_by;
  view["financing"] = practice.financing;
  view["verified_on"] = day_or_null(practice.verified_on);
  view["verified_by"] = practice.verified_by;
  add_practice_besides(view, practice);
  view["legacy_url"] = practice.legacy_url;
  view["source_url"] = practice.source_url;
  view["caveat"] = practice.caveat;
  view["version"] = practice.version;
  return view;
}

View receipt_view(const domain::Registration& registration) {
  return {{"id", registration.id.value},
          {"status", to_string(registration.status)},
          {"position", or_null(registration.queue_position)},
          {"mode", to_string(registration.mode)},
          {"enrolment_id", id_or_null(registration.enrolment)}};
}

View question_view(const domain::Question& question) {
  View view = {{"id", question.id.value},
               {"kind", to_string(question.kind)},
               {"label", question.label},
               {"label_en", question.label_en},
               {"hint", question.hint},
               {"hint_en", question.hint_en},
               {"options", question.options},
               {"options_en", question.options_en},
               {"required", question.required},
               {"mode", nullptr},
               {"least", nullptr},
               {"most", nullptr},
               {"depends_on", id_or_null(question.depends_on)},
               {"depends_value", question.depends_value}};
  if (question.mode) view["mode"] = to_string(*question.mode);
  if (question.least) view["least"] = *question.least;
  if (question.most) view["most"] = *question.most;
  return view;
}

View registration_view(const domain::Registration& registration) {
  const domain::Person& person = registration.person;
  View view = receipt_view(registration);
  view["meeting_id"] = registration.meeting.value;
  view["person"] = {
      {"full_name", person.full_name},
      {"email", person.email},
      {"position", person.position},
      {"institution", person.institution ? institution_ref_view(*person.institution) : View()},
      {"language", to_string(person.language)}};
  view["needs"] = registration.needs;
  view["diet"] = registration.diet;
  view["access_needs"] = registration.access_needs;
  view["interpreter"] = registration.interpreter;
  view["question"] = registration.question;
  view["challenge"] = registration.challenge;
  view["challenge_contact"] = registration.challenge_contact;
  view["visible"] = registration.visible;
  view["clause_version"] = registration.clause_version;
  view["decline_reason"] = registration.decline_reason;
  view["created_at"] = instant_view(registration.created_at);
  view["updated_at"] = instant_view(registration.updated_at);
  view["confirmed_at"] =
      registration.confirmed_at ? instant_view(*registration.confirmed_at) : View();
  view["offer_until"] = registration.offer_until ? instant_view(*registration.offer_until) : View();
  view["cancelled_at"] =
      registration.cancelled_at ? instant_view(*registration.cancelled_at) : View();
  view["version"] = registration.version;
  return view;
}

View outgoing_mail_view(const usecases::OutgoingMail& mail) {
  View view = {{"id", mail.id.value},
               {"message_id", mail.message_id},
               {"kind", mail.kind},
               {"state", usecases::to_string(mail.state)},
               {"meeting_id", id_or_null(mail.meeting)},
               {"registration_id", id_or_null(mail.registration)},
               {"to_name", mail.to_name},
               {"to_address", mail.to_address},
               {"subject", mail.subject},
               {"attempts", mail.attempts},
               {"last_code", or_null(mail.last_code)},
               {"last_reply", mail.last_reply},
               {"created_at", instant_view(mail.created_at)},
               {"not_before", instant_view(mail.not_before)},
               {"sent_at", mail.sent_at ? instant_view(*mail.sent_at) : View()}};
  return view;
}

}  // namespace narada::http::api
