// /panel/spotkania/{id}/zaproszenia, /panel/cykle/{id}/zaproszenia: whom organizers invite, who has
// answered, and what they are sent.

#include "service/http/pages/panel/invitees.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "calendar/zone.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/fields.h"
#include "service/http/pages/panel/meeting_frame.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/registration_form.h"
#include "service/http/pages/views.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/invitees/invitee_sending.h"
#include "service/usecases/things.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::InviteeState;
using usecases::InviteeList;
using usecases::SignedIn;

constexpr std::size_t kMostShown = 500;
constexpr std::array kStates = {InviteeState::listed, InviteeState::invited,
                                InviteeState::registered, InviteeState::declined};

std::int64_t count_of(const std::map<InviteeState, int>& counts, InviteeState state) {
  const auto found = counts.find(state);
  return found == counts.end() ? 0 : found->second;
}

std::string state_text(const Page& page, InviteeState state) {
  return word(page, "invitee_state", to_string(state));
}

std::string_view color_of(InviteeState state) {
  switch (state) {
    case InviteeState::registered:
      return "success";
    case InviteeState::declined:
      return "danger";
    case InviteeState::invited:
      return "info";
    case InviteeState::listed:
      break;
  }
  return "neutral";
}

web::View numbers_view(const Page& page, const InviteeList& list) {
  web::View rows = web::View::array();
  for (const auto state : kStates)
    rows.push_back({{"label", state_text(page, state)},
                    {"number", std::to_string(count_of(list.counts, state))}});
  return rows;
}

web::View office_rows(const Page& page, const InviteeList& list) {
  web::View rows = web::View::array();
  for (const auto& office : list.institutions) {
    web::View row{{"office", office.institution ? office.institution->name
                                                : page.text("invitees.no_office")}};
    for (const auto state : kStates)
      row[std::string(to_string(state))] = std::to_string(count_of(office.counts, state));
    rows.push_back(std::move(row));
  }
  return rows;
}

web::View row_views(const Page& page, const InviteeList& list) {
  web::View rows = web::View::array();
  for (const auto& invitee : list.invitees) {
    if (rows.size() == kMostShown) break;
    const auto& name = invitee.full_name.empty() ? invitee.email : invitee.full_name;
    web::View row{{"id", std::to_string(invitee.id.value)},
                  {"name", name},
                  {"email", invitee.full_name.empty() ? "" : invitee.email},
                  {"job_title", invitee.job_title},
                  {"institution", invitee.institution ? invitee.institution->name : ""},
                  {"state", state_text(page, invitee.state)},
                  {"color", color_of(invitee.state)},
                  {"source", word(page, "invitee_source", to_string(invitee.source))},
                  {"reason", invitee.decline_reason},
                  {"select", page.text("invitees.choose_one", {{"name", name}})}};
    row["sent"] = invitee.invited_at ? moment_text(page, *invitee.invited_at) : "–";
    if (invitee.reminded_at)
      row["reminded"] =
          page.text("invitees.reminded_at", {{"when", moment_text(page, *invitee.reminded_at)}});
    rows.push_back(std::move(row));
  }
  return rows;
}

usecases::InviteeFilter read_filter(const Request& request) {
  usecases::InviteeFilter filter;
  filter.state = domain::find_invitee_state(request.query_value("stan"));
  filter.q = request.query_value("q").substr(0, 200);
  return filter;
}

InviteeList load(const Page& page, const SignedIn& signed_in,
                 const usecases::InviteeFilter& filter = {}) {
  auto list = list_invitees(page.environment(), signed_in.actor, invitee_scope(page), filter);
  if (!list) throw Error(404);
  return std::move(list).value();
}

void fill_links(Page& page, const InviteeList& list) {
  web::View links = web::View::array();
  const auto add = [&](const char* key, const std::string& path) {
    links.push_back({{"label", page.text(key)}, {"url", page.link(path)}});
  };
  if (const auto* meeting = std::get_if<domain::MeetingId>(&list.scope)) {
    const auto base = fmt::format("/panel/spotkania/{}", meeting->value);
    add("invitees.meeting_link", base + "/dane");
    add("invitees.registrations_link", base + "/zapisy");
    add("invitees.challenges_link", base + "/wyzwania");
  } else {
    add("invitees.cycle_link",
        fmt::format("/panel/cykle/{}", std::get<domain::CycleId>(list.scope).value));
  }
  page.view()["links"] = std::move(links);
}

