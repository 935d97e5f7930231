#include "service/http/pages/filters.h"

#include <array>

#include "service/http/pages/views.h"

namespace narada::http::pages {
namespace {

constexpr std::array<std::string_view, 7> kNames = {"temat", "forma", "tryb", "gmina",
                                                    "cykl",  "woj",   "q"};
constexpr std::array<std::string_view, 16> kVoivodeships = {
    "dolnośląskie",   "kujawsko-pomorskie",  "lubelskie",     "lubuskie",
    "łódzkie",        "małopolskie",         "mazowieckie",   "opolskie",
    "podkarpackie",   "podlaskie",           "pomorskie",     "śląskie",
    "świętokrzyskie", "warmińsko-mazurskie", "wielkopolskie", "zachodniopomorskie"};
constexpr std::array kForms = {
    domain::MeetingForm::meeting,       domain::MeetingForm::workshop,
    domain::MeetingForm::training,      domain::MeetingForm::webinar,
    domain::MeetingForm::conference,    domain::MeetingForm::study_visit,
    domain::MeetingForm::research_walk, domain::MeetingForm::field_interviews,
    domain::MeetingForm::session};
constexpr std::size_t kLongest = 200;  // octets of a filter's value

std::string value_of(const Request& request, std::string_view name) {
  auto value = request.query_value(name);
  return value.size() > kLongest ? std::string() : value;
}

bool is_understood(std::string_view name, const std::string& value) {
  if (name == "forma") return domain::find_meeting_form(value).has_value();
  if (name == "tryb") return domain::find_attendance_mode(value).has_value();
  return !value.empty();
}

}  // namespace

usecases::MeetingFilter read_meeting_filter(const Request& request) {
  usecases::MeetingFilter filter;
  filter.topic = value_of(request, "temat");
  filter.form = domain::find_meeting_form(value_of(request, "forma"));
  filter.mode = domain::find_attendance_mode(value_of(request, "tryb"));
  filter.institution = value_of(request, "gmina");
  filter.cycle = value_of(request, "cykl");
  filter.voivodeship = value_of(request, "woj");
  filter.q = value_of(request, "q");
  return filter;
}

std::string filter_query(const Request& request) {
  std::string query;
  for (const auto name : kNames) {
    const auto value = value_of(request, name);
    if (is_understood(name, value))
      query += (query.empty() ? "?" : "&") + std::string(name) + "=" + encode_component(value);
  }
  return query;
}

web::View filter_view(const Page& page) {
  const auto& request = page.request();
  std::vector<std::pair<std::string, std::string>> forms{{"", page.text("filter.any_form")}};
  for (const auto form : kForms)
    forms.emplace_back(to_string(form), word(page, "form", to_string(form)));
  const std::vector<std::pair<std::string, std::string>> modes{
      {"", page.text("filter.any_mode")},
      {"onsite", page.text("mode.onsite")},
      {"online", page.text("mode.online")}};
  std::vector<std::pair<std::string, std::string>> voivodeships{
      {"", page.text("filter.any_voivodeship")}};
  for (const auto name : kVoivodeships) voivodeships.emplace_back(name, name);
  return {{"topics", topic_options(page, value_of(request, "temat"))},
          {"forms", options_view(forms, value_of(request, "forma"))},
          {"modes", options_view(modes, value_of(request, "tryb"))},
          {"voivodeships", options_view(voivodeships, value_of(request, "woj"))},
          {"institution", value_of(request, "gmina")},
          {"cycle", value_of(request, "cykl")},
          {"q", value_of(request, "q")},
          {"active", !filter_query(request).empty()}};
}

}  // namespace narada::http::pages
