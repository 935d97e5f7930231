#include "service/http/pages/export_files.h"

#include <fmt/format.h>

#include "service/http/pages/oai_request.h"
#include "web/render.h"

namespace narada::http::pages {
namespace {

using domain::HarvestedPractice;
using web::View;

std::string page_of(const HarvestedPractice& practice, const std::string& base) {
  return base + "/praktyki/" + practice.slug;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : "|") + name;
  return text;
}

std::string number(const std::optional<int>& value) { return value ? std::to_string(*value) : ""; }

// A spreadsheet runs what begins like a formula, also behind blanks.
bool begins_formula(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos &&
         std::string_view("=+-@").find(text[first]) != std::string_view::npos;
}

std::string cell(const std::string& text) {
  std::string quoted = "\"";
  if (begins_formula(text)) quoted += '\'';
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

using Cells = std::vector<std::pair<std::string, std::string>>;

// The columns, each with what it holds.
Cells cells_of(const HarvestedPractice& practice, const std::string& base) {
  return {{"id", std::to_string(practice.id.value)},
          {"url", page_of(practice, base)},
          {"changed_at", oai_time(practice.changed_at)},
          {"title", practice.title},
          {"lead", practice.lead},
          {"type", practice.type},
          {"area", practice.area},
          {"topic", practice.topic_name},
          {"origin", practice.origin},
          {"state", practice.state},
          {"implementation_year", number(practice.implementation_year)},
          {"implementation_month", number(practice.implementation_month)},
          {"budget_pln", practice.budget_pln},
          {"institutions", joined(practice.institutions)},
          {"institution_text", practice.institution_text},
          {"situation_before", practice.situation_before},
          {"aim", practice.aim},
          {"description", practice.description},
          {"results", practice.results},
          {"lessons", practice.lessons},
          {"financing", practice.financing},
          {"source_url", practice.source_url},
          {"legacy_url", practice.legacy_url},
          {"caveat", practice.caveat},
          {"title_en", practice.english_title},
          {"lead_en", practice.english_lead}};
}

std::string dump(const View& view) {
  return view.dump(1, ' ', false, View::error_handler_t::replace) + "\n";
}

View article_of(const HarvestedPractice& practice, const std::string& base) {
  View article = {{"@type", "Article"},
                  {"@id", page_of(practice, base)},
                  {"url", page_of(practice, base)},
                  {"headline", practice.title},
                  {"inLanguage", "pl"},
                  {"isAccessibleForFree", true},
                  {"dateModified", oai_time(practice.changed_at)}};
  const auto add = [&](const char* name, const std::string& text) {
    if (!text.empty()) article[name] = text;
  };
  add("abstract", practice.lead);
  add("articleBody", practice.description);
  add("about", practice.topic_name);
  add("alternativeHeadline", practice.english_title);
  add("isBasedOn", practice.source_url);
  View authors = View::array();
  for (const auto& name : practice.institutions)
    authors.push_back({{"@type", "Organization"}, {"name", name}});
  if (authors.empty() && !practice.institution_text.empty())
    authors.push_back({{"@type", "Organization"}, {"name", practice.institution_text}});
  if (!authors.empty()) article["author"] = std::move(authors);
  return article;
}

}  // namespace

std::string write_practices_csv(const Published& practices, const std::string& base) {
  std::string text = "\xEF\xBB\xBF";
  const auto add_line = [&](const Cells& cells, bool names) {
    std::string line;
    for (const auto& [name, value] : cells)
      line += (line.empty() ? "" : ";") + (names ? name : cell(value));
    text += line + "\r\n";
  };
  add_line(cells_of({}, base), true);
  for (const auto& practice : practices) add_line(cells_of(practice, base), false);
  return text;
}

std::string write_practices_json(const Published& practices, const std::string& base) {
  View all = View::array();
  for (const auto& practice : practices) {
    View one = View::object();
    for (const auto& [name, value] : cells_of(practice, base)) one[name] = value;
    one["id"] = practice.id.value;
    one["institutions"] = practice.institutions;
    for (const auto* name : {"implementation_year", "implementation_month"}) one[name] = nullptr;
    if (const auto year = practice.implementation_year) one["implementation_year"] = *year;
    if (const auto month = practice.implementation_month) one["implementation_month"] = *month;
    all.push_back(std::move(one));
  }
  return dump({{"practices", std::move(all)}});
}

std::string write_practices_json_ld(const Published& practices, const std::string& base) {
  View graph = View::array();
  for (const auto& practice : practices) graph.push_back(article_of(practice, base));
  return dump({{"@context", "https://schema.org"}, {"@graph", std::move(graph)}});
}

}  // namespace narada::http::pages
