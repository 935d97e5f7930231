#pragma once

#include "sql/error.h"

namespace narada::usecases {

// Runs `create` again when it fails because somebody else took its slug between the look and the
// insert; the next look finds another one free.
template <class Create>
auto retry_taken_slug(Create create) {
  constexpr int kMostTries = 8;
  for (int tries = 1;; ++tries) {
    try {
      return create();
    } catch (const storage::Duplicate&) {
      if (tries == kMostTries) throw;
    }
  }
}

}  // namespace narada::usecases
