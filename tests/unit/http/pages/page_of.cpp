#include "tests/unit/http/pages/page_of.h"

namespace narada::testing {
namespace {

using namespace std::chrono;

class StandingClock final : public domain::Clock {
 public:
  domain::Instant now() const override { return sys_days(year(2027) / 1 / 4) + hours(9); }
};

const http::pages::Parts& parts() {
  static const StandingClock clock;
  static const web::Messages messages(NARADA_SOURCE_DIR "/web/locales");
  static const usecases::Environment environment = [] {
    usecases::Environment made;
    made.clock = &clock;
    made.base_url = "https://narada.example";
    return made;
  }();
  static const http::pages::Parts made{&environment, &messages, nullptr, {}};
  return made;
}

http::Request request_for(const std::string& path) {
  http::Request request;
  request.path = request.target = path;
  return request;
}

}  // namespace

PageOf::PageOf(const std::string& path) : request_(request_for(path)), page_(parts(), request_) {}

domain::Meeting sample_meeting() {
  domain::Meeting meeting;
  meeting.id = {1};
  meeting.slug = "makiety-i-testy";
  meeting.title = "Makiety i testy";
  meeting.form = domain::MeetingForm::workshop;
  meeting.status = domain::MeetingStatus::published;
  meeting.times.starts = local_days(year(2027) / 1 / 21) + hours(9) + minutes(30);
  meeting.times.ends = local_days(year(2027) / 1 / 21) + hours(15) + minutes(30);
  meeting.times.starts_at = sys_days(year(2027) / 1 / 21) + hours(8) + minutes(30);
  meeting.times.ends_at = sys_days(year(2027) / 1 / 21) + hours(14) + minutes(30);
  meeting.onsite = {true, 40, 28, 0, 0};
  meeting.place_names = {"Centrum 3.0, Gliwice"};
  meeting.places = {{"Centrum 3.0", "ul. Zwycięstwa 36, Gliwice", "sala 2", {}, {}}};
  return meeting;
}

domain::Meeting meeting_of_days() {
  auto meeting = sample_meeting();
  meeting.times.precision = domain::TimePrecision::day;
  meeting.times.starts = local_days(year(2026) / 12 / 2);
  meeting.times.ends = local_days(year(2026) / 12 / 4);
  meeting.times.starts_at = sys_days(year(2026) / 12 / 1) + hours(23);
  meeting.times.ends_at = sys_days(year(2026) / 12 / 3) + hours(23);
  return meeting;
}

}  // namespace narada::testing
