#include "service/http/pages/panel/names.h"

#include <algorithm>

#include "service/http/pages/views.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/practices/practices.h"
#include "service/usecases/registrations/registration_input.h"

namespace narada::http::pages {
namespace {

constexpr int kMostPages = 25;  // of 200: a list to pick from, not an archive

std::string key_of(const domain::InstitutionRef& institution) {
  return institution.teryt ? *institution.teryt : std::to_string(institution.id.value);
}

template <class Item, class List>
std::vector<Item> all_pages(const List& list) {
  std::vector<Item> all;
  usecases::PageRequest request{200, {}};
  for (int number = 0; number < kMostPages; ++number) {
    auto page = list(request);
    all.insert(all.end(), page.items.begin(), page.items.end());
    if (!page.next) break;
    request.cursor = page.next;
  }
  return all;
}

std::vector<domain::ExpertRef> all_experts(const usecases::Environment& environment) {
  return all_pages<domain::ExpertRef>([&](const usecases::PageRequest& request) {
    return usecases::list_experts(environment, "", request);
  });
}

std::vector<domain::PracticeSummary> all_practices(const usecases::Environment& environment) {
  return all_pages<domain::PracticeSummary>([&](const usecases::PageRequest& request) {
    return usecases::list_practices(environment, visitor(), {}, request);
  });
}

std::string find_or(const std::map<std::string, std::string>& map, const std::string& key,
                    const std::string& otherwise) {
  const auto found = map.find(key);
  return found == map.end() ? otherwise : found->second;
}

}  // namespace

PanelNames::PanelNames(const Page& page) {
  const auto institutions = usecases::all_institutions(page.environment());
  std::map<std::string, int> by_name;
  std::map<std::string, int> by_name_and_kind;
  const auto with_kind = [&](const domain::InstitutionRef& institution) {
    return institution.name + ", " + word(page, "institution_kind", to_string(institution.kind));
  };
  for (const auto& institution : institutions) {
    ++by_name[institution.name];
    ++by_name_and_kind[with_kind(institution)];
  }
  for (const auto& institution : institutions) {
    std::string label = institution.name;
    if (by_name[label] > 1) label = with_kind(institution);
    if (by_name_and_kind[label] > 1) label += " (" + key_of(institution) + ")";
    institution_index_[institution.id.value] = institutions_.size();
    institution_keys_[usecases::make_name_key(label)] = key_of(institution);
    institution_labels_[key_of(institution)] = label;
    institutions_.push_back({label, key_of(institution)});
  }
  for (const auto& expert : all_experts(page.environment())) {
    std::string label = expert.name;
    if (expert_keys_.contains(usecases::make_name_key(label))) label += " (" + expert.slug + ")";
    expert_keys_[usecases::make_name_key(label)] = expert.slug;
    expert_labels_[expert.slug] = label;
    experts_.push_back({label, expert.slug});
  }
  add_practices(page);
}

void PanelNames::add_practices(const Page& page) {
  for (const auto& practice : all_practices(page.environment())) {
    std::string label = practice.title;
    // Semicolons divide names in an input.
    std::replace(label.begin(), label.end(), ';', ',');
    if (practice_keys_.contains(usecases::make_name_key(label)))
      label += " (" + practice.slug + ")";
    practice_keys_[usecases::make_name_key(label)] = practice.slug;
    practice_labels_[practice.slug] = label;
    practices_.push_back({label, practice.slug});
  }
}

std::string PanelNames::label(const domain::InstitutionRef& institution) const {
  const auto found = institution_index_.find(institution.id.value);
  return found == institution_index_.end() ? institution.name : institutions_[found->second].label;
}

std::string PanelNames::institution_key(const std::string& typed) const {
  return find_or(institution_keys_, usecases::make_name_key(typed), typed);
}
std::string PanelNames::expert_key(const std::string& typed) const {
  return find_or(expert_keys_, usecases::make_name_key(typed), typed);
}
std::string PanelNames::practice_key(const std::string& typed) const {
  return find_or(practice_keys_, usecases::make_name_key(typed), typed);
}
bool PanelNames::knows_expert(const std::string& typed) const {
  return expert_keys_.contains(usecases::make_name_key(typed));
}
std::string PanelNames::institution_label(const std::string& key) const {
  return find_or(institution_labels_, key, key);
}
std::string PanelNames::practice_label(const std::string& key) const {
  return find_or(practice_labels_, key, key);
}
std::string PanelNames::expert_label(const std::string& key) const {
  return find_or(expert_labels_, key, key);
}

web::View PanelNames::institution_labels() const {
  web::View labels = web::View::array();
  for (const auto& known : institutions_) labels.push_back(known.label);
  return labels;
}
web::View PanelNames::expert_labels() const {
  web::View labels = web::View::array();
  for (const auto& known : experts_) labels.push_back(known.label);
  return labels;
}
web::View PanelNames::practice_labels() const {
  web::View labels = web::View::array();
  for (const auto& known : practices_) labels.push_back(known.label);
  return labels;
}

std::vector<std::string> members_of(const Page& page, const std::string& association) {
  std::vector<std::string> keys;
  usecases::PageRequest request{200, {}};
  for (bool more = !association.empty(); more;) {
    const auto members =
        usecases::list_institutions(page.environment(), {association, "", false}, request);
    for (const auto& member : members.items)
      keys.push_back(member.teryt ? *member.teryt : std::to_string(member.id.value));
    request.cursor = members.next;
    more = members.next.has_value();
  }
  return keys;
}

}  // namespace narada::http::pages
