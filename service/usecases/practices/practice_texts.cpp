#include "service/usecases/practices/practice_texts.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace narada::usecases {
namespace {

using Json = nlohmann::json;

template <class Enum>
std::string name_of(const std::optional<Enum>& value) {
  return value ? std::string(to_string(*value)) : std::string();
}

template <class Number>
std::string number_of(const std::optional<Number>& value) {
  return value ? std::to_string(*value) : std::string();
}

template <class Number>
std::optional<Number> read_number(const std::string& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

// Each text of a form under its name, to be read or written.
template <class Form, class Visit>
void visit_texts(Form& form, Visit visit) {
  visit("title", form.title);
  visit("lead", form.lead);
  visit("topic", form.topic);
  visit("institution_text", form.institution_text);
  visit("situation_before", form.situation_before);
  visit("aim", form.aim);
  visit("description", form.description);
  visit("results", form.results);
  visit("lessons", form.lessons);
  visit("contact", form.contact);
  visit("contact_unit", form.contact_person.unit);
  visit("found_by", form.found_by);
  visit("financing", form.financing);
  visit("legacy_url", form.legacy_url);
  visit("source_url", form.source_url);
  visit("caveat", form.caveat);
}

template <class Text, class Visit>
void visit_english(Text& text, Visit visit) {
  visit("english.title", text.title);
  visit("english.lead", text.lead);
  visit("english.situation_before", text.situation_before);
  visit("english.aim", text.aim);
  visit("english.description", text.description);
  visit("english.results", text.results);
  visit("english.lessons", text.lessons);
}

}  // namespace

FieldTexts texts_of(const PracticeForm& form) {
  FieldTexts texts;
  const auto take = [&](const char* name, const std::string& text) { texts[name] = text; };
  visit_texts(form, take);
  const auto english = form.english.value_or(domain::PracticeText{});
  visit_english(english, take);
  texts["type"] = name_of(form.type);
  texts["area"] = name_of(form.area);
  texts["origin"] = name_of(form.origin);
  texts["state"] = name_of(form.state);
  texts["implementation_year"] = number_of(form.implementation_year);
  texts["implementation_month"] = number_of(form.implementation_month);
  texts["ended_year"] = number_of(form.ended_year);
  texts["ended_month"] = number_of(form.ended_month);
  texts["budget_pln"] = form.budget_pln.value_or("");
  for (const auto& institution : form.institutions) texts["institutions"] += institution + "\n";
  texts.try_emplace("institutions");
  std::string& programmes = texts["financed_by"];
  for (const auto& programme : form.financed_by)
    programmes +=
        programme.programme + "\t" + programme.logo.hex + "\t" + programme.logo_text + "\n";
  return texts;
}

PracticeForm with_texts(PracticeForm form, const FieldTexts& texts) {
  const auto text_of = [&](const std::string& name) {
    const auto found = texts.find(name);
    return found == texts.end() ? std::string() : found->second;
  };
  const auto put = [&](const char* name, std::string& into) { into = text_of(name); };
  visit_texts(form, put);
  domain::PracticeText english;
  visit_english(english, put);
  form.english.reset();
  if (english != domain::PracticeText{}) form.english = english;
  form.type = domain::find_practice_type(text_of("type"));
  form.area = domain::find_practice_area(text_of("area"));
  form.origin = domain::find_practice_origin(text_of("origin"));
  form.state = domain::find_practice_state(text_of("state"));
  form.implementation_year = read_number<int>(text_of("implementation_year"));
  form.implementation_month = read_number<unsigned>(text_of("implementation_month"));
  form.ended_year = read_number<int>(text_of("ended_year"));
  form.ended_month = read_number<unsigned>(text_of("ended_month"));
  form.budget_pln.reset();
  if (auto budget = text_of("budget_pln"); !budget.empty()) form.budget_pln = std::move(budget);
  form.institutions = lines_of(text_of("institutions"));
  form.financed_by.clear();
  for (const auto& line : lines_of(text_of("financed_by"))) {
    const auto first = line.find('\t');
    const auto second = line.find('\t', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    form.financed_by.push_back({line.substr(0, first),
                                {line.substr(first + 1, second - first - 1)},
                                line.substr(second + 1)});
  }
  return form;
}

std::string to_json(const FieldTexts& texts) { return Json(texts).dump(); }

FieldTexts parse_texts(const std::string& json) {
  const auto parsed = Json::parse(json, nullptr, false);
  if (!parsed.is_object()) throw std::invalid_argument("a revision is no object");
  FieldTexts texts;
  for (const auto& [name, text] : parsed.items()) {
    if (!text.is_string()) throw std::invalid_argument("a field of a revision is no text");
    texts[name] = text.get<std::string>();
  }
  return texts;
}

}  // namespace narada::usecases
