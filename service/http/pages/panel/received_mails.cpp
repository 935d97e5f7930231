// /panel/poczta/odebrane: what calendars, people and mail servers have sent back.

#include "service/usecases/replies/received_mails.h"

#include <fmt/format.h>

#include <array>

#include "calendar/zone.h"
#include "service/http/pages/panel/lists.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/received_mails.h"
#include "service/http/pages/views.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::ReceivedKind;
using usecases::ReceivedMail;
using usecases::ReceivedMailView;
using usecases::SignedIn;

constexpr int kPageSize = 50;
constexpr const char* kPath = "/panel/poczta/odebrane";
constexpr std::array kKinds{
    ReceivedKind::reply,     ReceivedKind::counter,    ReceivedKind::delegation,
    ReceivedKind::refresh,   ReceivedKind::free_text,  ReceivedKind::bounce,
    ReceivedKind::complaint, ReceivedKind::auto_reply, ReceivedKind::loop,
    ReceivedKind::empty,     ReceivedKind::unknown};

std::string path_of(domain::ReceivedMailId id) { return fmt::format("{}/{}", kPath, id.value); }

std::string kind_text(const Page& page, ReceivedKind kind) {
  return page.text("received.kind_" + std::string(to_string(kind)));
}

std::string effect_text(const Page& page, domain::ReceivedEffect effect) {
  return page.text("received.effect_" + std::string(to_string(effect)));
}

std::string sender_text(const Page& page, const ReceivedMail& mail) {
  if (mail.from_address.empty()) return page.text("received.nobody");
  return mail.from_name.empty() ? mail.from_address
                                : mail.from_name + " <" + mail.from_address + ">";
}

web::View mail_views_of(const Page& page, const std::vector<ReceivedMail>& mails) {
  web::View views = web::View::array();
  for (const auto& mail : mails)
    views.push_back({{"url", page.link(path_of(mail.id))},
                     {"kind", kind_text(page, mail.kind)},
                     {"meeting", mail.meeting_title},
                     {"who", mail.person_name.empty() ? sender_text(page, mail) : mail.person_name},
                     {"effect", effect_text(page, mail.effect)},
                     {"received", moment_text(page, mail.received_at)},
                     {"handled", page.text(mail.handled_at ? "received.yes" : "received.no")}});
  return views;
}

web::View filter_view(const Page& page, const usecases::ReceivedMailFilter& filter) {
  std::vector<std::pair<std::string, std::string>> kinds{{"", page.text("received.any_kind")}};
  for (const auto kind : kKinds) kinds.emplace_back(to_string(kind), kind_text(page, kind));
  const std::vector<std::pair<std::string, std::string>> handled{
      {"", page.text("received.any_state")},
      {"nie", page.text("received.not_handled")},
      {"tak", page.text("received.handled_only")}};
  const std::string chosen = !filter.handled ? "" : *filter.handled ? "tak" : "nie";
  return {{"kinds",
           options_view(kinds, filter.kind ? std::string(to_string(*filter.kind)) : std::string())},
          {"states", options_view(handled, chosen)}};
}

Response show(Page& page, const SignedIn& signed_in) {
  const auto& request = page.request();
  usecases::ReceivedMailFilter filter;
  filter.kind = domain::find_received_kind(request.query_value("rodzaj"));
  const auto state = request.query_value("zalatwione");
  if (state == "tak" || state == "nie") filter.handled = state == "tak";
  const auto found = take(list_received_mails(page.environment(), signed_in.actor, filter,
                                              {kPageSize, request.find_query("po")}));
  open_list(page, signed_in, ListRoom::mails, page.text("received.title"));
  page.crumb(page.text("lists.mails_title"), "/panel/poczta");
  auto& view = page.view();
  view["waiting"] = page.text("received.waiting", {{"count", found.waiting}});
  view["mails"] = mail_views_of(page, found.mails.items);
  view["filter"] = filter_view(page, filter);
  view["list_url"] = page.link(kPath);
  if (found.mails.next) view["more_url"] = next_url(page, kPath, *found.mails.next);
  view["not_first"] = request.find_query("po").has_value();
  return page.render(200, "pages/panel_received");
}

std::string proposed_times(const Page& page, const ReceivedMail& mail) {
  if (!mail.proposed_starts) return {};
  domain::MeetingTimes times;
  times.tzid = mail.meeting_zone.empty() ? domain::kDefaultZone : mail.meeting_zone;
  times.starts = calendar::to_wall_time(*mail.proposed_starts, times.tzid);
  times.ends =
      calendar::to_wall_time(mail.proposed_ends.value_or(*mail.proposed_starts), times.tzid);
  times.precision = domain::TimePrecision::minute;
  return web::time_range(page.language(), times);
}

