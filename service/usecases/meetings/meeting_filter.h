#pragma once

#include <optional>

#include "service/usecases/meetings/meetings.h"
#include "sql/connection.h"
#include "sql/meeting_store.h"

namespace narada::usecases {

// The filter with its keys looked up. Absent when it names a topic, institution or cycle that does
// not exist, or drafts to somebody who may not see them: no meeting fits.
std::optional<storage::MeetingListing> find_meeting_listing(storage::Connection& connection,
                                                            const Actor& viewer,
                                                            const MeetingFilter& filter);

// Equal texts for equal filters, for the catalogue's cache.
std::string cache_key_of(const MeetingFilter& filter);

}  // namespace narada::usecases
