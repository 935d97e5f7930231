#pragma once

#include <string>
#include <utility>
#include <vector>

#include "service/domain/time.h"

namespace narada::usecases {

// A ZIP file made in memory, of a few small files. One thread.
class ZipArchive {
 public:
  // `modified`: of every file in it.
  explicit ZipArchive(domain::Instant modified) : modified_(modified) {}

  // `name` is a plain file name in UTF-8.
  void add(std::string name, std::string content);
  // The bytes of the archive. Throws std::runtime_error when memory or the library fails.
  std::string finish() const;

 private:
  domain::Instant modified_;
  std::vector<std::pair<std::string, std::string>> files_;
};

}  // namespace narada::usecases
