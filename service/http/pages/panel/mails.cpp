// /panel/poczta: what was sent, what waits, and what did not arrive.

#include "service/http/pages/panel/mails.h"

#include <fmt/format.h>

#include <array>

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/lists.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/received_mails.h"
#include "service/http/pages/views.h"
#include "service/usecases/mails/mail_reasons.h"

namespace narada::http::pages {
namespace {

using usecases::MailState;
using usecases::QueuedMailView;
using usecases::SignedIn;

constexpr int kPageSize = 50;
constexpr std::size_t kLongest = 200;  // octets of a filter's value
constexpr const char* kPath = kMailsPath;

constexpr std::array kStates{MailState::queued, MailState::inflight, MailState::awaiting_retry,
                             MailState::failed, MailState::bounced,  MailState::aborted,
                             MailState::sent};

std::string path_of(domain::OutgoingMailId id) { return fmt::format("{}/{}", kPath, id.value); }

std::string value_of(const Request& request, std::string_view name) {
  auto value = request.query_value(name);
  return value.size() > kLongest ? std::string() : value;
}

web::View state_options(const Page& page, const std::optional<MailState>& chosen) {
  std::vector<std::pair<std::string, std::string>> values{{"", page.text("lists.any_state")}};
  for (const auto state : kStates)
    values.emplace_back(to_string(state), mail_state_text(page, state));
  return options_view(values, chosen ? to_string(*chosen) : "");
}

// Each state with its number, as a link to its mails.
web::View count_views(const Page& page, const usecases::MailQueue& queue) {
  const auto query = query_without(page.request(), {"stan", "po", "zrobione"});
  web::View views = web::View::array();
  for (const auto state : kStates) {
    const auto found = queue.counts.find(state);
    const auto count = found == queue.counts.end() ? 0 : found->second;
    views.push_back({{"label", mail_state_text(page, state)},
                     {"count", std::to_string(count)},
                     {"url", page.link(kPath) + (query.empty() ? "?" : query + "&") +
                                 "stan=" + std::string(to_string(state))}});
  }
  return views;
}

Response show(Page& page, const SignedIn& signed_in) {
  const auto& request = page.request();
  const auto filter = read_mail_filter(request);
  const auto queue = list_mails(page, signed_in, filter);
  open_list(page, signed_in, ListRoom::mails, page.text("lists.mails_title"));
  auto& view = page.view();
  view["counts"] = count_views(page, queue);
  view["mails"] = mail_views(page, queue.mails.items);
  view["filter"] = {{"states", state_options(page, filter.state)},
                    {"meeting", filter.meeting},
                    {"q", filter.recipient}};
  view["list_url"] = page.link(kPath);
  view["received_url"] = page.link(std::string(kPath) + "/odebrane");
  view["unsent_url"] = page.link(std::string(kPath) + "/niedostarczone");
  if (queue.mails.next) view["more_url"] = next_url(page, kPath, *queue.mails.next);
  view["not_first"] = request.find_query("po").has_value();
  show_sending(page, signed_in, filter.meeting);
  const FormGuard guard(page);
  return guard.apply(page.render(200, "pages/panel_mails"));
}

// "550 5.1.1 no such user"; most servers' words begin with the code.
std::string answer_text(const usecases::QueuedMail& mail) {
  if (!mail.last_code) return mail.last_reply;
  const auto code = std::to_string(*mail.last_code);
  return mail.last_reply.starts_with(code) ? mail.last_reply : code + " " + mail.last_reply;
}

web::View mail_facts(const Page& page, const usecases::QueuedMail& mail) {
  web::View facts = web::View::array();
  const auto add = [&](const char* key, const std::string& text, const std::string& url = {}) {
    if (!text.empty()) facts.push_back({{"label", page.text(key)}, {"text", text}, {"url", url}});
  };
  const auto at = [&](const std::optional<domain::Instant>& instant) {
    return instant ? moment_text(page, *instant) : std::string();
  };
  const auto to =
      mail.to_name.empty() ? mail.to_address : mail.to_name + " <" + mail.to_address + ">";
  add("lists.to_address", mail.to_address.empty() ? page.text("lists.erased") : to);
  add("lists.subject", mail.subject);
  add("lists.mail_state", mail_state_text(page, mail.state));
  add("lists.mail_created", at(mail.created_at));
  if (!mail.sent_at) add("lists.not_before", at(mail.not_before));
  add("lists.mail_attempts", std::to_string(mail.attempts));
  add("lists.last_attempt", at(mail.last_attempt_at));
  add("lists.sent_at", at(mail.sent_at));
  const auto reason = usecases::reason_of(mail);
  if (!reason.empty()) add("mails.reason", page.text("mail_reason." + reason));
  add("lists.last_answer", answer_text(mail));
  if (mail.meeting)
    add("lists.meeting", mail.meeting_title,
        page.link(fmt::format("/panel/spotkania/{}/zapisy", mail.meeting->value)));
  if (mail.registration)
    add("lists.see_registration", std::to_string(mail.registration->value),
        page.link(fmt::format("/panel/zgloszenia/{}", mail.registration->value)));
  if (mail.repeated_as)
    add("lists.repeated_as", std::to_string(mail.repeated_as->value),
        page.link(path_of(*mail.repeated_as)));
  return facts;
}

std::string absence_text(const Page& page, const QueuedMailView& found) {
  if (found.is_about_account) return page.text("lists.mail_of_account");
  if (!found.text.empty()) return {};
  const bool waits = found.mail.subject.empty() && (found.mail.state == MailState::queued ||
                                                    found.mail.state == MailState::inflight);
  return page.text(waits ? "lists.mail_not_composed" : "lists.mail_no_text");
}

Response show_one(Page& page, const SignedIn& signed_in, int status = 200) {
  const domain::OutgoingMailId id{id_of(page.request())};
  const auto found = find_queued_mail(page.environment(), signed_in.actor, id);
  if (!found) throw Error(404);
  auto& view = page.view();
  const auto title =
      page.text("lists.mail_title", {{"kind", mail_kind_text(page, found->mail.kind)}});
  open_list(page, signed_in, ListRoom::mails,
            view.contains("errors") ? page.text("form.error_title", {{"title", title}}) : title);
  page.crumb(page.text("lists.mails_title"), kPath);
  view["heading"] = title;
  view["facts"] = mail_facts(page, found->mail);
  view["text"] = found->text;
  view["absence"] = absence_text(page, *found);
  view["may_repeat"] = found->may_repeat;
  view["may_stop"] = found->may_stop;
  view["action"] = page.link(path_of(id));
  const FormGuard guard(page);
  return guard.apply(page.render(status, "pages/panel_mail"));
}

Response act(Page& page, const SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  const domain::OutgoingMailId id{id_of(page.request())};
  if (!find_queued_mail(page.environment(), signed_in.actor, id)) throw Error(404);
  const auto wanted = fields.value("do");
  if (wanted != "repeat" && wanted != "stop") throw Error(400);
  auto errors = fields.errors;
  page.title(page.text("lists.mails_title"));
  if (errors.empty()) {
    const auto call = person_call(page, fields, signed_in);
    const auto outcome = wanted == "repeat" ? repeat_mail(page.environment(), call, id)
                                            : stop_mail(page.environment(), call, id);
    if (outcome)
      return redirect_done(page, path_of(*outcome),
                           wanted == "repeat" ? "mail_repeated" : "mail_stopped");
    if (std::holds_alternative<domain::Forbidden>(outcome.failure())) throw Error(404);
    errors = errors_of(outcome.failure(), "change_sent_before");
  }
  show_errors(page, errors);
  return show_one(page, signed_in, 422);
}

}  // namespace

usecases::MailQueueFilter read_mail_filter(const Request& request) {
  usecases::MailQueueFilter filter;
  filter.state = usecases::find_mail_state(value_of(request, "stan"));
  filter.meeting = value_of(request, "spotkanie");
  filter.recipient = value_of(request, "q");
  return filter;
}

usecases::MailQueue list_mails(const Page& page, const SignedIn& signed_in,
                               const usecases::MailQueueFilter& filter) {
  auto queue = list_mail_queue(page.environment(), signed_in.actor, filter,
                               {kPageSize, page.request().find_query("po")});
  if (!queue) throw Error(404);
  return std::move(queue).value();
}

void add_panel_mail_pages(Router& router, const Parts& parts) {
  add_panel_received_mail_pages(router, parts);
  RouteOptions form;
  form.body_limit = 16 << 10;
  const std::string one = std::string(kPath) + "/{id}";
  add_private_page(router, parts, Method::get, kPath, show);
  add_private_page(router, parts, Method::post, kPath, change_sending, form);
  add_unsent_mail_pages(router, parts);
  add_private_page(router, parts, Method::get, one,
                   [](Page& page, const SignedIn& signed_in) { return show_one(page, signed_in); });
  add_private_page(router, parts, Method::post, one, act, form);
}

}  // namespace narada::http::pages
