#include "service/usecases/materials/upload_pass.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>

#include "service/usecases/access.h"

namespace narada::usecases {
namespace {

constexpr std::chrono::days kPassLife{14};  // as long as a session lives at most
constexpr std::size_t kMostSenders = 10000;
constexpr std::chrono::hours kRemembered{2};

std::string proof_of(const Environment& environment, std::string_view session,
                     std::int64_t expires) {
  const std::string text = "upload-pass " + std::to_string(expires) + " " + std::string(session);
  const auto& key = environment.secret_key;
  std::array<unsigned char, 32> digest{};
  crypto_generichash(digest.data(), digest.size(),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     reinterpret_cast<const unsigned char*>(key.data()),
                     std::min<std::size_t>(key.size(), crypto_generichash_KEYBYTES_MAX));
  std::array<char, 2 * digest.size() + 1> letters{};
  sodium_bin2hex(letters.data(), letters.size(), digest.data(), digest.size());
  return letters.data();
}

std::int64_t seconds_of(domain::Instant instant) {
  return std::chrono::duration_cast<std::chrono::seconds>(instant.time_since_epoch()).count();
}

// By a digest, so that a dump of this process tells no credential.
class Senders {
 public:
  using Clock = std::chrono::steady_clock;

  void note(std::string_view credential) {
    const auto now = Clock::now();
    const std::lock_guard lock(mutex_);
    if (until_.size() >= kMostSenders)
      std::erase_if(until_, [&](const auto& entry) { return entry.second <= now; });
    if (until_.size() >= kMostSenders) until_.erase(until_.begin());
    until_[hash_token(credential)] = now + kRemembered;
  }
  bool knows(std::string_view credential) {
    const std::lock_guard lock(mutex_);
    const auto found = until_.find(hash_token(credential));
    return found != until_.end() && found->second > Clock::now();
  }

 private:
  std::mutex mutex_;
  std::map<std::string, Clock::time_point> until_;
};

Senders& senders() {
  static Senders all;
  return all;
}

}  // namespace

std::string make_upload_pass(const Environment& environment, std::string_view session) {
  const auto expires = seconds_of(environment.clock->now() + kPassLife);
  return std::to_string(expires) + "." + proof_of(environment, session, expires);
}

bool is_upload_pass(const Environment& environment, std::string_view session,
                    std::string_view pass) {
  if (session.empty()) return false;
  std::int64_t expires = 0;
  const auto* const end = pass.data() + pass.size();
  const auto [rest, error] = std::from_chars(pass.data(), end, expires);
  if (error != std::errc() || rest == end || *rest != '.') return false;
  if (expires <= seconds_of(environment.clock->now())) return false;
  const auto proof = proof_of(environment, session, expires);
  const std::string_view given(rest + 1, static_cast<std::size_t>(end - rest - 1));
  return given.size() == proof.size() &&
         sodium_memcmp(given.data(), proof.data(), proof.size()) == 0;
}

void note_upload_sender(std::string_view credential) {
  if (!credential.empty()) senders().note(credential);
}

bool is_upload_sender(std::string_view credential) {
  return !credential.empty() && senders().knows(credential);
}

}  // namespace narada::usecases
