#include "service/http/pages/panel/expert_form.h"

namespace narada::http::pages {
namespace {

constexpr std::string_view kBefore = "expert_";

}  // namespace

std::vector<FieldSection> expert_sections(const Page& page, ExpertFields which) {
  using Kind = FieldKind;
  FieldSpecs shown;
  if (which == ExpertFields::all)
    shown = {{"expert_name", Kind::text, true},
             {"expert_kind",
              Kind::choice,
              true,
              {},
              {{"person", page.text("dates.kind_person")},
               {"organization", page.text("dates.kind_organization")}}}};
  shown.push_back({"expert_organization", Kind::text});
  shown.push_back({"expert_description", Kind::long_text});
  shown.push_back({"expert_description_en", Kind::long_text});
  std::vector<FieldSection> sections{{"expert", std::move(shown)}};
  if (which == ExpertFields::all)
    sections.push_back({"expert_account", {{"expert_account", Kind::text}}});
  return sections;
}

FieldTexts expert_texts(const domain::ExpertProfile& profile, ExpertFields which) {
  FieldTexts texts{{"expert_organization", profile.organization},
                   {"expert_description", profile.expert.description},
                   {"expert_description_en", profile.description_en}};
  if (which == ExpertFields::own) return texts;
  texts["expert_name"] = profile.expert.name;
  texts["expert_kind"] = to_string(profile.expert.kind);
  texts["expert_account"] = profile.account ? profile.account->email : std::string();
  return texts;
}

usecases::OwnExpertEdit read_own_expert_edit(const FieldTexts& texts) {
  return {texts.at("expert_organization"), texts.at("expert_description"),
          texts.at("expert_description_en")};
}

usecases::ExpertEdit read_expert_edit(const FieldTexts& texts) {
  auto own = read_own_expert_edit(texts);
  return {texts.at("expert_name"),
          domain::find_expert_kind(texts.at("expert_kind")).value_or(domain::ExpertKind::person),
          std::move(own.organization),
          std::move(own.description),
          std::move(own.description_en),
          texts.at("expert_account")};
}

domain::FieldErrors expert_input_errors(domain::FieldErrors errors) {
  for (auto& error : errors)
    if (!error.field.empty()) error.field = std::string(kBefore) + error.field;
  return errors;
}

}  // namespace narada::http::pages