void fill_sending(Page& page, const InviteeList& list) {
  auto& view = page.view();
  const auto listed = count_of(list.counts, InviteeState::listed);
  const bool can_send = !list.obstacle;
  if (list.obstacle) view["obstacle"] = page.text(domain::FieldError{"", *list.obstacle});
  if (listed > 0) view["invite"] = page.text("invitees.to_invite", {{"count", listed}});
  if (list.to_remind > 0)
    view["remind"] = page.text("invitees.to_remind", {{"count", std::int64_t{list.to_remind}}});
  view["can_send"] = can_send && (listed > 0 || list.to_remind > 0);
  view["nobody_to_send"] = can_send && listed == 0 && list.to_remind == 0;
  if (list.held > 0)
    view["held"] = page.text("invitees.held", {{"count", std::int64_t{list.held}}});
}

web::View office_options(const Page& page) {
  std::vector<std::pair<std::string, std::string>> values{{"", page.text("invitees.of_cycle")}};
  for (const auto& one : list_associations(page.environment()))
    values.emplace_back(one.code, page.text("invitees.of_association", {{"name", one.name}}));
  return options_view(values, "");
}

web::View edition_options(const Page& page, const SignedIn& signed_in, const InviteeList& list) {
  std::vector<std::pair<std::string, std::string>> values{
      {"", page.text("invitees.edition_choose")}};
  for (const auto& one : list_editions(page.environment(), signed_in.actor, list.scope))
    values.emplace_back(one.key,
                        one.title + " (" + web::day_date(page.language(), one.starts) + ")");
  return options_view(values, "");
}

void fill_adding(Page& page, const SignedIn& signed_in, const InviteeList& list) {
  auto& view = page.view();
  add_institution_choices(page);
  view["offices"] = office_options(page);
  view["editions"] = edition_options(page, signed_in, list);
  view["preview_action"] = page.link(invitees_path(list.scope, "/podglad"));
  view["languages"] =
      options_view({{"pl", "polski"}, {"en", "English"}}, to_string(domain::Language::pl));
}

void fill_list(Page& page, const InviteeList& list, const usecases::InviteeFilter& filter) {
  auto& view = page.view();
  std::vector<std::pair<std::string, std::string>> states{{"", page.text("invitees.any_state")}};
  for (const auto state : kStates) states.emplace_back(to_string(state), state_text(page, state));
  view["filter"] = {{"q", filter.q},
                    {"states", options_view(states, filter.state ? to_string(*filter.state) : "")}};
  view["rows"] = row_views(page, list);
  const auto count = static_cast<std::int64_t>(list.invitees.size());
  view["count_text"] = page.text("invitees.count", {{"count", count}});
  if (list.invitees.size() > kMostShown)
    view["only_first"] =
        page.text("invitees.only_first", {{"count", static_cast<std::int64_t>(kMostShown)}});
  view["list_url"] = page.link(invitees_path(list.scope));
  view["unanswered_url"] = page.link(invitees_path(list.scope)) + "?stan=invited#lista";
}

std::vector<domain::InviteeId> read_chosen(const FormFields& fields) {
  std::vector<domain::InviteeId> chosen;
  for (const auto& [name, value] : fields.fields) {
    std::int64_t id = 0;
    const auto* end = value.data() + value.size();
    if (name == "osoba" && std::from_chars(value.data(), end, id).ptr == end && id > 0)
      chosen.push_back(domain::InviteeId{id});
  }
  return chosen;
}

Response remove(Page& page, const SignedIn& signed_in) {
  require_list(page, signed_in);
  const auto fields = read_own_form(page);
  InviteePageState state;
  state.errors = fields.errors;
  const auto chosen = read_chosen(fields);
  if (chosen.empty()) state.errors.push_back({"", "nothing_chosen"});
  if (state.errors.empty()) {
    const auto scope = invitee_scope(page);
    const auto removed =
        remove_invitees(page.environment(), person_call(page, fields, signed_in), scope, chosen);
    if (removed) return redirect_done(page, invitees_path(scope), "invitees_removed");
    state.errors = errors_of(removed.failure(), "change_sent_before");
  }
  state.status = 422;
  return show_invitees(page, signed_in, state);
}

// ---- Sending

usecases::InvitationOrder read_order(const FormFields& fields) {
  usecases::InvitationOrder order;
  order.remind = fields.value("do") == "remind";
  order.message = fields.value("message");
  return order;
}

Response show_sending_again(Page& page, const SignedIn& signed_in, const std::string& message,
                            const domain::FieldErrors& errors) {
  InviteePageState state;
  state.status = 422;
  state.message = message;
  state.errors = errors;
  return show_invitees(page, signed_in, state);
}

