#pragma once

#include <string>
#include <vector>

#include "service/domain/practice_catalogue.h"
#include "service/http/pages/page.h"

namespace narada::http::pages {

struct AtomEntry {
  std::string id;  // absolute, and the same as long as the thing exists
  std::string title;
  std::string url;
  std::string summary;
  std::string topic;  // empty: none
  domain::Instant updated{};
};

AtomEntry entry_of(const Page& page, const domain::MeetingSummary& meeting);
AtomEntry entry_of(const Page& page, const domain::CataloguedPractice& practice);

// RFC 4287. `self`: its own address; `site`: the page that it tells of.
std::string write_atom(const Page& page, const std::string& title, const std::string& self,
                       const std::string& site, const std::vector<AtomEntry>& entries);
Response atom_response(std::string text);

}  // namespace narada::http::pages
