#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "service/domain/harvest.h"

// What harvesters ask (OAI-PMH 2.0, https://www.openarchives.org/OAI/openarchivesprotocol.html).
namespace narada::http::pages {

struct OaiError {
  std::string code;  // "badVerb", "noRecordsMatch"…
  std::string text;
};
using OaiArguments = std::vector<std::pair<std::string, std::string>>;

// ListIdentifiers and ListRecords, whether asked with their arguments or with a resumptionToken.
struct OaiListing {
  std::string prefix;
  std::string from, until, set;  // as sent
  domain::HarvestSelection selection;
  std::int64_t cursor = 0;  // how many were listed before
};
using OaiParsed = std::variant<OaiListing, OaiError>;

// badVerb or badArgument, where verb, names or number of arguments are not as the protocol says.
std::optional<OaiError> find_oai_fault(const OaiArguments& arguments);
// First value, or empty.
std::string oai_argument(const OaiArguments& arguments, std::string_view name);

// Precondition: find_oai_fault found nothing. Does not ask whether the format or topic exists.
OaiParsed parse_oai_listing(const OaiArguments& arguments, domain::Instant now);

// The token names everything its list needs and ends after a day: no process keeps anything.
std::string write_oai_token(const OaiListing& listing, domain::Instant expires);
// Absent: not made here, or too old.
std::optional<OaiListing> read_oai_token(std::string_view token, domain::Instant now);

// "2027-01-04T09:00:00Z"
std::string oai_time(domain::Instant instant);

}  // namespace narada::http::pages
