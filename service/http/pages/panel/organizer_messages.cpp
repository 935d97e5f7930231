// /panel/spotkania/{id}/wiadomosc, /panel/cykle/{id}/wiadomosc: organizers write to their people.

#include "service/usecases/messages/organizer_messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "service/domain/questions.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/drafts.h"
#include "service/http/pages/panel/invitees.h"
#include "service/http/pages/panel/meeting_frame.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/views.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::MessageGroup;
using domain::MessageScope;
using usecases::FieldTexts;
using usecases::MessageDesk;
using usecases::MessageOrder;
using usecases::MessagePreview;
using usecases::SignedIn;

constexpr std::size_t kMostNames = 500;  // shown of those it goes to

std::string path_of(const MessageScope& scope, std::string_view part = {}) {
  if (const auto* meeting = std::get_if<domain::MeetingId>(&scope))
    return fmt::format("/panel/spotkania/{}/wiadomosc{}", meeting->value, part);
  return fmt::format("/panel/cykle/{}/wiadomosc{}", std::get<domain::CycleId>(scope).value, part);
}

std::string group_text(const Page& page, MessageGroup group) {
  return page.text("messages.group_" + std::string(to_string(group)));
}

// What was typed, by the names of the inputs; the groups one a line.
FieldTexts typed_texts(const FormFields& fields) {
  FieldTexts texts;
  for (const char* name : {"subject", "body", "subject_en", "body_en", "mode", "institution"})
    texts[name] = fields.value(name);
  std::vector<std::string> groups;
  for (const auto& [name, value] : fields.fields)
    if (name == "groups") groups.push_back(value);
  texts["groups"] = domain::join_lines(groups);
  return texts;
}

std::string text_in(const FieldTexts& texts, const std::string& name) {
  const auto found = texts.find(name);
  return found == texts.end() ? std::string() : found->second;
}

MessageOrder order_of(const FieldTexts& texts) {
  MessageOrder order;
  for (const auto& name : domain::split_lines(text_in(texts, "groups")))
    if (const auto group = domain::find_message_group(name)) order.groups.push_back(*group);
  order.mode = domain::find_attendance_mode(text_in(texts, "mode"));
  const auto office = text_in(texts, "institution");
  domain::InstitutionId id;
  std::from_chars(office.data(), office.data() + office.size(), id.value);
  if (id.value > 0) order.institution = id;
  order.texts = {{text_in(texts, "subject"), text_in(texts, "body")},
                 {text_in(texts, "subject_en"), text_in(texts, "body_en")}};
  return order;
}

DraftDesk draft_desk(Page& page, const SignedIn& signed_in, const MessageScope& scope) {
  return {page, signed_in, {"message", usecases::to_text(scope)}};
}

// Paragraphs of a text in pieces: words and addresses, so that these become links.
web::View paragraph_views(const std::string& text) {
  web::View paragraphs = web::View::array();
  for (const auto& line : domain::split_lines(text)) {
    web::View pieces = web::View::array();
    for (const auto& [piece, is_link] : domain::split_links(line))
      pieces.push_back({{is_link ? "url" : "words", piece}});
    paragraphs.push_back({{"pieces", std::move(pieces)}});
  }
  return paragraphs;
}

// The mail of one person as it will read.
web::View mail_view(const Page& page, const notifications::MailFacts& facts) {
  const auto language = to_string(facts.language);
  const auto text = [&](const char* key) {
    return page.messages().text(language, std::string("mail.organizer_message.") + key);
  };
  const auto who =
      facts.to_name.empty() ? facts.to_address : facts.to_name + " <" + facts.to_address + ">";
  return {{"language", language},
          {"who", page.text("messages.mail_to", {{"who", who}})},
          {"subject", facts.subject},
          {"heading", text("heading")},
          {"intro", text("intro")},
          {"paragraphs", paragraph_views(facts.ask->text)},
          {"meeting", facts.meeting_title},
          {"when", web::day_date(facts.language, facts.starts)},
          {"plain", text("heading") + "\n\n" + text("intro") + "\n\n" + facts.ask->text + "\n\n" +
                        facts.meeting_title + "\n" + facts.manage_url}};
}

void open_message_page(Page& page, const SignedIn& signed_in, const MessageDesk& desk,
                       const std::string& title) {
  page.view()["crumbs"] = web::View::array();
  const bool has_errors = page.view().contains("errors");
  open_panel(page, signed_in, PanelRoom::cycles,
             has_errors ? page.text("form.error_title", {{"title", title}}) : title);
  page.crumb(page.text("planner.cycles_title"), "/panel/cykle");
  if (const auto* meeting = std::get_if<domain::MeetingId>(&desk.scope)) {
    page.crumb(desk.title, fmt::format("/panel/spotkania/{}/dane", meeting->value));
    add_meeting_tabs(page, *meeting, "poczta");
  } else {
    page.crumb(desk.title,
               fmt::format("/panel/cykle/{}", std::get<domain::CycleId>(desk.scope).value));
  }
  page.view()["heading"] = title;
}

