#include "service/http/api/forms.h"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "service/http/api/query_reader.h"

namespace narada::http::api {
namespace {

void read_point(ObjectReader& reader, std::string_view name,
                std::optional<domain::GeoPoint>& target) {
  if (reader.is_null(name)) target.reset();
  domain::GeoPoint point;
  const bool given = reader.read_object(name, [&](ObjectReader& fields) {
    fields.require("latitude");
    fields.require("longitude");
    fields.read("latitude", point.latitude, -90, 90);
    fields.read("longitude", point.longitude, -180, 180);
  });
  if (given) target = point;
}

// An answer as JSON has it: a text, a number, true or false, a list of options.
std::optional<std::string> answer_of(const web::View& value) {
  if (value.is_null()) return std::string();
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return std::string(value.get<bool>() ? "yes" : "no");
  if (value.is_number()) return value.dump();
  if (!value.is_array()) return std::nullopt;
  std::vector<std::string> options;
  for (const auto& option : value) {
    if (!option.is_string()) return std::nullopt;
    options.push_back(option.get<std::string>());
  }
  return domain::join_lines(options);
}

void read_answers(ObjectReader& reader, usecases::GivenAnswers& given) {
  given.takes_files = false;
  given.replaces_all = false;
  reader.read_members("answers", [&](const std::string& name, const web::View& value) {
    domain::QuestionId question;
    const auto [end, error] =
        std::from_chars(name.data(), name.data() + name.size(), question.value);
    auto answer = answer_of(value);
    if (error != std::errc() || end != name.data() + name.size() || question.value < 1 || !answer) {
      return false;
    }
    given.values[question] = *std::move(answer);
    return true;
  });
}

}  // namespace

void read_institution(ObjectReader& reader, usecases::InstitutionForm& form) {
  reader.read("name", form.name);
  reader.read("teryt", form.teryt);
  reader.read_name("kind", form.kind, domain::find_institution_kind);
  reader.read("county", form.county);
  reader.read("voivodeship", form.voivodeship);
  read_point(reader, "position", form.position);
  reader.read("population", form.population, {0, 100'000'000});
  reader.read("website", form.website);
  reader.read("aliases", form.aliases);
  reader.read("associations", form.associations);
  reader.refuse_unknown();
}

void read_expert(ObjectReader& reader, usecases::ExpertForm& form) {
  reader.read("name", form.name);
  reader.read_name("kind", form.kind, domain::find_expert_kind);
  reader.read("description", form.description);
  reader.read_key("institution", form.institution);
  reader.refuse_unknown();
}

void read_cycle(ObjectReader& reader, usecases::CycleForm& form) {
  reader.read("title", form.title);
  reader.read_key("topic", form.topic);
  reader.read("summary", form.summary);
  reader.read("challenge", form.challenge);
  reader.read("goal", form.goal);
  reader.read("effects", form.effects);
  reader.read("materials", form.materials);
  reader.read("participants_text", form.participants_text);
  reader.read("published_period", form.published_period);
  reader.read("published_meeting_count", form.published_meeting_count, {0, 1000});
  reader.read("source_urls", form.source_urls);
  reader.read("practice_url", form.practice_url);
  reader.read("caveat", form.caveat);
  reader.read_keys("experts", form.experts);
  if (!reader.has("institutions")) return;
  form.institutions.clear();
  reader.read_objects("institutions", [&](ObjectReader& fields) {
    usecases::CycleInstitutionForm institution;
    // "teryt" reads better for municipalities; universities and firms have only an id.
    const std::string_view name = fields.has("teryt") ? "teryt" : "institution";
    fields.require(name);
    fields.read_key(name, institution.institution);
    fields.read_name("role", institution.role, domain::find_cycle_role);
    form.institutions.push_back(std::move(institution));
  });
}

void read_registration(ObjectReader& reader, usecases::RegistrationForm& form) {
  reader.read("full_name", form.full_name);
  reader.read("email", form.email);
  reader.read_key("institution", form.institution);
  reader.read("position", form.position);
  reader.read_name("mode", form.mode, domain::find_attendance_mode);
  reader.read("needs", form.needs);
  reader.read("diet", form.diet);
  reader.read("access_needs", form.access_needs);
  reader.read("interpreter", form.interpreter);
  reader.read("question", form.question);
  reader.read("challenge", form.challenge);
  reader.read("challenge_contact", form.challenge_contact);
  read_answers(reader, form.answers);
  reader.read("consent", form.consent);
  reader.read("visible", form.visible);
  if (const auto language = reader.find_text("language")) {
    if (*language == "pl" || *language == "en") {
      form.language = domain::language_or_polish(*language);
    } else {
      reader.refuse("language", "unknown_value");
    }
  }
  reader.refuse_unknown();
}

void read_registration_change(ObjectReader& reader, usecases::RegistrationChange& change) {
  const auto read_text = [&](std::string_view name, std::optional<std::string>& target) {
    if (!reader.has(name)) return;
    std::string text;
    if (name == "institution") {
      reader.read_key(name, text);
    } else {
      reader.read(name, text);
    }
    target = std::move(text);
  };
  read_text("full_name", change.full_name);
  read_text("position", change.position);
  read_text("institution", change.institution);
  read_text("needs", change.needs);
  read_text("diet", change.diet);
  read_text("access_needs", change.access_needs);
  read_text("interpreter", change.interpreter);
  read_text("question", change.question);
  read_text("challenge", change.challenge);
  if (reader.has("visible")) {
    bool visible = false;
    reader.read("visible", visible);
    change.visible = visible;
  }
  if (reader.has("challenge_contact")) {
    bool contact = false;
    reader.read("challenge_contact", contact);
    change.challenge_contact = contact;
  }
  reader.read_name("mode", change.mode, domain::find_attendance_mode);
  if (reader.has("answers")) read_answers(reader, change.answers.emplace());
  reader.refuse_unknown();
}

void read_english(ObjectReader& reader, usecases::PracticeForm& form) {
  if (!reader.has("english")) return;
  if (reader.is_null("english")) {
    form.english.reset();
    return;
  }
  auto text = form.english.value_or(domain::PracticeText{});
  reader.read_object("english", [&](ObjectReader& fields) {
    fields.read("title", text.title);
    fields.read("lead", text.lead);
    fields.read("situation_before", text.situation_before);
    fields.read("aim", text.aim);
    fields.read("description", text.description);
    fields.read("results", text.results);
    fields.read("lessons", text.lessons);
    fields.refuse_unknown();
  });
  form.english = std::move(text);
}

void read_contact(ObjectReader& reader, domain::PracticeContact& contact) {
  reader.read("contact_person", contact.person);
  reader.read("contact_unit", contact.unit);
  reader.read("contact_email", contact.email);
  reader.read("contact_phone", contact.phone);
  reader.read("contact_consented_by", contact.consented_by);
  if (!reader.has("contact_consented_on")) return;
  contact.consented.reset();
  if (reader.is_null("contact_consented_on")) return;
  const auto day = reader.find_text("contact_consented_on");
  contact.consented = day ? parse_date(*day) : std::nullopt;
  if (!contact.consented) reader.refuse("contact_consented_on", "invalid_date");
}

void read_practice_besides(ObjectReader& reader, usecases::PracticeForm& form) {
  read_english(reader, form);
  read_contact(reader, form.contact_person);
  reader.read("ended_year", form.ended_year, {1900, 2200});
  std::optional<int> month;
  if (reader.has("ended_month")) form.ended_month.reset();
  reader.read("ended_month", month, {1, 12});
  if (month) form.ended_month = static_cast<unsigned>(*month);
  reader.read("source_name", form.source_name);
  reader.read("source_id", form.source_id);
  if (!reader.has("financed_by")) return;
  form.financed_by.clear();
  reader.read_objects("financed_by", [&](ObjectReader& fields) {
    domain::PracticeFinancing programme;
    fields.require("programme");
    fields.read("programme", programme.programme);
    form.financed_by.push_back(std::move(programme));
    fields.refuse_unknown();
  });
}

void read_practice(ObjectReader& reader, usecases::PracticeForm& form) {
  reader.read("title", form.title);
  reader.read("lead", form.lead);
  reader.read_name("type", form.type, domain::find_practice_type);
  reader.read("type_from_source", form.type_from_source);
  reader.read_name("area", form.area, domain::find_practice_area);
  reader.read_key("topic", form.topic);
  reader.read_name("origin", form.origin, domain::find_practice_origin);
  reader.read_name("state", form.state, domain::find_practice_state);
  reader.read("implementation_year", form.implementation_year, {1900, 2200});
  std::optional<int> month;
  if (reader.has("implementation_month")) form.implementation_month.reset();
  reader.read("implementation_month", month, {1, 12});
  if (month) form.implementation_month = static_cast<unsigned>(*month);
  reader.read("budget_pln", form.budget_pln);
  reader.read_keys("institutions", form.institutions);
  reader.read("institution_text", form.institution_text);
  reader.read("situation_before", form.situation_before);
  reader.read("aim", form.aim);
  reader.read("description", form.description);
  reader.read("results", form.results);
  reader.read("lessons", form.lessons);
  reader.read("contact", form.contact);
  reader.read("found_by", form.found_by);
  reader.read("financing", form.financing);
  reader.read("legacy_url", form.legacy_url);
  reader.read("source_url", form.source_url);
  reader.read("caveat", form.caveat);
  read_practice_besides(reader, form);
  reader.refuse_unknown();
}

}  // namespace narada::http::api