// The words of the mail, as the texts of its kind have them.
web::View mail_view(const Page& page, const notifications::MailFacts& facts,
                    const std::string& day) {
  const auto language = facts.language;
  const auto text = [&](const std::string& key) {
    return page.messages().text(to_string(language), "mail.meeting_invitation." + key,
                                {{"title", facts.meeting_title}, {"day", day}});
  };
  web::View paragraphs = web::View::array();
  for (const auto& line : split_lines(facts.ask->text)) paragraphs.push_back({{"value", line}});
  return {{"language", to_string(language)},
          {"subject", text("subject")},
          {"heading", text("heading")},
          {"intro", text("intro")},
          {"paragraphs", std::move(paragraphs)},
          {"button", text("action")},
          {"origin", text("origin_" + facts.ask->origin)},
          {"rights", text("rights")}};
}

Response show_preview(Page& page, const SignedIn& signed_in, const usecases::InvitationOrder& order,
                      const usecases::InvitationPreview& preview) {
  const auto list = load(page, signed_in);
  open_invitees(page, signed_in, list,
                page.text(order.remind ? "invitees.remind_title" : "invitees.send_title"));
  page.crumb(page.text("invitees.title", {{"title", list.title}}), invitees_path(list.scope));
  auto& view = page.view();
  const auto& first = preview.recipients.front();
  view["mail"] = mail_view(page, preview.sample,
                           web::day_date(preview.sample.language, preview.sample.starts));
  view["mail_to"] = page.text("invitees.mail_to",
                              {{"name", first.full_name.empty() ? first.email : first.full_name}});
  const auto count = static_cast<std::int64_t>(preview.recipients.size());
  view["recipients_text"] = page.text("invitees.recipients", {{"count", count}});
  view["recipients"] = web::View::array();
  for (const auto& one : preview.recipients)
    view["recipients"].push_back({{"who", mailbox_text(one.full_name, one.email)}});
  view["hold_hint"] = page.text("invitees.hold_hint",
                                {{"held", page.environment().hold_seconds > 0 ? "yes" : "no"}});
  view["message"] = order.message;
  view["do"] = order.remind ? "remind" : "invite";
  view["action"] = page.link(invitees_path(list.scope, "/wyslij"));
  view["back_url"] = page.link(invitees_path(list.scope));
  const FormGuard guard(page);
  return guard.apply(page.render(200, "pages/panel_invitee_send"));
}

Response preview_sending(Page& page, const SignedIn& signed_in) {
  require_list(page, signed_in);
  const auto fields = read_own_form(page);
  const auto order = read_order(fields);
  auto errors = fields.errors;
  if (errors.empty()) {
    const auto preview =
        preview_invitations(page.environment(), signed_in.actor, invitee_scope(page), order);
    if (preview) return show_preview(page, signed_in, order, *preview);
    errors = errors_of(preview.failure(), "change_sent_before");
  }
  return show_sending_again(page, signed_in, order.message, errors);
}

Response send(Page& page, const SignedIn& signed_in) {
  require_list(page, signed_in);
  const auto fields = read_own_form(page);
  const auto order = read_order(fields);
  auto errors = fields.errors;
  if (errors.empty()) {
    const auto scope = invitee_scope(page);
    const auto sent =
        send_invitations(page.environment(), person_call(page, fields, signed_in), scope, order);
    if (sent)
      return redirect_done(page, invitees_path(scope),
                           order.remind ? "invitees_reminded" : "invitees_sent");
    errors = errors_of(sent.failure(), "change_sent_before");
  }
  return show_sending_again(page, signed_in, order.message, errors);
}

Response take_back(Page& page, const SignedIn& signed_in) {
  require_list(page, signed_in);
  const auto fields = read_own_form(page);
  auto errors = fields.errors;
  if (errors.empty()) {
    const auto scope = invitee_scope(page);
    const auto stopped =
        take_back_invitations(page.environment(), person_call(page, fields, signed_in), scope);
    if (stopped) return redirect_done(page, invitees_path(scope), "invitees_taken_back");
    errors = errors_of(stopped.failure(), "change_sent_before");
  }
  return show_sending_again(page, signed_in, {}, errors);
}

}  // namespace