std::string audience_text(const Page& page, const usecases::SentMessage& message) {
  std::string text;
  for (const auto group : message.groups) {
    if (!text.empty()) text += ", ";
    text += group_text(page, group);
  }
  if (message.mode) text += "; " + word(page, "mode", to_string(*message.mode));
  if (!message.institution_name.empty()) text += "; " + message.institution_name;
  return text;
}

std::string standing_text(const Page& page, const usecases::SentMessage& message) {
  if (message.taken_back_at)
    return page.text("messages.taken_back", {{"when", moment_text(page, *message.taken_back_at)}});
  return page.text("messages.delivery", {{"waiting", std::int64_t{message.waiting}},
                                         {"sent", std::int64_t{message.sent}},
                                         {"failed", std::int64_t{message.failed}}});
}

web::View sent_views(const Page& page, const MessageDesk& desk) {
  web::View rows = web::View::array();
  for (const auto& message : desk.sent) {
    const bool held = !message.taken_back_at && message.leaves_at > page.now();
    rows.push_back(
        {{"id", std::to_string(message.id.value)},
         {"when", moment_text(page, message.created_at)},
         {"who", message.written_by.empty() ? page.text("messages.nobody") : message.written_by},
         {"subject", message.texts.polish.subject},
         {"body", message.texts.polish.body},
         {"body_en", message.texts.english.body},
         {"audience", audience_text(page, message)},
         {"people", std::to_string(message.people)},
         {"standing", standing_text(page, message)},
         {"held",
          held ? page.text("messages.held_until", {{"when", moment_text(page, message.leaves_at)}})
               : std::string()},
         {"take_back_name",
          page.text("messages.take_back_of", {{"subject", message.texts.polish.subject}})}});
  }
  return rows;
}

void fill_form(Page& page, const MessageDesk& desk, const FieldTexts& texts) {
  auto& view = page.view();
  const auto chosen = domain::split_lines(text_in(texts, "groups"));
  view["groups"] = web::View::array();
  for (const auto& [group, number] : desk.numbers) {
    const std::string name(to_string(group));
    view["groups"].push_back(
        {{"value", name},
         {"label", group_text(page, group)},
         {"number", page.text("messages.people", {{"count", std::int64_t{number}}})},
         {"checked", std::find(chosen.begin(), chosen.end(), name) != chosen.end()}});
  }
  view["modes"] = options_view({{"", page.text("messages.any_mode")},
                                {"onsite", word(page, "mode", "onsite")},
                                {"online", word(page, "mode", "online")}},
                               text_in(texts, "mode"));
  std::vector<std::pair<std::string, std::string>> offices = {
      {"", page.text("messages.any_office")}};
  for (const auto& office : desk.offices)
    offices.emplace_back(std::to_string(office.id.value), office.name);
  view["offices"] = options_view(offices, text_in(texts, "institution"));
  for (const char* name : {"subject", "body", "subject_en", "body_en"})
    view[name] = text_in(texts, name);
}

MessageDesk load(const Page& page, const SignedIn& signed_in) {
  auto desk = load_message_desk(page.environment(), signed_in.actor, invitee_scope(page));
  if (!desk) throw Error(404);
  return std::move(desk).value();
}

struct MessagePageState {
  FieldTexts texts;
  domain::FieldErrors errors = {};
  bool fresh = false;  // what was typed is not on the page
};
Response show_desk(Page& page, const SignedIn& signed_in, const MessagePageState& state) {
  const auto desk = load(page, signed_in);
  const auto title = page.text("messages.title", {{"title", desk.title}});
  if (!state.errors.empty()) {
    page.title(title);
    show_errors(page, state.errors);
  }
  open_message_page(page, signed_in, desk, title);
  draft_desk(page, signed_in, desk.scope).show(path_of(desk.scope), state.fresh);
  fill_form(page, desk, state.texts);
  auto& view = page.view();
  view["action"] = page.link(path_of(desk.scope));
  view["body_hint"] = page.text("messages.body_hint");
  view["take_back_action"] = page.link(path_of(desk.scope, "/cofnij"));
  view["sent"] = sent_views(page, desk);
  const FormGuard guard(page);
  return guard.apply(
      page.render(state.errors.empty() ? 200 : 422, "pages/panel_organizer_message"));
}

Response show(Page& page, const SignedIn& signed_in) {
  const auto scope = invitee_scope(page);
  MessagePageState state;
  state.texts["groups"] = page.request().query_value("do");
  if (state.texts["groups"].empty()) state.texts["groups"] = "participants";
  state.fresh = true;
  (void)load(page, signed_in);
  if (const auto draft = draft_desk(page, signed_in, scope).resumed()) state = {*draft};
  return show_desk(page, signed_in, state);
}

