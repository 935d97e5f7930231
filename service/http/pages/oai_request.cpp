#include "service/http/pages/oai_request.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "calendar/zone.h"

namespace narada::http::pages {
namespace {

struct Rules {
  std::set<std::string, std::less<>> required, allowed;
  bool resumable = false;  // resumptionToken is exclusive
};

const std::map<std::string, Rules, std::less<>>& rules_of_verbs() {
  static const std::map<std::string, Rules, std::less<>> kRules = {
      {"Identify", {}},
      {"ListMetadataFormats", {{}, {"identifier"}, false}},
      {"ListSets", {{}, {}, true}},
      {"GetRecord", {{"identifier", "metadataPrefix"}, {}, false}},
      {"ListIdentifiers", {{"metadataPrefix"}, {"from", "until", "set"}, true}},
      {"ListRecords", {{"metadataPrefix"}, {"from", "until", "set"}, true}},
  };
  return kRules;
}

std::optional<domain::Instant> parse_day(const std::string& text) {
  return calendar::parse_rfc3339(text + "T00:00:00Z");
}

bool is_day(const std::string& text) { return text.size() == 10; }

std::optional<domain::Instant> parse_time(const std::string& text) {
  if (is_day(text)) return parse_day(text);
  if (text.size() != 20 || text.back() != 'Z') return std::nullopt;
  return calendar::parse_rfc3339(text);
}

OaiError bad_argument(const std::string& text) { return {"badArgument", text}; }

std::optional<OaiError> read_times(OaiListing& listing) {
  auto& selection = listing.selection;
  if (!listing.from.empty() && !(selection.from = parse_time(listing.from)))
    return bad_argument("from is no date: YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ");
  if (!listing.until.empty() && !(selection.until = parse_time(listing.until)))
    return bad_argument("until is no date: YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ");
  if (!listing.from.empty() && !listing.until.empty() &&
      is_day(listing.from) != is_day(listing.until))
    return bad_argument("from and until have different granularities");
  if (selection.until && is_day(listing.until))
    *selection.until += std::chrono::days(1) - std::chrono::seconds(1);
  if (selection.from && selection.until && *selection.from > *selection.until)
    return bad_argument("from is later than until");
  return std::nullopt;
}

// "topic", "topic:zielen", "type", "type:investment"; another name matches nothing.
bool read_set(OaiListing& listing) {
  auto& selection = listing.selection;
  const auto& set = listing.set;
  if (set.empty()) return true;
  if (set == "topic")
    selection.with_topic = true;
  else if (set == "type")
    selection.with_type = true;
  else if (set.starts_with("topic:"))
    selection.topic = set.substr(6);
  else if (set.starts_with("type:"))
    selection.type = set.substr(5);
  else
    return false;
  return set.back() != ':';
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::int64_t> parse_count(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

}  // namespace

std::optional<OaiError> find_oai_fault(const OaiArguments& arguments) {
  const auto named = [&](std::string_view name) {
    return std::count_if(arguments.begin(), arguments.end(),
                         [&](const auto& one) { return one.first == name; });
  };
  const auto found = rules_of_verbs().find(oai_argument(arguments, "verb"));
  if (named("verb") != 1 || found == rules_of_verbs().end())
    return OaiError{"badVerb", "The verb is missing, repeated or none of the six."};
  const Rules& rules = found->second;
  const bool resumed = rules.resumable && named("resumptionToken") > 0;
  if (resumed && arguments.size() != 2)
    return bad_argument("resumptionToken stands alone beside the verb");
  for (const auto& [name, value] : arguments) {
    const bool known = name == "verb" || rules.required.contains(name) ||
                       rules.allowed.contains(name) || (resumed && name == "resumptionToken");
    if (!known) return bad_argument("An argument that this verb does not take.");
    if (named(name) > 1) return bad_argument("An argument stands twice.");
    if (value.empty()) return bad_argument("An argument is empty.");
  }
  for (const auto& name : rules.required)
    if (!resumed && named(name) == 0) return bad_argument(name + " is missing");
  return std::nullopt;
}

std::string oai_argument(const OaiArguments& arguments, std::string_view name) {
  for (const auto& [key, value] : arguments)
    if (key == name) return value;
  return "";
}

OaiParsed parse_oai_listing(const OaiArguments& arguments, domain::Instant now) {
  if (const auto token = oai_argument(arguments, "resumptionToken"); !token.empty()) {
    auto listing = read_oai_token(token, now);
    if (!listing) return OaiError{"badResumptionToken", "The token is not valid or has expired."};
    return *std::move(listing);
  }
  OaiListing listing;
  listing.prefix = oai_argument(arguments, "metadataPrefix");
  listing.from = oai_argument(arguments, "from");
  listing.until = oai_argument(arguments, "until");
  listing.set = oai_argument(arguments, "set");
  if (auto fault = read_times(listing)) return *std::move(fault);
  if (!read_set(listing)) return OaiError{"noRecordsMatch", "There is no such set."};
  return listing;
}

std::string write_oai_token(const OaiListing& listing, domain::Instant expires) {
  const auto& after = listing.selection.after.value();
  std::string token = "1";
  for (const auto& part :
       {listing.prefix, listing.from, listing.until, listing.set, oai_time(after.changed_at),
        std::to_string(after.id.value), std::to_string(listing.cursor), oai_time(expires)})
    token += '!' + part;
  return token;
}

std::optional<OaiListing> read_oai_token(std::string_view token, domain::Instant now) {
  const auto parts = split(token, '!');
  if (parts.size() != 9 || parts[0] != "1") return std::nullopt;
  OaiListing listing;
  listing.prefix = parts[1];
  listing.from = parts[2];
  listing.until = parts[3];
  listing.set = parts[4];
  const auto changed_at = parse_time(parts[5]);
  const auto id = parse_count(parts[6]);
  const auto cursor = parse_count(parts[7]);
  const auto expires = parse_time(parts[8]);
  if (!changed_at || !id || !cursor || !expires || *expires < now) return std::nullopt;
  if (read_times(listing) || !read_set(listing)) return std::nullopt;
  listing.cursor = *cursor;
  listing.selection.after = {*changed_at, domain::PracticeId{*id}};
  return listing;
}

std::string oai_time(domain::Instant instant) {
  return calendar::format_rfc3339(instant, "UTC").substr(0, 19) + "Z";
}

}  // namespace narada::http::pages
