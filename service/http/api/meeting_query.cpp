#include "service/http/api/meeting_query.h"

namespace narada::http::api {

usecases::MeetingFilter read_meeting_filter(QueryReader& query) {
  usecases::MeetingFilter filter;
  filter.from = query.date("from");
  filter.to = query.date("to");
  filter.topic = query.text("topic");
  filter.form = query.name("form", domain::find_meeting_form);
  filter.mode = query.name("mode", domain::find_attendance_mode);
  filter.institution = query.text("institution");
  filter.cycle = query.text("cycle");
  filter.voivodeship = query.text("voivodeship");
  filter.status = query.name("status", domain::find_meeting_status);
  filter.q = query.text("q");
  filter.newest_first = query.flag("newest_first").value_or(false);
  return filter;
}

}  // namespace narada::http::api
