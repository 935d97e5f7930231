#include "service/http/pages/needs_fields.h"

#include <algorithm>
#include <array>
#include <utility>

#include "service/http/pages/views.h"
#include "service/usecases/registrations/special_needs.h"

namespace narada::http::pages {
namespace {

constexpr const char* kOther = "other";

using Names = std::array<std::string_view, 4>;

bool is_name(const Names& names, const std::string& text) {
  return std::find(names.begin(), names.end(), text) != names.end();
}

// Own words count also where nothing was picked.
std::string read_choice(const FormFields& fields, const std::string& name) {
  auto picked = fields.value(name);
  if (picked.empty() || picked == kOther) return fields.value(name + "_other");
  return picked;
}

void fill_choice(Page& page, const std::string& field, const std::string& list, const Names& names,
                 const std::string& value) {
  std::vector<std::pair<std::string, std::string>> values = {
      {"", page.text("needs." + field + "_none")}};
  for (const auto name : names)
    values.emplace_back(name, page.text("needs." + field + "_" + std::string(name)));
  values.emplace_back(kOther, page.text("needs." + field + "_own"));
  const bool own = !value.empty() && !is_name(names, value);
  page.view()[list] = options_view(values, own ? kOther : value);
  page.view()[field + "_other"] = own ? value : "";
}

std::string text_of(const Page& page, const char* field, const Names& names,
                    const std::string& value) {
  return is_name(names, value) ? page.text("needs." + std::string(field) + "_" + value) : value;
}

}  // namespace

TypedNeeds read_needs(const FormFields& fields) {
  return {read_choice(fields, "diet"), fields.value("access_needs"),
          read_choice(fields, "interpreter"), fields.value("needs")};
}

bool has_needs(const FormFields& fields) { return fields.has("diet") || fields.has("interpreter"); }

void fill_needs(Page& page, const TypedNeeds& needs) {
  fill_choice(page, "diet", "diets", usecases::kDiets, needs.diet);
  fill_choice(page, "interpreter", "interpreters", usecases::kInterpreters, needs.interpreter);
  page.view()["access_needs"] = needs.access_needs;
  page.view()["needs"] = needs.needs;
}

std::string diet_text(const Page& page, const std::string& diet) {
  return text_of(page, "diet", usecases::kDiets, diet);
}

std::string interpreter_text(const Page& page, const std::string& interpreter) {
  return text_of(page, "interpreter", usecases::kInterpreters, interpreter);
}

}  // namespace narada::http::pages
