#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string_view>

#include "service/usecases/environment.h"

namespace narada::usecases {

// What the background does about uploads. Each may run in several processes at once.

// Before this process answers anybody: cuts off what files hold beyond what their senders were
// told, which after a crash of the machine may be anything.
void reconcile_uploads(const Environment&);

// Brings to the store what has come whole, computes what it is called there, and lets it be
// inspected (stored_file). What the store does not take is tried again after a while, told to
// `report`. True: something was brought, and there may be more.
bool store_received_uploads(const Environment&, const std::function<void(std::string_view)>& report,
                            const std::stop_token& stopping = {});

// Deletes uploads whose time is up, files that belong to none, and rows that nobody asks for.
void expire_uploads(const Environment&, const std::stop_token& stopping = {});

// What processes that were killed left in the staging directory and in `scratch`, where files are
// looked into, as far as nobody has written to it for a day.
void remove_leftovers(const Environment&, const std::filesystem::path& scratch);

// For /metrics and /readyz.
struct UploadStandings {
  std::int64_t receiving = 0;
  std::int64_t waiting = 0;  // whole, not in the store yet
  std::int64_t failing = 0;  // of them, tried in vain
};
UploadStandings load_upload_standings(const Environment&);

}  // namespace narada::usecases
