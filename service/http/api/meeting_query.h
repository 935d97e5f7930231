#pragma once

#include "service/http/api/query_reader.h"
#include "service/usecases/meetings/meetings.h"

namespace narada::http::api {

// The filters of the lists of meetings; what is wrong is noted in the reader.
usecases::MeetingFilter read_meeting_filter(QueryReader& query);

}  // namespace narada::http::api
