#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace narada::files {

// What a sender says that a piece of a file adds up to: "sha1", "sha256" or "sha512".
class Checksum {
 public:
  // Absent for an algorithm that is none of them.
  static std::optional<Checksum> begin(std::string_view algorithm);
  ~Checksum();
  Checksum(Checksum&&) noexcept;
  Checksum& operator=(Checksum&&) noexcept;

  void add(std::string_view bytes);
  std::string finish();  // once; octets

 private:
  struct State;
  explicit Checksum(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace narada::files
