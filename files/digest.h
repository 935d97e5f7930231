#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "service/domain/content_digest.h"

namespace narada::files {

// SHA-256 of what is added, piece by piece.
class DigestBuilder {
 public:
  DigestBuilder();
  ~DigestBuilder();
  DigestBuilder(DigestBuilder&&) noexcept;
  DigestBuilder& operator=(DigestBuilder&&) noexcept;

  void add(std::string_view bytes);
  domain::ContentDigest finish();  // once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Of a whole file. Throws std::system_error when it cannot be read.
domain::ContentDigest digest_of(const std::filesystem::path& file);

}  // namespace narada::files
