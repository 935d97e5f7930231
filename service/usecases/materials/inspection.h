#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "files/clamav.h"
#include "files/inspection.h"
#include "service/domain/time.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

struct InspectionTools {
  files::InspectionOptions options;
  const files::ClamAv* scanner = nullptr;  // absent: files are not scanned
  // Told in one line what keeps a file waiting.
  std::function<void(std::string_view)> report = [](std::string_view) {};
};

// Looks into the next content that waits: it becomes ready, with its pictures, or refused, which
// deletes it and tells who brought it. What cannot be looked into now waits and is tried again. May
// run in several processes at once. True: there may be more.
bool inspect_next_file(const Environment& environment, const InspectionTools& tools,
                       const std::string& worker, const std::stop_token& stopping = {});

// Everything that is ready is looked into once more, by rules that may have changed, and stays
// readable meanwhile. How many.
std::int64_t inspect_materials_again(const Environment& environment, const Call& call);

// For /readyz: some file has waited for a long time, or the last tries were in vain.
bool is_inspection_late(const Environment& environment);

}  // namespace narada::usecases
