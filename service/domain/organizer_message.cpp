#include "service/domain/organizer_message.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<MessageGroup, kMessageGroups> kGroups{
    {"participants", "waiting", "pending", "attended", "absent", "invited"}};
static_assert(is_complete(kGroups, MessageGroup::invited));

constexpr EnumNames<LeftOut, 2> kLeftOut{{"erased", "dead_address"}};
static_assert(is_complete(kLeftOut, LeftOut::dead_address));

constexpr std::array<std::string_view, 2> kNames = {kNamePlaceholder, "{person}"};

bool is_of_group(const MessageCandidate& candidate, MessageGroup group) {
  if (!candidate.status) return group == MessageGroup::invited;
  switch (group) {
    case MessageGroup::participants:
      return candidate.status == RegistrationStatus::confirmed ||
             candidate.status == RegistrationStatus::attended;
    case MessageGroup::waiting:
      return candidate.status == RegistrationStatus::waitlisted;
    case MessageGroup::pending:
      return candidate.status == RegistrationStatus::pending;
    case MessageGroup::attended:
      return candidate.status == RegistrationStatus::attended;
    case MessageGroup::absent:
      return candidate.status == RegistrationStatus::absent;
    case MessageGroup::invited:
      break;
  }
  return false;
}

// One for each person: the same address is not the same person, for offices share mailboxes.
std::string key_of(const MessageCandidate& candidate) {
  if (candidate.person) return "person:" + std::to_string(candidate.person->value);
  return "invitee:" + candidate.email + "\n" + candidate.full_name;
}

// Whether to write about `one` rather than about `other`.
bool is_nearer(const MessageCandidate& one, const MessageCandidate& other, Instant now) {
  const bool is_registration = one.registration.has_value();
  if (is_registration != other.registration.has_value()) return is_registration;
  const bool comes = one.starts_at >= now;
  if (comes != (other.starts_at >= now)) return comes;
  return comes ? one.starts_at < other.starts_at : one.starts_at > other.starts_at;
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

// Length of the placeholder at the beginning of `text`; 0: there is none.
std::size_t placeholder_length(std::string_view text) {
  for (const auto name : kNames)
    if (text.starts_with(name)) return name.size();
  return text.starts_with(kLinkPlaceholder) ? kLinkPlaceholder.size() : 0;
}

// What may stand behind the address of a page and does not belong to it.
constexpr std::array<std::string_view, 10> kAfterLink = {".", ",", ";", ":", "!",
                                                         "?", ")", "'", "”", "“"};

// Of the address that `text` begins with.
std::size_t link_length(std::string_view text) {
  text = text.substr(0, text.find_first_of(" \t\r\n<>\""));
  for (bool goes_on = true; goes_on;) {
    goes_on = false;
    for (const auto mark : kAfterLink) {
      if (!text.ends_with(mark)) continue;
      text.remove_suffix(mark.size());
      goes_on = true;
    }
  }
  return text.size();
}

}  // namespace

std::string_view to_string(MessageGroup group) { return kGroups.name_of(group); }
std::optional<MessageGroup> find_message_group(std::string_view name) { return kGroups.find(name); }
std::string_view to_string(LeftOut why) { return kLeftOut.name_of(why); }

bool is_meant(const MessageCandidate& candidate, const MessageAudience& audience) {
  if (audience.institution && candidate.institution != audience.institution) return false;
  if (audience.mode && candidate.status && candidate.mode != *audience.mode) return false;
  return std::any_of(audience.groups.begin(), audience.groups.end(),
                     [&](MessageGroup group) { return is_of_group(candidate, group); });
}

ChosenPeople choose_people(const std::vector<MessageCandidate>& candidates,
                           const MessageAudience& audience, Instant now) {
  std::map<std::string, std::size_t> chosen;
  for (std::size_t index = 0; index < candidates.size(); ++index) {
    if (!is_meant(candidates[index], audience)) continue;
    const auto [it, is_new] = chosen.try_emplace(key_of(candidates[index]), index);
    if (!is_new && is_nearer(candidates[index], candidates[it->second], now)) it->second = index;
  }
  std::set<std::size_t> indexes;
  for (const auto& [key, index] : chosen) indexes.insert(index);
  ChosenPeople people;
  std::set<std::string> addresses;
  for (const auto index : indexes) {
    const auto& candidate = candidates[index];
    if (candidate.email.empty()) {
      people.left_out.emplace_back(index, LeftOut::erased);
    } else if (candidate.is_dead_address) {
      people.left_out.emplace_back(index, LeftOut::dead_address);
    } else {
      people.recipients.push_back(index);
      addresses.insert(lower(candidate.email));
    }
  }
  people.addresses = addresses.size();
  return people;
}

std::string find_unknown_placeholder(std::string_view text) {
  while (true) {
    const auto brace = text.find_first_of("{}");
    if (brace == std::string_view::npos) return {};
    text.remove_prefix(brace);
    const auto length = placeholder_length(text);
    if (length == 0) {
      const auto end = text.find_first_of("}\n", 1);
      const bool is_closed =
          text.front() == '{' && end != std::string_view::npos && text[end] == '}';
      return std::string(text.substr(0, is_closed ? end + 1 : 1));
    }
    text.remove_prefix(length);
  }
}

std::string fill_message(std::string_view text, std::string_view name, std::string_view link) {
  std::string filled;
  while (!text.empty()) {
    const auto length = placeholder_length(text);
    if (length == 0) {
      filled += text.front();
      text.remove_prefix(1);
      continue;
    }
    filled += text.starts_with(kLinkPlaceholder) ? link : name;
    text.remove_prefix(length);
  }
  return filled;
}

std::vector<TextPiece> split_links(std::string_view text) {
  std::vector<TextPiece> pieces;
  while (!text.empty()) {
    const auto begin = std::min(text.find("https://"), text.find("http://"));
    if (begin != 0) pieces.push_back({std::string(text.substr(0, begin))});
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const auto end = link_length(text);
    pieces.push_back({std::string(text.substr(0, end)), true});
    text.remove_prefix(end);
  }
  return pieces;
}

Language message_language(const MessageTexts& texts, Language wanted) {
  return texts.english.body.empty() ? Language::pl : wanted;
}

}  // namespace narada::domain
