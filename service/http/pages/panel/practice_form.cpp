#include "service/http/pages/panel/practice_form.h"

#include <algorithm>
#include <array>

#include "service/http/pages/panel/typed.h"
#include "service/http/pages/views.h"

namespace narada::http::pages {
namespace {

using domain::FieldErrors;
using usecases::PracticeForm;
using Kind = FieldKind;
using Options = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kPrefix = "practice_";

template <class Enum>
Options choices(const Page& page, const char* group, Enum last) {
  Options options{{"", page.text("planner.practice_unknown")}};
  for (int at = 0; at <= static_cast<int>(last); ++at) {
    const std::string name(to_string(static_cast<Enum>(at)));
    options.emplace_back(name, word(page, group, name));
  }
  return options;
}

Options found_by_choices(const Page& page) {
  Options options{{"", page.text("planner.practice_unknown")}};
  for (const char* way :
       {"contest", "exchange_group", "office", "media", "recommendation", "meeting", "cycle"})
    options.emplace_back(way, page.text(std::string("panel_practices.found_by_") + way));
  return options;
}

struct TextField {
  const char* name;
  std::string PracticeForm::*text;
};
constexpr std::array<TextField, 14> kTexts{
    {{"practice_title", &PracticeForm::title},
     {"practice_lead", &PracticeForm::lead},
     {"practice_topic", &PracticeForm::topic},
     {"practice_institution_text", &PracticeForm::institution_text},
     {"practice_situation_before", &PracticeForm::situation_before},
     {"practice_aim", &PracticeForm::aim},
     {"practice_description", &PracticeForm::description},
     {"practice_results", &PracticeForm::results},
     {"practice_lessons", &PracticeForm::lessons},
     {"practice_contact", &PracticeForm::contact},
     {"practice_found_by", &PracticeForm::found_by},
     {"practice_legacy_url", &PracticeForm::legacy_url},
     {"practice_source_url", &PracticeForm::source_url},
     {"practice_caveat", &PracticeForm::caveat}}};

struct EnglishField {
  const char* name;
  std::string domain::PracticeText::*text;
};
constexpr std::array<EnglishField, 7> kEnglish{
    {{"practice_en_title", &domain::PracticeText::title},
     {"practice_en_lead", &domain::PracticeText::lead},
     {"practice_en_situation_before", &domain::PracticeText::situation_before},
     {"practice_en_aim", &domain::PracticeText::aim},
     {"practice_en_description", &domain::PracticeText::description},
     {"practice_en_results", &domain::PracticeText::results},
     {"practice_en_lessons", &domain::PracticeText::lessons}}};

struct ContactField {
  const char* name;
  std::string domain::PracticeContact::*text;
};
constexpr std::array<ContactField, 5> kContact{
    {{"practice_contact_person", &domain::PracticeContact::person},
     {"practice_contact_unit", &domain::PracticeContact::unit},
     {"practice_contact_email", &domain::PracticeContact::email},
     {"practice_contact_phone", &domain::PracticeContact::phone},
     {"practice_contact_consented_by", &domain::PracticeContact::consented_by}}};

std::string month_text(std::optional<unsigned> month) {
  return month ? std::to_string(*month) : std::string();
}

template <class Enum>
std::string name_of(const std::optional<Enum>& value) {
  return value ? std::string(to_string(*value)) : std::string();
}

std::string day_text(const std::optional<domain::Date>& day) {
  if (!day) return {};
  return time_texts(domain::WallTime(std::chrono::local_days(*day)),
                    domain::WallTime(std::chrono::local_days(*day)), domain::TimePrecision::day)
      .day;
}

void read_numbers(const FieldTexts& texts, PracticeForm& form, FieldErrors& errors) {
  const auto number = [&](const char* name) {
    const auto found = texts.find(name);
    return found == texts.end() ? std::nullopt : read_number(found->second, name, errors);
  };
  const auto month = [&](const char* name) -> std::optional<unsigned> {
    const auto read = number(name);
    return read ? std::optional(static_cast<unsigned>(std::clamp(*read, 0, 99))) : std::nullopt;
  };
  if (!texts.contains("practice_implementation_year")) return;
  form.implementation_year = number("practice_implementation_year");
  form.implementation_month = month("practice_implementation_month");
  form.ended_year = number("practice_ended_year");
  form.ended_month = month("practice_ended_month");
  form.budget_pln.reset();
  if (const auto& budget = texts.at("practice_budget_pln"); !budget.empty())
    form.budget_pln = budget;
  form.contact_person.consented.reset();
  if (const auto day = read_day(texts.at("practice_contact_consented_on"),
                                "practice_contact_consented_on", errors))
    form.contact_person.consented = domain::Date{std::chrono::floor<std::chrono::days>(*day)};
}

void read_choices(const FieldTexts& texts, const PanelNames& names, PracticeForm& form) {
  if (!texts.contains("practice_type")) return;
  const auto type = domain::find_practice_type(texts.at("practice_type"));
  if (type != form.type) form.type_from_source = false;
  form.type = type;
  form.area = domain::find_practice_area(texts.at("practice_area"));
  form.origin = domain::find_practice_origin(texts.at("practice_origin"));
  form.state = domain::find_practice_state(texts.at("practice_state"));
  form.institutions.clear();
  for (const auto& name : split_lines(texts.at("practice_institutions")))
    form.institutions.push_back(names.institution_key(name));
  std::vector<domain::PracticeFinancing> programmes;
  for (const auto& name : split_lines(texts.at("practice_financed_by"))) {
    const auto before =
        std::find_if(form.financed_by.begin(), form.financed_by.end(),
                     [&](const auto& programme) { return programme.programme == name; });
    programmes.push_back(before == form.financed_by.end() ? domain::PracticeFinancing{name, {}, {}}
                                                          : *before);
  }
  form.financed_by = std::move(programmes);
}

void read_english(const FieldTexts& texts, PracticeForm& form) {
  if (!texts.contains("practice_en_title")) return;
  domain::PracticeText english;
  for (const auto& [name, text] : kEnglish) english.*text = texts.at(name);
  form.english.reset();
  if (english != domain::PracticeText{}) form.english = std::move(english);
}

}  // namespace

std::vector<FieldSection> practice_sections(const Page& page) {
  return {{"practice_about",
           {{"practice_title", Kind::text, true},
            {"practice_lead", Kind::long_text},
            {"practice_institutions", Kind::institutions},
            {"practice_institution_text", Kind::text},
            {"practice_type",
             Kind::choice,
             false,
             {},
             choices(page, "practice_type", domain::PracticeType::project)},
            {"practice_area",
             Kind::choice,
             false,
             {},
             choices(page, "practice_area", domain::PracticeArea::social_dialogue)},
            {"practice_topic", Kind::choice, false, {}, topic_choices(page)},
            {"practice_origin",
             Kind::choice,
             false,
             {},
             choices(page, "practice_origin", domain::PracticeOrigin::abroad)},
            {"practice_state",
             Kind::choice,
             false,
             {},
             choices(page, "practice_state", domain::PracticeState::completed)}}},
          {"practice_time",
           {{"practice_implementation_year", Kind::number},
            {"practice_implementation_month", Kind::number},
            {"practice_ended_year", Kind::number},
            {"practice_ended_month", Kind::number},
            {"practice_budget_pln", Kind::text},
            {"practice_financed_by", Kind::lines}}},
          {"practice_words",
           {{"practice_situation_before", Kind::long_text},
            {"practice_aim", Kind::long_text},
            {"practice_description", Kind::long_text},
            {"practice_results", Kind::long_text},
            {"practice_lessons", Kind::long_text}}},
          {"practice_contact",
           {{"practice_contact_unit", Kind::text},
            {"practice_contact_person", Kind::text},
            {"practice_contact_email", Kind::text},
            {"practice_contact_phone", Kind::text},
            {"practice_contact_consented_on", Kind::date},
            {"practice_contact_consented_by", Kind::text}}},
          {"practice_source",
           {{"practice_found_by", Kind::choice, false, {}, found_by_choices(page)},
            {"practice_source_url", Kind::address},
            {"practice_legacy_url", Kind::address},
            {"practice_contact", Kind::text},
            {"practice_caveat", Kind::long_text}},
           true}};
}

std::vector<FieldSection> english_sections() {
  FieldSection section{"practice_english", {}};
  for (const auto& [name, text] : kEnglish)
    section.specs.push_back(
        {name, std::string_view(name) == "practice_en_title" ? Kind::text : Kind::long_text});
  return {section};
}

FieldTexts practice_texts(const PracticeForm& form, const PanelNames& names) {
  FieldTexts texts;
  for (const auto& [name, text] : kTexts) texts[name] = form.*text;
  const auto english = form.english.value_or(domain::PracticeText{});
  for (const auto& [name, text] : kEnglish) texts[name] = english.*text;
  for (const auto& [name, text] : kContact) texts[name] = form.contact_person.*text;
  texts["practice_contact_consented_on"] = day_text(form.contact_person.consented);
  texts["practice_type"] = name_of(form.type);
  texts["practice_area"] = name_of(form.area);
  texts["practice_origin"] = name_of(form.origin);
  texts["practice_state"] = name_of(form.state);
  texts["practice_implementation_year"] = number_text(form.implementation_year);
  texts["practice_implementation_month"] = month_text(form.implementation_month);
  texts["practice_ended_year"] = number_text(form.ended_year);
  texts["practice_ended_month"] = month_text(form.ended_month);
  texts["practice_budget_pln"] = form.budget_pln.value_or("");
  std::vector<std::string> lines;
  for (const auto& key : form.institutions) lines.push_back(names.institution_label(key));
  texts["practice_institutions"] = join_lines(lines);
  lines.clear();
  for (const auto& programme : form.financed_by) lines.push_back(programme.programme);
  texts["practice_financed_by"] = join_lines(lines);
  return texts;
}

PracticeForm read_practice_texts(const FieldTexts& texts, const PanelNames& names,
                                 PracticeForm base, FieldErrors& errors) {
  PracticeForm form = std::move(base);
  const auto take = [&](const char* name, std::string& into) {
    if (const auto found = texts.find(name); found != texts.end()) into = found->second;
  };
  for (const auto& [name, text] : kTexts) take(name, form.*text);
  for (const auto& [name, text] : kContact) take(name, form.contact_person.*text);
  read_numbers(texts, form, errors);
  read_choices(texts, names, form);
  read_english(texts, form);
  return form;
}

FieldErrors practice_input_errors(FieldErrors errors) {
  for (auto& error : errors) {
    if (error.field.empty()) continue;
    if (error.field.starts_with("english."))
      error.field.replace(0, 8, "practice_en_");
    else
      error.field.insert(0, kPrefix);
    if (const auto list = error.field.find('['); list != std::string::npos) {
      if (error.field.starts_with("practice_institutions"))
        error.field = input_of(error.field);
      else
        error.field.resize(list);
    }
  }
  return errors;
}

std::string practice_field_label(const Page& page, std::string_view field) {
  if (field.starts_with("english."))
    return page.text("planner.practice_en_" + std::string(field.substr(8)));
  return page.text("planner." + std::string(kPrefix) + std::string(field));
}

}  // namespace narada::http::pages
