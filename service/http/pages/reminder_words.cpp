#include "service/http/pages/reminder_words.h"

namespace narada::http::pages {
namespace {

std::string length_text(const Page& page, domain::ReminderOffset offset) {
  const bool days = offset.unit == domain::ReminderOffset::Unit::days;
  return page.text(days ? "reminders.days" : "reminders.hours", {{"count", offset.count}});
}

}  // namespace

std::string reminder_name(const Page& page, domain::ReminderOffset offset) {
  return page.text("reminders.before", {{"length", length_text(page, offset)}});
}

std::string reminder_list(const Page& page, const std::vector<domain::ReminderOffset>& offsets) {
  if (offsets.empty()) return page.text("reminders.off");
  std::string list;
  for (const auto offset : offsets) list += (list.empty() ? "" : ", ") + length_text(page, offset);
  return list;
}

}  // namespace narada::http::pages
