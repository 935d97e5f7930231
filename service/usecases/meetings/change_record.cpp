#include "service/usecases/meetings/change_record.h"

#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>

namespace narada::usecases {
namespace {

using nlohmann::json;

json seconds_of(const std::optional<domain::Instant>& at) {
  return at ? json(at->time_since_epoch().count()) : json();
}
std::optional<domain::Instant> instant_of(const json& value) {
  if (value.is_null()) return std::nullopt;
  return domain::Instant(domain::Instant::duration(value.get<std::int64_t>()));
}

json json_of(const storage::Standing& standing) {
  return {{"id", standing.id.value},
          {"status", to_string(standing.status)},
          {"mode", to_string(standing.mode)},
          {"queue_number", standing.queue_number},
          {"confirmed_at", seconds_of(standing.confirmed_at)},
          {"cancelled_at", seconds_of(standing.cancelled_at)},
          {"offer_until", seconds_of(standing.offer_until)},
          {"delegation", standing.delegation ? json(standing.delegation->value) : json()},
          {"missed_offers", standing.missed_offers},
          {"version", standing.version}};
}

storage::Standing standing_of(const json& value) {
  storage::Standing standing;
  standing.id = {value.at("id").get<std::int64_t>()};
  standing.status = domain::find_registration_status(value.at("status").get<std::string>()).value();
  standing.mode = domain::find_attendance_mode(value.at("mode").get<std::string>()).value();
  standing.queue_number = value.at("queue_number").get<std::int64_t>();
  standing.confirmed_at = instant_of(value.at("confirmed_at"));
  standing.cancelled_at = instant_of(value.at("cancelled_at"));
  standing.offer_until = instant_of(value.at("offer_until"));
  standing.missed_offers = value.at("missed_offers").get<int>();
  standing.version = value.at("version").get<std::int64_t>();
  if (const auto& delegation = value.at("delegation"); !delegation.is_null()) {
    standing.delegation = domain::DelegationId{delegation.get<std::int64_t>()};
  }
  return standing;
}

// SHA-256 as hexadecimal digits, because JSON is text.
std::string hex_of(const std::string& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += kDigits[value >> 4];
    text += kDigits[value & 0x0F];
  }
  return text;
}
std::string bytes_of(const std::string& hex) {
  std::string bytes;
  for (std::size_t at = 0; at + 1 < hex.size(); at += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(at, 2), nullptr, 16));
  }
  return bytes;
}

}  // namespace

std::string write_record(const ChangeRecord& record, const std::string& tables) {
  json known = json::array();
  for (const auto id : record.known) known.push_back(id.value);
  json touched = json::array();
  for (const auto& [before, after] : record.touched) {
    touched.push_back(json::array({json_of(before), json_of(after)}));
  }
  json created = json::array();
  for (const auto& [id, version] : record.created) created.push_back({id.value, version});
  json tokens = json::array();
  for (const auto& hash : record.token_hashes) tokens.push_back(hex_of(hash));
  const json all = {{"known", known},
                    {"touched", touched},
                    {"created", created},
                    {"tokens", tokens},
                    {"version", record.version}};
  return R"({"record":)" + all.dump() + R"(,"tables":)" + tables + "}";
}

ChangeRecord read_record(const std::string& text) {
  const json all = json::parse(text).at("record");
  ChangeRecord record;
  for (const auto& id : all.at("known")) record.known.push_back({id.get<std::int64_t>()});
  for (const auto& entry : all.at("touched")) {
    record.touched.push_back({standing_of(entry.at(0)), standing_of(entry.at(1))});
  }
  for (const auto& entry : all.at("created")) {
    record.created.emplace_back(domain::RegistrationId{entry.at(0).get<std::int64_t>()},
                                entry.at(1).get<std::int64_t>());
  }
  for (const auto& hash : all.at("tokens")) {
    record.token_hashes.push_back(bytes_of(hash.get<std::string>()));
  }
  record.version = all.at("version").get<std::int64_t>();
  return record;
}

std::string join_mail_ids(const std::vector<domain::OutgoingMailId>& ids) {
  std::string text;
  for (const auto id : ids) text += (text.empty() ? "" : ",") + std::to_string(id.value);
  return text;
}

std::vector<domain::OutgoingMailId> split_mail_ids(const std::string& text) {
  std::vector<domain::OutgoingMailId> ids;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    domain::OutgoingMailId id;
    const auto [rest, error] = std::from_chars(at, end, id.value);
    if (error != std::errc{}) break;
    ids.push_back(id);
    at = rest + 1;
  }
  return ids;
}

}  // namespace narada::usecases