web::View facts_of(const Page& page, const ReceivedMailView& found) {
  const auto& mail = found.mail;
  web::View facts = web::View::array();
  const auto add = [&](const char* key, const std::string& text, const std::string& url = {}) {
    if (!text.empty()) facts.push_back({{"label", page.text(key)}, {"text", text}, {"url", url}});
  };
  add("received.from", sender_text(page, mail));
  add("lists.subject", mail.subject);
  add("received.received_at", moment_text(page, mail.received_at));
  if (mail.arrivals > 1)
    add("received.arrivals", page.text("received.times", {{"count", mail.arrivals}}));
  if (mail.meeting)
    add("lists.meeting", mail.meeting_title,
        page.link(fmt::format("/panel/spotkania/{}/zapisy", mail.meeting->value)));
  if (mail.registration)
    add("received.registration",
        mail.person_name.empty() ? page.text("lists.erased") : mail.person_name,
        page.link(fmt::format("/panel/zgloszenia/{}", mail.registration->value)));
  if (mail.outgoing)
    add("received.report_of", std::to_string(mail.outgoing->value),
        page.link(fmt::format("/panel/poczta/{}", mail.outgoing->value)));
  add("received.address", found.address);
  if (found.dead_since) add("received.dead_since", moment_text(page, *found.dead_since));
  add("received.proposed", proposed_times(page, mail));
  add("received.effect", effect_text(page, mail.effect));
  if (mail.handled_at)
    add("received.handled_at", mail.handled_by.empty()
                                   ? moment_text(page, *mail.handled_at)
                                   : moment_text(page, *mail.handled_at) + ", " + mail.handled_by);
  return facts;
}

// Only to the address of the person whom it is about: a From proves nothing.
std::string answer_url(const ReceivedMail& mail) {
  const bool is_written = mail.kind == ReceivedKind::free_text ||
                          mail.kind == ReceivedKind::counter || mail.kind == ReceivedKind::reply ||
                          mail.kind == ReceivedKind::unknown;
  if (!is_written || mail.person_email.empty()) return {};
  return "mailto:" + mail.person_email + "?subject=" + encode_component("Re: " + mail.subject);
}

Response show_one(Page& page, const SignedIn& signed_in, int status = 200) {
  const domain::ReceivedMailId id{id_of(page.request())};
  const auto found = take(find_received_mail(page.environment(), signed_in.actor, id));
  auto& view = page.view();
  const auto title = kind_text(page, found.mail.kind);
  open_list(page, signed_in, ListRoom::mails,
            view.contains("errors") ? page.text("form.error_title", {{"title", title}}) : title);
  page.crumb(page.text("lists.mails_title"), "/panel/poczta");
  page.crumb(page.text("received.title"), kPath);
  view["heading"] = title;
  view["facts"] = facts_of(page, found);
  view["text"] = found.mail.text;
  view["answer_url"] = answer_url(found.mail);
  if (found.proposal)
    view["proposal_url"] = page.link(fmt::format("/zastepstwa/{}", found.proposal->value));
  view["may_handle"] = found.may_handle && !found.mail.handled_at;
  view["may_reopen"] = found.may_handle && found.mail.handled_at;
  view["may_revive"] = found.may_handle && found.dead_since;
  view["action"] = page.link(path_of(id));
  const FormGuard guard(page);
  return guard.apply(page.render(status, "pages/panel_received_one"));
}

Response act(Page& page, const SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  const domain::ReceivedMailId id{id_of(page.request())};
  take(find_received_mail(page.environment(), signed_in.actor, id));
  const auto wanted = fields.value("do");
  if (wanted != "handled" && wanted != "reopen" && wanted != "revive") throw Error(400);
  auto errors = fields.errors;
  page.title(page.text("received.title"));
  if (errors.empty()) {
    const auto call = person_call(page, fields, signed_in);
    const auto outcome = wanted == "revive" ? revive_address(page.environment(), call, id)
                                            : handle_received_mail(page.environment(), call, id,
                                                                   wanted == "handled");
    if (outcome) return redirect_done(page, path_of(id), "received_" + wanted);
    if (std::holds_alternative<domain::Forbidden>(outcome.failure())) throw Error(404);
    errors = errors_of(outcome.failure(), "change_sent_before");
  }
  show_errors(page, errors);
  return show_one(page, signed_in, 422);
}

}  // namespace

void add_panel_received_mail_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 16 << 10;
  const std::string one = std::string(kPath) + "/{id}";
  add_private_page(router, parts, Method::get, kPath, show);
  add_private_page(router, parts, Method::get, one,
                   [](Page& page, const SignedIn& signed_in) { return show_one(page, signed_in); });
  add_private_page(router, parts, Method::post, one, act, form);
}

}  // namespace narada::http::pages
