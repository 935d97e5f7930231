#include "service/http/pages/panel/material_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "calendar/zone.h"
#include "service/http/pages/panel/material_views.h"
#include "service/http/pages/views.h"

namespace narada::http::pages {
namespace {

using domain::Licence;
using domain::MaterialAccess;
using domain::MaterialAudience;
using domain::MaterialKind;
using usecases::FieldTexts;
using usecases::MaterialForm;

constexpr std::array kKinds = {MaterialKind::presentation, MaterialKind::handbook,
                               MaterialKind::exercise,     MaterialKind::resolution_draft,
                               MaterialKind::report,       MaterialKind::recording,
                               MaterialKind::photo,        MaterialKind::other};
constexpr std::array kAccesses = {MaterialAccess::everybody, MaterialAccess::participants,
                                  MaterialAccess::organizers};
constexpr std::array kAudiences = {MaterialAudience::everybody, MaterialAudience::officials,
                                   MaterialAudience::residents};
constexpr std::array kLicences = {Licence::all_rights_reserved,
                                  Licence::cc_by,
                                  Licence::cc_by_sa,
                                  Licence::cc_by_nc,
                                  Licence::cc0,
                                  Licence::public_document};
constexpr std::array kLanguages = {domain::Language::pl, domain::Language::en};
// Those whose inputs are texts, boxes or lists without a rule of their own.
constexpr std::array kFields = {"title",      "kind",           "alt_text",    "has_consent",
                                "access",     "available_from", "description", "section",
                                "authors",    "licence",        "audience",    "language",
                                "edition_of", "expert",         "tell",        "link"};

template <class Values>
web::View word_options(const Page& page, std::string_view enumeration, const Values& values,
                       std::string_view selected) {
  std::vector<std::pair<std::string, std::string>> options;
  for (const auto value : values) {
    const auto name = std::string(to_string(value));
    options.emplace_back(name, material_word(page, enumeration, name));
  }
  return options_view(options, selected);
}

std::string trimmed(const std::string& text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

const std::string& text_of(const FieldTexts& texts, const std::string& name) {
  static const std::string kNone;
  const auto found = texts.find(name);
  return found == texts.end() ? kNone : found->second;
}

std::string wall_text(domain::WallTime at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{at - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count());
}

void fill_experts(Page& page, const MaterialRoom& room, const std::string& chosen) {
  auto& view = page.view();
  view["experts"] = web::View::array();
  if (!room.organizes || room.experts.empty()) return;
  std::vector<std::pair<std::string, std::string>> options = {
      {"", page.text("panel_materials.expert_none")}};
  for (const auto& expert : room.experts)
    options.emplace_back(std::to_string(expert.id.value), expert.name);
  view["experts"] = options_view(options, chosen);
}

void fill_editions(Page& page, const std::vector<usecases::ReadableMaterial>& others,
                   const std::string& chosen) {
  auto& view = page.view();
  view["editions"] = web::View::array();
  view["sections"] = web::View::array();
  std::vector<std::pair<std::string, std::string>> options = {
      {"", page.text("panel_materials.edition_none")}};
  std::vector<std::string> sections;
  for (const auto& other : others) {
    const auto& material = other.material;
    options.emplace_back(std::to_string(material.id.value), material.title);
    const bool known =
        std::find(sections.begin(), sections.end(), material.section) != sections.end();
    if (material.section.empty() || known) continue;
    sections.push_back(material.section);
    view["sections"].push_back({{"value", material.section}});
  }
  if (options.size() > 1) view["editions"] = options_view(options, chosen);
}

bool says_more(const FieldTexts& texts) {
  for (const char* name : {"description", "section", "authors", "edition_of"})
    if (!text_of(texts, name).empty()) return true;
  return false;
}

}  // namespace

FieldTexts new_material_texts(const Page& page, const MaterialRoom& room) {
  const auto kind = domain::find_material_kind(page.request().query_value("rodzaj"));
  const auto wanted = page.request().query_value("prowadzacy");
  const auto& slug = wanted.empty() ? room.expert_slug : wanted;
  std::string expert;
  for (const auto& one : room.experts)
    if (one.slug == slug || std::to_string(one.id.value) == slug)
      expert = std::to_string(one.id.value);
  if (expert.empty() && !room.organizes) expert = room.expert_slug;
  auto texts = stored_material_texts(MaterialForm{});
  if (kind) texts["kind"] = to_string(*kind);
  texts["expert"] = expert;
  return texts;
}

FieldTexts stored_material_texts(const MaterialForm& form) {
  return {{"title", form.title},
          {"kind", std::string(to_string(form.kind))},
          {"alt_text", form.alt_text},
          {"has_consent", form.has_consent ? "yes" : ""},
          {"access", std::string(to_string(form.access))},
          {"available_from", form.available_from ? wall_text(*form.available_from) : ""},
          {"description", form.description},
          {"section", form.section},
          {"authors", form.authors},
          {"licence", std::string(to_string(form.licence))},
          {"audience", std::string(to_string(form.audience))},
          {"language", std::string(to_string(form.language))},
          {"edition_of", form.edition_of},
          {"expert", form.expert},
          {"tell", form.tell_participants ? "yes" : ""},
          {"link", form.link}};
}

FieldTexts read_material_texts(const FormFields& fields) {
  FieldTexts texts;
  for (const char* name : kFields) texts[name] = trimmed(fields.value(name));
  return texts;
}

MaterialForm material_form_of(const FieldTexts& texts, domain::FieldErrors& errors) {
  MaterialForm form;
  form.title = text_of(texts, "title");
  form.kind = domain::find_material_kind(text_of(texts, "kind")).value_or(MaterialKind::other);
  form.alt_text = text_of(texts, "alt_text");
  form.has_consent = text_of(texts, "has_consent") == "yes";
  form.access =
      domain::find_material_access(text_of(texts, "access")).value_or(MaterialAccess::organizers);
  const auto& from = text_of(texts, "available_from");
  if (!from.empty()) {
    form.available_from = calendar::parse_wall_time(from);
    if (!form.available_from) errors.push_back({"available_from", "invalid_moment"});
  }
  form.description = text_of(texts, "description");
  form.section = text_of(texts, "section");
  form.authors = text_of(texts, "authors");
  form.licence =
      domain::find_licence(text_of(texts, "licence")).value_or(Licence::all_rights_reserved);
  form.audience = domain::find_material_audience(text_of(texts, "audience"))
                      .value_or(MaterialAudience::everybody);
  form.language = text_of(texts, "language") == "en" ? domain::Language::en : domain::Language::pl;
  form.edition_of = text_of(texts, "edition_of");
  form.expert = text_of(texts, "expert");
  form.tell_participants = text_of(texts, "tell") == "yes";
  form.link = text_of(texts, "link");
  return form;
}

web::View kind_options(const Page& page, std::string_view selected) {
  return word_options(page, "kind", kKinds, selected);
}

web::View access_options(const Page& page, std::string_view selected) {
  return word_options(page, "access", kAccesses, selected);
}

void fill_material_fields(Page& page, const MaterialRoom& room, const FieldTexts& texts,
                          const std::vector<usecases::ReadableMaterial>& others) {
  auto& view = page.view();
  for (const char* name :
       {"title", "alt_text", "available_from", "description", "section", "authors", "link"})
    view[std::string("f_") + name] = text_of(texts, name);
  view["f_has_consent"] = text_of(texts, "has_consent") == "yes";
  view["tell"] = text_of(texts, "tell") == "yes";
  view["kinds"] = kind_options(page, text_of(texts, "kind"));
  view["accesses"] = access_options(page, text_of(texts, "access"));
  view["licences"] = word_options(page, "licence", kLicences, text_of(texts, "licence"));
  view["audiences"] = word_options(page, "audience", kAudiences, text_of(texts, "audience"));
  view["languages"] = word_options(page, "language", kLanguages, text_of(texts, "language"));
  fill_experts(page, room, text_of(texts, "expert"));
  fill_editions(page, others, text_of(texts, "edition_of"));
  view["more_open"] = says_more(texts) || view.contains("errors");
}

domain::FieldErrors name_material_errors(domain::FieldErrors errors) {
  for (auto& error : errors) {
    if (error.field != "upload") continue;
    error.field = "file";
    if (error.code == "required") error.code = "upload_needed";
    if (error.code == "unknown_upload") error.code = "upload_gone";
  }
  return errors;
}

}  // namespace narada::http::pages