void fill_preview(Page& page, const MessageScope& scope, const FieldTexts& texts,
                  const MessagePreview& preview) {
  auto& view = page.view();
  const auto count = [](std::size_t number) { return static_cast<std::int64_t>(number); };
  view["count_text"] = page.text("messages.count", {{"people", count(preview.people)},
                                                    {"addresses", count(preview.addresses)}});
  view["leaves_text"] =
      page.text("messages.leaves", {{"when", moment_text(page, preview.leaves_at)},
                                    {"held", preview.leaves_at > page.now() ? "yes" : "no"}});
  view["left_out"] = web::View::array();
  for (const auto& [name, why] : preview.left_out)
    view["left_out"].push_back(
        {{"name", name.empty() ? page.text("messages.nobody") : name},
         {"why", page.text("messages.left_out_" + std::string(to_string(why)))}});
  view["names"] = web::View::array();
  for (const auto& name : preview.names)
    if (view["names"].size() < kMostNames) view["names"].push_back({{"name", name}});
  view["mails"] = web::View::array();
  for (const auto& facts : preview.samples) view["mails"].push_back(mail_view(page, facts));
  view["fields"] = web::View::array();
  for (const auto& [name, value] : texts) {
    if (name != "groups") view["fields"].push_back({{"name", name}, {"value", value}});
  }
  for (const auto& group : domain::split_lines(text_in(texts, "groups")))
    view["fields"].push_back({{"name", "groups"}, {"value", group}});
  view["action"] = page.link(path_of(scope, "/wyslij"));
  view["back_action"] = page.link(path_of(scope));
}

Response show_preview(Page& page, const SignedIn& signed_in, const FieldTexts& texts,
                      const MessagePreview& preview) {
  const auto desk = load(page, signed_in);
  open_message_page(page, signed_in, desk, page.text("messages.preview_title"));
  page.crumb(page.text("messages.title", {{"title", desk.title}}), path_of(desk.scope));
  fill_preview(page, desk.scope, texts, preview);
  const FormGuard guard(page);
  return guard.apply(page.render(200, "pages/panel_organizer_message_preview"));
}

Response post(Page& page, const SignedIn& signed_in) {
  (void)load(page, signed_in);
  const auto fields = read_own_form(page);
  const auto texts = typed_texts(fields);
  const auto scope = invitee_scope(page);
  auto errors = fields.errors;
  if (errors.empty() && DraftDesk::is_pressed(fields)) {
    auto drafts = draft_desk(page, signed_in, scope);
    if (auto answer = drafts.press(fields, texts, path_of(scope))) return std::move(*answer);
    return show_desk(page, signed_in, {texts});
  }
  if (errors.empty() && fields.value("do") == "edit") return show_desk(page, signed_in, {texts});
  if (errors.empty()) {
    const auto preview =
        preview_message(page.environment(), signed_in.actor, scope, order_of(texts));
    if (preview) return show_preview(page, signed_in, texts, *preview);
    errors = errors_of(preview.failure(), "change_sent_before");
  }
  return show_desk(page, signed_in, {texts, errors});
}

Response send(Page& page, const SignedIn& signed_in) {
  (void)load(page, signed_in);
  const auto fields = read_own_form(page);
  const auto texts = typed_texts(fields);
  const auto scope = invitee_scope(page);
  auto errors = fields.errors;
  if (errors.empty()) {
    const auto started = send_message(page.environment(), person_call(page, fields, signed_in),
                                      scope, order_of(texts));
    if (started) {
      draft_desk(page, signed_in, scope).forget();
      return redirect(303, page.link(fmt::format("/panel/zadania/{}", started->task.value)));
    }
    errors = errors_of(started.failure(), "change_sent_before");
  }
  return show_desk(page, signed_in, {texts, errors});
}

Response take_back(Page& page, const SignedIn& signed_in) {
  (void)load(page, signed_in);
  const auto fields = read_own_form(page);
  const auto scope = invitee_scope(page);
  auto errors = fields.errors;
  if (errors.empty()) {
    const auto typed = fields.value("message");
    domain::OrganizerMessageId id;
    std::from_chars(typed.data(), typed.data() + typed.size(), id.value);
    const auto stopped =
        take_back_message(page.environment(), person_call(page, fields, signed_in), scope, id);
    if (stopped) return redirect_done(page, path_of(scope), "message_taken_back");
    errors = errors_of(stopped.failure(), "change_sent_before");
  }
  MessagePageState state;
  state.errors = errors;
  return show_desk(page, signed_in, state);
}

}  // namespace

void add_panel_organizer_message_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 128 << 10;
  for (const std::string base :
       {"/panel/spotkania/{id}/wiadomosc", "/panel/cykle/{id}/wiadomosc"}) {
    add_private_page(router, parts, Method::get, base, show);
    add_private_page(router, parts, Method::post, base, post, form);
    add_private_page(router, parts, Method::post, base + "/wyslij", send, form);
    add_private_page(router, parts, Method::post, base + "/cofnij", take_back, form);
  }
}

}  // namespace narada::http::pages
