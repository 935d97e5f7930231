// What of the mail waits, and what somebody has paused.

#include <algorithm>
#include <array>
#include <utility>

#include "service/http/pages/form.h"
#include "service/http/pages/panel/mails.h"
#include "service/http/pages/panel/panel.h"
#include "service/usecases/mails/mail_gauges.h"
#include "service/usecases/meetings/meetings.h"

namespace narada::http::pages {
namespace {

using notifications::MailPriority;
using usecases::MailPauseScope;
using usecases::SignedIn;

constexpr std::array kPriorities{std::pair(MailPriority::urgent, "mails.priority_urgent"),
                                 std::pair(MailPriority::ordinary, "mails.priority_ordinary"),
                                 std::pair(MailPriority::bulk, "mails.priority_bulk")};

std::string count_text(const Page& page, const usecases::WaitingMails& waiting) {
  if (waiting.paused == 0) return std::to_string(waiting.count);
  return page.text("mails.count_paused", {{"count", waiting.count}, {"paused", waiting.paused}});
}

web::View waiting_views(const Page& page) {
  const auto gauges = usecases::measure_mails(page.environment());
  const auto none = page.text("mails.none");
  web::View views = web::View::array();
  for (const auto& [priority, key] : kPriorities) {
    const auto& waiting = gauges.of(priority);
    views.push_back({{"label", page.text(key)},
                     {"count", count_text(page, waiting)},
                     {"oldest", waiting.oldest_due ? moment_text(page, *waiting.oldest_due) : none},
                     {"next", waiting.oldest_due     ? page.text("mails.at_once")
                              : waiting.next_attempt ? moment_text(page, *waiting.next_attempt)
                                                     : none}});
  }
  return views;
}

std::string name_of(const Page& page, const usecases::MailPauseRecord& pause) {
  switch (pause.scope.of) {
    case MailPauseScope::Of::all:
      return page.text("mails.all");
    case MailPauseScope::Of::bulk:
      return page.text("mails.bulk");
    case MailPauseScope::Of::meeting:
      break;
  }
  return page.text("mails.of_meeting", {{"meeting", pause.meeting_title}});
}

web::View pause_views(const Page& page, const usecases::MailPauseList& list) {
  web::View views = web::View::array();
  for (const auto& pause : list.pauses) {
    const auto since = moment_text(page, pause.paused_at);
    views.push_back({{"name", name_of(page, pause)},
                     {"of", to_string(pause.scope)},
                     {"may_resume", pause.may_resume},
                     {"since", pause.paused_by.empty()
                                   ? page.text("mails.paused_since", {{"since", since}})
                                   : page.text("mails.paused_since_by",
                                               {{"since", since}, {"name", pause.paused_by}})}});
  }
  return views;
}

bool is_paused(const usecases::MailPauseList& list, const std::string& scope) {
  return std::any_of(list.pauses.begin(), list.pauses.end(),
                     [&](const auto& pause) { return to_string(pause.scope) == scope; });
}

// What could be paused besides; of a meeting when the filter names exactly one.
web::View pausable_views(const Page& page, const SignedIn& signed_in,
                         const usecases::MailPauseList& list, const std::string& meeting) {
  web::View views = web::View::array();
  const auto add = [&](const std::string& of, std::string text) {
    if (!is_paused(list, of)) views.push_back({{"of", of}, {"text", std::move(text)}});
  };
  if (list.may_pause_all) {
    add("all", page.text("mails.pause_all"));
    add("bulk", page.text("mails.pause_bulk"));
  }
  if (meeting.empty()) return views;
  const auto& actor = signed_in.actor;
  const auto id = find_pausable_meeting(page.environment(), actor, meeting);
  const auto found = find_meeting(page.environment(), actor, meeting);
  if (id && found)
    add(to_string(MailPauseScope{MailPauseScope::Of::meeting, *id}),
        page.text("mails.pause_meeting", {{"meeting", found->title}}));
  return views;
}

}  // namespace

void show_sending(Page& page, const SignedIn& signed_in, const std::string& meeting) {
  const auto list = take(list_mail_pauses(page.environment(), signed_in.actor));
  auto& view = page.view();
  if (list.may_pause_all) view["waiting"] = waiting_views(page);
  view["pauses"] = pause_views(page, list);
  view["pausable"] = pausable_views(page, signed_in, list, meeting);
  view["pause_action"] = page.link(kMailsPath);
}

Response change_sending(Page& page, const SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  const auto scope = usecases::parse_mail_pause_scope(fields.value("of"));
  const auto wanted = fields.value("do");
  if (!list_mail_pauses(page.environment(), signed_in.actor)) throw Error(404);
  if (!scope || (wanted != "pause" && wanted != "resume")) throw Error(422);
  if (!fields.errors.empty()) throw Error(422);
  const auto call = person_call(page, fields, signed_in);
  const auto outcome = wanted == "pause" ? pause_mails(page.environment(), call, *scope)
                                         : resume_mails(page.environment(), call, *scope);
  take(outcome);
  return redirect_done(page, kMailsPath, wanted == "pause" ? "mails_paused" : "mails_resumed");
}

}  // namespace narada::http::pages
