#include "service/usecases/practices/practice_form.h"

#include <array>

#include "service/domain/practice_rules.h"
#include "service/usecases/registrations/registration_input.h"

namespace narada::usecases {
namespace {

using domain::Practice;

constexpr std::size_t kMostInstitutions = 50;
constexpr std::size_t kMostProgrammes = 10;
constexpr TextRule kLongText{.max = 15'000, .lines = Lines::many};  // TEXT holds 65,535 octets

constexpr std::array<std::string_view, 7> kFoundBy{
    "contest", "exchange_group", "office", "media", "recommendation", "meeting", "cycle"};

void read_texts(PracticeForm& form, FieldChecks& checks, Practice& practice) {
  const auto read = [&](std::string_view field, std::string& from, std::string& to,
                        const TextRule& rule) {
    checks.check_text(field, from, rule);
    to = from;
  };
  read("title", form.title, practice.title, {.max = 300, .presence = Presence::required});
  read("lead", form.lead, practice.lead, {.max = 2000, .lines = Lines::many});
  read("institution_text", form.institution_text, practice.institution_text, {.max = 300});
  read("situation_before", form.situation_before, practice.situation_before, kLongText);
  read("aim", form.aim, practice.aim, kLongText);
  read("description", form.description, practice.description, kLongText);
  read("results", form.results, practice.results, kLongText);
  read("lessons", form.lessons, practice.lessons, kLongText);
  read("contact", form.contact, practice.contact, {.max = 500, .lines = Lines::many});
  read("financing", form.financing, practice.financing, {.max = 500});
  read("caveat", form.caveat, practice.caveat, {.max = 2000, .lines = Lines::many});
  checks.check_url("legacy_url", form.legacy_url);
  practice.legacy_url = form.legacy_url;
  checks.check_url("source_url", form.source_url);
  practice.source_url = form.source_url;
}

void read_months(const PracticeForm& form, FieldChecks& checks, Practice& practice) {
  const auto read = [&](std::string_view year_field, std::string_view month_field,
                        const std::optional<int>& year, const std::optional<unsigned>& month) {
    if (year) checks.check_range(year_field, *year, 1990, 2200);
    if (month) checks.check_range(month_field, *month, 1, 12);
  };
  read("implementation_year", "implementation_month", form.implementation_year,
       form.implementation_month);
  read("ended_year", "ended_month", form.ended_year, form.ended_month);
  practice.implementation_year = form.implementation_year;
  practice.implementation_month = form.implementation_month;
  practice.ended_year = form.ended_year;
  practice.ended_month = form.ended_month;
}

void read_facts(const PracticeForm& form, FieldChecks& checks, Practice& practice) {
  read_months(form, checks, practice);
  if (form.budget_pln && !form.budget_pln->empty()) {
    practice.budget_pln = domain::find_budget(*form.budget_pln);
    if (!practice.budget_pln) checks.add("budget_pln", "invalid_amount");
  }
  bool known = form.found_by.empty();
  for (const std::string_view way : kFoundBy) known = known || way == form.found_by;
  if (!known) checks.add("found_by", "unknown_value");
  practice.found_by = form.found_by;
}

void read_contact(PracticeForm& form, FieldChecks& checks, Practice& practice) {
  auto contact = form.contact_person;
  checks.check_text("contact_person", contact.person, {.max = 200});
  checks.check_text("contact_unit", contact.unit, {.max = 300});
  checks.check_text("contact_phone", contact.phone, {.max = 60});
  checks.check_text("contact_email", contact.email, {.max = 254});
  domain::FieldErrors of_email;
  if (!contact.email.empty()) check_email(contact.email, of_email);
  if (!of_email.empty()) checks.add("contact_email", "invalid_email");
  checks.check_text("contact_consented_by", contact.consented_by, {.max = 300});
  if (contact.consented && contact.consented_by.empty())
    checks.add("contact_consented_by", "required");
  practice.contact_person = std::move(contact);
}

void read_english(PracticeForm& form, FieldChecks& checks, Practice& practice) {
  if (!form.english || *form.english == domain::PracticeText{}) return;
  auto text = *form.english;
  auto own = checks.within("english.");
  own.check_text("title", text.title, {.max = 300, .presence = Presence::required});
  own.check_text("lead", text.lead, {.max = 2000, .lines = Lines::many});
  own.check_text("situation_before", text.situation_before, kLongText);
  own.check_text("aim", text.aim, kLongText);
  own.check_text("description", text.description, kLongText);
  own.check_text("results", text.results, kLongText);
  own.check_text("lessons", text.lessons, kLongText);
  practice.english = std::move(text);
}

void read_financing(PracticeForm& form, FieldChecks& checks, Practice& practice) {
  if (!checks.check_count("financed_by", form.financed_by.size(), kMostProgrammes)) return;
  for (std::size_t index = 0; index < form.financed_by.size(); ++index) {
    auto programme = form.financed_by[index];
    auto own = checks.within("financed_by[" + std::to_string(index) + "].");
    own.check_text("programme", programme.programme, {.max = 300, .presence = Presence::required});
    own.check_text("logo_text", programme.logo_text, {.max = 300});
    if (!programme.logo.hex.empty() && programme.logo_text.empty())
      own.add("logo_text", "required");
    practice.financed_by.push_back(std::move(programme));
  }
}

void read_origin(PracticeForm& form, FieldChecks& checks, Practice& practice) {
  practice.from_cycle = form.from_cycle;
  practice.from_meeting = form.from_meeting;
  checks.check_text("source_name", form.source_name, {.max = 100});
  checks.check_text("source_id", form.source_id, {.max = 200});
  practice.source_name = form.source_name;
  practice.source_id = form.source_id;
  checks.check_text("verified_by", form.verified_by, {.max = 300});
  practice.verified_on = form.verified_on;
  practice.verified_by = form.verified_by;
}

}  // namespace

Practice read_practice_form(PracticeForm form, FieldChecks& checks, References& references) {
  Practice practice;
  read_texts(form, checks, practice);
  read_facts(form, checks, practice);
  practice.type = form.type;
  practice.type_from_source = form.type && form.type_from_source;
  practice.area = form.area;
  practice.origin = form.origin;
  practice.state = form.state;
  practice.topic = references.find_topic(checks, "topic", form.topic);
  practice.institutions =
      references.find_institutions(checks, "institutions", form.institutions, kMostInstitutions);
  read_contact(form, checks, practice);
  read_english(form, checks, practice);
  read_financing(form, checks, practice);
  read_origin(form, checks, practice);
  for (const auto& error : domain::broken_practice_rules(practice))
    checks.add(error.field, error.code);
  return practice;
}

PracticeForm form_of(const Practice& practice) {
  PracticeForm form;
  form.title = practice.title;
  form.lead = practice.lead;
  form.type = practice.type;
  form.type_from_source = practice.type_from_source;
  form.area = practice.area;
  if (practice.topic) form.topic = practice.topic->slug;
  form.origin = practice.origin;
  form.state = practice.state;
  form.implementation_year = practice.implementation_year;
  form.implementation_month = practice.implementation_month;
  form.budget_pln = practice.budget_pln;
  for (const auto& institution : practice.institutions)
    form.institutions.push_back(std::to_string(institution.id.value));
  form.institution_text = practice.institution_text;
  form.situation_before = practice.situation_before;
  form.aim = practice.aim;
  form.description = practice.description;
  form.results = practice.results;
  form.lessons = practice.lessons;
  form.contact = practice.contact;
  form.found_by = practice.found_by;
  form.financing = practice.financing;
  form.legacy_url = practice.legacy_url;
  form.source_url = practice.source_url;
  form.caveat = practice.caveat;
  form.english = practice.english;
  form.contact_person = practice.contact_person;
  form.financed_by = practice.financed_by;
  form.ended_year = practice.ended_year;
  form.ended_month = practice.ended_month;
  form.from_cycle = practice.from_cycle;
  form.from_meeting = practice.from_meeting;
  form.source_name = practice.source_name;
  form.source_id = practice.source_id;
  form.verified_on = practice.verified_on;
  form.verified_by = practice.verified_by;
  return form;
}

}  // namespace narada::usecases
