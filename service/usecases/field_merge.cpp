#include "service/usecases/field_merge.h"

#include <fmt/format.h>

#include "service/usecases/environment.h"

namespace narada::usecases {
namespace {

constexpr std::size_t kDigestBytes =
    8;  // against accident: who forges one may edit the field anyway

std::string digest_of(const std::string& text) {
  const std::string hash = hash_token(text).substr(0, kDigestBytes);
  std::string digest;
  for (const char byte : hash) digest += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return digest;
}

FieldTexts parse_fingerprint(std::string_view line) {
  FieldTexts digests;
  while (!line.empty()) {
    const auto end = line.find(' ');
    const auto entry = line.substr(0, end);
    if (const auto colon = entry.find(':'); colon != std::string_view::npos)
      digests[std::string(entry.substr(0, colon))] = entry.substr(colon + 1);
    if (end == std::string_view::npos) break;
    line.remove_prefix(end + 1);
  }
  return digests;
}

}  // namespace

std::string fingerprint(const FieldTexts& shown) {
  std::string line;
  for (const auto& [name, text] : shown) {
    if (!line.empty()) line += ' ';
    line += name + ':' + digest_of(text);
  }
  return line;
}

MergedFields merge_fields(std::string_view seen, const FieldTexts& typed,
                          const FieldTexts& stored) {
  const FieldTexts base = parse_fingerprint(seen);
  MergedFields merged{typed, {}, {}};
  for (auto& [name, text] : merged.texts) {
    const auto now = stored.find(name);
    if (now == stored.end() || now->second == text) continue;
    const auto before = base.find(name);
    const bool known = before != base.end();
    const bool typed_anew = !known || digest_of(text) != before->second;
    const bool stored_anew = !known || digest_of(now->second) != before->second;
    if (typed_anew && stored_anew) {
      merged.conflicts.push_back(name);
    } else if (stored_anew) {
      merged.taken_over.push_back(name);
      text = now->second;
    }
  }
  return merged;
}

}  // namespace narada::usecases
