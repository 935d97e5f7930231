#include "service/http/pages/calendar_record_view.h"

namespace narada::http::pages {
namespace {

// Where the last message to a calendar is; the last part of the names of texts.
std::string standing_of(const usecases::CalendarRecord& record) {
  if (record.delivered() == record.versions()) return record.holds() ? "current" : "taken_back";
  return record.waits() ? "waits" : "missed";
}

std::string text_with_version(const Page& page, std::string name,
                              const usecases::CalendarRecord& record) {
  if (record.delivered() == 0) name += "_none";
  return page.text(name, {{"version", std::int64_t{record.delivered()}},
                          {"count", std::int64_t{record.versions()}}});
}

}  // namespace

std::string version_text(const Page& page, const usecases::CalendarRecord& record) {
  return text_with_version(page, "ledger.version", record);
}

std::string own_version_text(const Page& page, const usecases::CalendarRecord& record) {
  return text_with_version(page, "ledger.mine_" + standing_of(record), record);
}

web::View version_tag(const Page& page, const usecases::CalendarRecord& record) {
  const bool current = record.delivered() == record.versions();
  return {{"text", page.text("ledger.state_" + standing_of(record))},
          {"color", current          ? "success"
                    : record.waits() ? "info"
                                     : "danger"}};
}

std::string calendar_answer_text(const Page& page, const usecases::CalendarRecord& record) {
  if (!record.holds()) return {};
  return page.text("ledger.answer_" + record.answer());
}

}  // namespace narada::http::pages
