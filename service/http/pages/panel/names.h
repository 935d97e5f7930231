#pragma once

#include <map>
#include <string>
#include <vector>

#include "service/domain/institution.h"
#include "service/domain/meeting.h"
#include "service/http/pages/page.h"

namespace narada::http::pages {

// Institutions, experts and published practices by the names that organizers type and pick. A name
// that several institutions have is told apart by its kind, or by the TERYT code where even that is
// the same.
class PanelNames {
 public:
  explicit PanelNames(const Page& page);

  std::string label(const domain::InstitutionRef& institution) const;
  // The key of whoever is meant, or what was typed, which then names nobody.
  std::string institution_key(const std::string& typed) const;
  std::string expert_key(const std::string& typed) const;
  std::string practice_key(const std::string& typed) const;
  bool knows_expert(const std::string& typed) const;
  // The label that stands for a key; the key itself where it is unknown.
  std::string institution_label(const std::string& key) const;
  std::string practice_label(const std::string& key) const;
  std::string expert_label(const std::string& key) const;

  web::View institution_labels() const;
  web::View expert_labels() const;
  web::View practice_labels() const;

 private:
  void add_practices(const Page& page);

  struct Known {
    std::string label;
    std::string key;
  };
  std::vector<Known> institutions_;
  std::vector<Known> experts_;
  std::vector<Known> practices_;
  std::map<std::int64_t, std::size_t> institution_index_;
  std::map<std::string, std::string> institution_keys_;  // folded label → key
  std::map<std::string, std::string> expert_keys_;
  std::map<std::string, std::string> institution_labels_;  // key → label
  std::map<std::string, std::string> expert_labels_;
  std::map<std::string, std::string> practice_keys_;
  std::map<std::string, std::string> practice_labels_;
};

// The keys of all members of an association; none for a code that names none.
std::vector<std::string> members_of(const Page& page, const std::string& association);

}  // namespace narada::http::pages
