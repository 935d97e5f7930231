#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/domain/harvest.h"

namespace narada::http::pages {

// Text as it may stand in XML 1.0: escaped, without the characters that XML has no way to say.
std::string xml_text(std::string_view text);

// What records of one repository have in common.
struct OaiSite {
  std::string base;       // "https://narada.example"
  std::string publisher;  // who runs the site
};
inline constexpr std::string_view kDublinCore = "oai_dc";
inline constexpr std::string_view kPracticeFormat = "narada_practice";
inline constexpr std::string_view kPracticeNamespace = "urn:narada:practice:1";

// "oai:narada.example:praktyki/7"
std::string oai_identifier(const OaiSite& site, domain::PracticeId id);
std::optional<domain::PracticeId> find_oai_practice(const OaiSite& site,
                                                    std::string_view identifier);

std::string write_oai_header(const OaiSite& site, const domain::HarvestedPractice& practice);
// <record> with header and, unless it is withdrawn, metadata; `prefix`: one of the two above.
std::string write_oai_record(const OaiSite& site, const domain::HarvestedPractice& practice,
                             std::string_view prefix);
// The schema of kPracticeNamespace.
std::string_view practice_schema();

}  // namespace narada::http::pages