void require_list(const Page& page, const SignedIn& signed_in) {
  const auto scope = invitee_scope(page);
  const auto id = std::to_string(id_of(page.request()));
  const auto thing =
      std::holds_alternative<domain::MeetingId>(scope)
          ? check_meeting(page.environment(), signed_in.actor, domain::Action::organize, id)
          : check_cycle(page.environment(), signed_in.actor, domain::Action::organize, id);
  if (!thing) throw Error(404);
}

domain::InviteeScope invitee_scope(const Page& page) {
  const auto id = id_of(page.request());
  if (page.request().path.find("/cykle/") != std::string::npos) return domain::CycleId{id};
  return domain::MeetingId{id};
}

std::string invitees_path(const domain::InviteeScope& scope, std::string_view part) {
  if (const auto* meeting = std::get_if<domain::MeetingId>(&scope))
    return fmt::format("/panel/spotkania/{}/zaproszenia{}", meeting->value, part);
  return fmt::format("/panel/cykle/{}/zaproszenia{}", std::get<domain::CycleId>(scope).value, part);
}

void open_invitees(Page& page, const SignedIn& signed_in, const InviteeList& list,
                   const std::string& title) {
  page.view()["crumbs"] = web::View::array();
  open_panel(page, signed_in, PanelRoom::cycles, title);
  page.crumb(page.text("planner.cycles_title"), "/panel/cykle");
  if (const auto* meeting = std::get_if<domain::MeetingId>(&list.scope)) {
    page.crumb(list.title, fmt::format("/panel/spotkania/{}/dane", meeting->value));
    add_meeting_tabs(page, *meeting, "zaproszenia");
  } else {
    page.crumb(list.title,
               fmt::format("/panel/cykle/{}", std::get<domain::CycleId>(list.scope).value));
  }
}

std::string mailbox_text(const std::string& full_name, const std::string& email) {
  return full_name.empty() ? email : full_name + " <" + email + ">";
}

web::View wrong_views(const Page& page, const std::vector<usecases::Candidate>& candidates) {
  web::View rows = web::View::array();
  for (const auto& candidate : candidates) {
    if (candidate.verdict != usecases::CandidateVerdict::wrong) continue;
    web::View rules = web::View::array();
    for (const auto& error : candidate.errors) rules.push_back({{"rule", page.text(error)}});
    rows.push_back({{"line", candidate.line > 0 ? std::to_string(candidate.line) : "–"},
                    {"text", candidate.text},
                    {"rules", std::move(rules)}});
  }
  return rows;
}

Response show_invitees(Page& page, const SignedIn& signed_in, const InviteePageState& state) {
  const auto filter = read_filter(page.request());
  const auto list = load(page, signed_in, filter);
  const auto title = page.text("invitees.title", {{"title", list.title}});
  open_invitees(page, signed_in, list,
                state.errors.empty() ? title : page.text("form.error_title", {{"title", title}}));
  auto& view = page.view();
  view["heading"] = title;
  view["numbers"] = numbers_view(page, list);
  view["office_rows"] = office_rows(page, list);
  view["text"] = state.text;
  view["wrong"] = state.wrong;
  view["result"] = state.result;
  view["message"] = state.message;
  view["send_action"] = page.link(invitees_path(list.scope, "/wysylka"));
  view["take_back_action"] = page.link(invitees_path(list.scope, "/cofnij"));
  view["remove_action"] = page.link(invitees_path(list.scope, "/usun"));
  view["privacy"] = page.text(
      "invitees.privacy",
      {{"days",
        std::int64_t{page.environment().retention.kept(domain::RetainedField::invitee).count()}}});
  fill_links(page, list);
  fill_sending(page, list);
  fill_adding(page, signed_in, list);
  fill_list(page, list, filter);
  if (!state.errors.empty()) show_errors(page, state.errors);
  const FormGuard guard(page);
  return guard.apply(page.render(state.status, "pages/panel_invitees"));
}

void add_panel_invitee_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 64 << 10;
  const auto show = [](Page& page, const SignedIn& signed_in) {
    return show_invitees(page, signed_in);
  };
  for (const std::string base :
       {"/panel/spotkania/{id}/zaproszenia", "/panel/cykle/{id}/zaproszenia"}) {
    add_private_page(router, parts, Method::get, base, show);
    add_private_page(router, parts, Method::post, base + "/usun", remove, form);
    add_private_page(router, parts, Method::post, base + "/wysylka", preview_sending, form);
    add_private_page(router, parts, Method::post, base + "/wyslij", send, form);
    add_private_page(router, parts, Method::post, base + "/cofnij", take_back, form);
    add_panel_invitee_adding_pages(router, parts, base);
  }
}

}  // namespace narada::http::pages
