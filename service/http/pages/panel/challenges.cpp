// /panel/spotkania/{id}/wyzwania: with what problems people come to one meeting.

#include "service/usecases/registrations/challenges.h"

#include <fmt/format.h>

#include <charconv>

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/fields.h"
#include "service/http/pages/panel/lists.h"
#include "service/http/pages/panel/meeting_frame.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/views.h"
#include "service/usecases/practices/practices.h"
#include "service/usecases/things.h"

namespace narada::http::pages {
namespace {

using usecases::ChallengeBox;
using usecases::SignedIn;

constexpr const char* kPath = "/panel/spotkania/{id}/wyzwania";

domain::MeetingId meeting_of(const Page& page) { return domain::MeetingId{id_of(page.request())}; }

domain::ChallengeGroupId group_of(const Page& page) {
  return domain::ChallengeGroupId{id_of(page.request(), "group")};
}

std::string box_path(domain::MeetingId meeting, const std::string& part = {}) {
  return fmt::format("/panel/spotkania/{}/wyzwania{}", meeting.value, part);
}

std::string group_path(domain::MeetingId meeting, domain::ChallengeGroupId group,
                       const std::string& part = {}) {
  return box_path(meeting, fmt::format("/{}{}", group.value, part));
}

void require_organizer(const Page& page, const SignedIn& signed_in) {
  if (!check_meeting(page.environment(), signed_in.actor, domain::Action::organize,
                     std::to_string(meeting_of(page).value)))
    throw Error(404);
}

ChallengeBox load(const Page& page, const SignedIn& signed_in) {
  auto box = load_challenge_box(page.environment(), signed_in.actor,
                                std::to_string(meeting_of(page).value));
  if (!box) throw Error(404);
  return std::move(box).value();
}

web::View challenge_views(const Page& page, const std::vector<domain::Challenge>& challenges,
                          bool may_change) {
  web::View views = web::View::array();
  for (const auto& one : challenges)
    views.push_back(
        {{"id", std::to_string(one.registration.value)},
         {"url", page.link("/panel/zgloszenia/" + std::to_string(one.registration.value))},
         {"name", one.full_name},
         {"institution", one.institution_name},
         {"text", one.text},
         {"contact", one.contact},
         {"choosable", may_change},
         {"select", page.text("challenges.choose_one", {{"name", one.full_name}})}});
  return views;
}

std::int64_t count_of(const std::vector<domain::Challenge>& challenges) {
  return static_cast<std::int64_t>(challenges.size());
}

web::View practice_views(const Page& page, const std::vector<domain::PracticeLink>& practices) {
  web::View views = web::View::array();
  for (const auto& practice : practices)
    views.push_back({{"id", std::to_string(practice.id.value)},
                     {"title", practice.title},
                     {"url", page.link("/praktyki/" + practice.slug)}});
  return views;
}

web::View group_view(const Page& page, const ChallengeBox& box,
                     const domain::ChallengeGroup& group) {
  web::View view{{"id", std::to_string(group.id.value)},
                 {"title", group.title},
                 {"count", page.text("challenges.count", {{"count", count_of(group.challenges)}})},
                 {"challenges", challenge_views(page, group.challenges, box.may_change)},
                 {"answer", group.answer},
                 {"practices", practice_views(page, group.practices)},
                 {"url", page.link(group_path(box.meeting.id, group.id))},
                 {"edit_label", page.text("challenges.edit_of", {{"title", group.title}})},
                 {"may_change", box.may_change}};
  if (group.answered_at)
    view["answered"] =
        page.text("challenges.answered", {{"when", moment_text(page, *group.answered_at)}});
  if (group.contacts_shared_at)
    view["shared"] =
        page.text("challenges.shared", {{"when", moment_text(page, *group.contacts_shared_at)}});
  return view;
}

// The groups as text to be copied into the program.
std::string program_text(const Page& page, const ChallengeBox& box) {
  std::string text;
  for (const auto& group : box.groups)
    text += "• " + group.title + " (" +
            page.text("challenges.count", {{"count", count_of(group.challenges)}}) + ")\n";
  return text;
}

void frame(Page& page, const SignedIn& signed_in, const ChallengeBox& box,
           const std::string& title) {
  page.view()["crumbs"] = web::View::array();
  open_list(page, signed_in, ListRoom::registrations, title);
  page.crumb(page.text("lists.all_title"), "/panel/zgloszenia");
  page.crumb(box.meeting.title, fmt::format("/panel/spotkania/{}/zapisy", box.meeting.id.value));
  add_organizer_tabs(page, signed_in, box.meeting.id, "wyzwania");
}

void show_done_of(Page& page) {
  const auto done = page.request().query_value("zrobione");
  const auto key = "panel.done_" + done;
  if (done.starts_with("challenge") && page.messages().has(to_string(page.language()), key))
    page.view()["done"] = {{"heading", page.text(key)}};
}

std::vector<std::pair<std::string, std::string>> group_choices(const Page& page,
                                                               const ChallengeBox& box) {
  std::vector<std::pair<std::string, std::string>> values{
      {"", page.text("challenges.choose_group")}};
  for (const auto& group : box.groups)
    values.emplace_back(std::to_string(group.id.value), group.title);
  values.emplace_back("0", page.text("challenges.no_group"));
  return values;
}

Response show_box(Page& page, const SignedIn& signed_in, const domain::FieldErrors& errors = {},
                  const std::string& new_title = {}) {
  const auto box = load(page, signed_in);
  const auto title = page.text("challenges.title", {{"title", box.meeting.title}});
  frame(page, signed_in, box,
        errors.empty() ? title : page.text("form.error_title", {{"title", title}}));
  show_done_of(page);
  auto& view = page.view();
  view["heading"] = title;
  view["asks"] = box.asks;
  view["may_change"] = box.may_change;
  view["groups"] = web::View::array();
  for (const auto& group : box.groups) view["groups"].push_back(group_view(page, box, group));
  view["ungrouped"] = challenge_views(page, box.ungrouped, box.may_change);
  view["group_options"] = options_view(group_choices(page, box), "");
  view["new_title"] = new_title;
  view["program"] = program_text(page, box);
  bool has_any = !box.ungrouped.empty();
  for (const auto& group : box.groups) has_any = has_any || !group.challenges.empty();
  view["groupable"] = box.may_change && has_any;
  view["nothing"] = box.groups.empty() && box.ungrouped.empty();
  view["switch_action"] = page.link(box_path(box.meeting.id));
  view["assign_action"] = page.link(box_path(box.meeting.id, "/przypisz"));
  view["create_action"] = page.link(box_path(box.meeting.id, "/grupy"));
  if (!errors.empty()) show_errors(page, errors);
  const FormGuard guard(page);
  return guard.apply(page.render(errors.empty() ? 200 : 422, "pages/panel_challenges"));
}

Response save_switch(Page& page, const SignedIn& signed_in) {
  require_organizer(page, signed_in);
  const auto fields = read_own_form(page);
  auto errors = fields.errors;
  if (errors.empty()) {
    const auto saved = set_asks_challenge(page.environment(), person_call(page, fields, signed_in),
                                          meeting_of(page), fields.has("asks_challenge"));
    if (saved) return redirect_done(page, box_path(*saved), "challenges_saved");
    errors = errors_of(saved.failure(), "change_sent_before");
  }
  return show_box(page, signed_in, errors);
}

Response create_group(Page& page, const SignedIn& signed_in) {
  require_organizer(page, signed_in);
  const auto fields = read_own_form(page);
  auto errors = fields.errors;
  const auto title = fields.value("new_title");
  if (errors.empty()) {
    const auto created = create_challenge_group(
        page.environment(), person_call(page, fields, signed_in), meeting_of(page), title);
    if (created) return redirect_done(page, box_path(meeting_of(page)), "challenge_group_created");
    errors = errors_of(created.failure(), "change_sent_before");
  }
  return show_box(page, signed_in, errors, title);
}

std::vector<domain::RegistrationId> read_chosen(const FormFields& fields) {
  std::vector<domain::RegistrationId> chosen;
  for (const auto& [name, value] : fields.fields) {
    std::int64_t id = 0;
    const auto* end = value.data() + value.size();
    if (name == "r" && std::from_chars(value.data(), end, id).ptr == end && id > 0)
      chosen.push_back(domain::RegistrationId{id});
  }
  return chosen;
}

Response assign(Page& page, const SignedIn& signed_in) {
  require_organizer(page, signed_in);
  const auto fields = read_own_form(page);
  auto errors = fields.errors;
  const auto chosen = read_chosen(fields);
  const auto number = read_integer(fields, "group", errors);
  if (errors.empty() && !number) errors.push_back({"group", "required"});
  if (errors.empty() && chosen.empty()) errors.push_back({"", "nothing_chosen"});
  if (errors.empty()) {
    std::optional<domain::ChallengeGroupId> group;
    if (*number > 0) group = domain::ChallengeGroupId{*number};
    const auto moved = assign_challenges(page.environment(), person_call(page, fields, signed_in),
                                         meeting_of(page), chosen, group);
    if (moved) return redirect_done(page, box_path(meeting_of(page)), "challenges_grouped");
    errors = errors_of(moved.failure(), "change_sent_before");
  }
  return show_box(page, signed_in, errors);
}

// ---- One group

const domain::ChallengeGroup& find_group(const Page& page, const ChallengeBox& box) {
  for (const auto& group : box.groups)
    if (group.id == group_of(page)) return group;
  throw Error(404);
}

web::View practice_names(const Page& page) {
  web::View names = web::View::array();
  usecases::PageRequest request{200, {}};
  for (const auto& practice :
       list_practices(page.environment(), visitor(), usecases::PracticeFilter{}, request).items)
    names.push_back({{"value", practice.title}});
  return names;
}

// As it is stored, or as it was typed.
struct TypedGroup {
  std::string title;
  std::string answer;
  std::string practices;  // titles, one a line
  std::string version;
};

TypedGroup typed_of(const domain::ChallengeGroup& group) {
  TypedGroup typed{group.title, group.answer, {}, std::to_string(group.version)};
  for (const auto& practice : group.practices) typed.practices += practice.title + "\n";
  return typed;
}

void fill_sending(Page& page, const domain::ChallengeGroup& group) {
  auto& view = page.view();
  const auto offers = domain::match_contacts(group.challenges);
  view["can_answer"] =
      !group.challenges.empty() && (!group.answer.empty() || !group.practices.empty());
  view["answer_text"] =
      page.text(group.answered_at ? "challenges.send_again_text" : "challenges.send_text",
                {{"count", count_of(group.challenges)}});
  view["answer_button"] =
      page.text(group.answered_at ? "challenges.send_again" : "challenges.send");
  view["answer_paragraphs"] = web::View::array();
  for (const auto& line : split_lines(group.answer))
    view["answer_paragraphs"].push_back({{"value", line}});
  view["answer_practices"] = practice_views(page, group.practices);
  view["can_share"] = !offers.empty();
  view["share_text"] =
      page.text("challenges.share_text", {{"count", static_cast<std::int64_t>(offers.size())}});
  view["share_button"] =
      page.text(group.contacts_shared_at ? "challenges.share_again" : "challenges.share");
  view["offers"] = web::View::array();
  for (const auto& offer : offers)
    view["offers"].push_back({{"name", offer.to.full_name},
                              {"institution", offer.to.institution_name},
                              {"email", offer.to.email}});
  view["again_answer"] = group.answered_at.has_value();
  view["again_share"] = group.contacts_shared_at.has_value();
}

Response show_group(Page& page, const SignedIn& signed_in, const domain::FieldErrors& errors = {},
                    const TypedGroup* typed = nullptr) {
  const auto box = load(page, signed_in);
  if (!box.may_change) throw Error(404);
  const auto& group = find_group(page, box);
  frame(page, signed_in, box,
        errors.empty() ? group.title : page.text("form.error_title", {{"title", group.title}}));
  page.crumb(page.text("challenges.title", {{"title", box.meeting.title}}),
             box_path(box.meeting.id));
  show_done_of(page);
  auto& view = page.view();
  const auto shown = typed ? *typed : typed_of(group);
  view["group"] = group_view(page, box, group);
  view["heading"] = group.title;
  view["group_title"] = shown.title;
  view["answer"] = shown.answer;
  view["practices"] = shown.practices;
  view["version"] = shown.version;
  view["practice_names"] = practice_names(page);
  const auto path = [&](const std::string& part) {
    return page.link(group_path(box.meeting.id, group.id, part));
  };
  view["action"] = path("");
  view["answer_action"] = path("/odpowiedz");
  view["share_action"] = path("/kontakt");
  view["move_action"] = path("/przenies");
  view["delete_action"] = path("/usun");
  view["box_url"] = page.link(box_path(box.meeting.id));
  fill_sending(page, group);
  if (!errors.empty()) show_errors(page, errors);
  const FormGuard guard(page);
  return guard.apply(page.render(errors.empty() ? 200 : 422, "pages/panel_challenge_group"));
}

Response save_group(Page& page, const SignedIn& signed_in) {
  require_organizer(page, signed_in);
  const auto fields = read_own_form(page);
  auto errors = fields.errors;
  const TypedGroup typed{fields.value("title"), fields.value("answer"), fields.value("practices"),
                         fields.value("version")};
  const auto version = read_integer(fields, "version", errors);
  if (errors.empty()) {
    const usecases::ChallengeGroupForm form{typed.title, typed.answer,
                                            split_lines(typed.practices)};
    const auto saved =
        change_challenge_group(page.environment(), person_call(page, fields, signed_in),
                               meeting_of(page), group_of(page), version.value_or(0), form);
    if (saved)
      return redirect_done(page, group_path(meeting_of(page), group_of(page)), "challenges_saved");
    if (std::holds_alternative<domain::NotFound>(saved.failure())) throw Error(404);
    errors = std::holds_alternative<domain::Stale>(saved.failure())
                 ? domain::FieldErrors{{"", "challenge_group_changed"}}
                 : errors_of(saved.failure(), "change_sent_before");
  }
  return show_group(page, signed_in, errors, &typed);
}

// What is done to a group by one button; `work` gives what came of it.
template <class Work>
PrivateHandler group_action(std::string done, bool leaves, Work work) {
  return [done = std::move(done), leaves, work](Page& page, const SignedIn& signed_in) {
    require_organizer(page, signed_in);
    const auto fields = read_own_form(page);
    auto errors = fields.errors;
    if (errors.empty()) {
      const std::optional<domain::Failure> failure =
          work(page, person_call(page, fields, signed_in), fields);
      const auto meeting = meeting_of(page);
      if (!failure)
        return redirect_done(page, leaves ? box_path(meeting) : group_path(meeting, group_of(page)),
                             done);
      if (std::holds_alternative<domain::NotFound>(*failure)) throw Error(404);
      errors = errors_of(*failure, "change_sent_before");
    }
    return show_group(page, signed_in, errors);
  };
}

template <class T>
std::optional<domain::Failure> failure_of(const domain::Outcome<T>& outcome) {
  if (outcome) return std::nullopt;
  return outcome.failure();
}

void add_group_pages(Router& router, const Parts& parts, const RouteOptions& form) {
  const std::string path = std::string(kPath) + "/{group}";
  const auto add = [&](const char* part, PrivateHandler handler) {
    add_private_page(router, parts, Method::post, path + part, std::move(handler), form);
  };
  add_private_page(router, parts, Method::get, path, [](Page& page, const SignedIn& signed_in) {
    return show_group(page, signed_in);
  });
  add("", save_group);
  add("/odpowiedz",
      group_action("challenge_answered", false,
                   [](const Page& page, const usecases::Call& call, const FormFields& fields) {
                     return failure_of(send_challenge_answer(page.environment(), call,
                                                             meeting_of(page), group_of(page),
                                                             fields.value("again") == "1"));
                   }));
  add("/kontakt",
      group_action("challenge_contacts_shared", false,
                   [](const Page& page, const usecases::Call& call, const FormFields& fields) {
                     return failure_of(share_challenge_contacts(page.environment(), call,
                                                                meeting_of(page), group_of(page),
                                                                fields.value("again") == "1"));
                   }));
  add("/przenies",
      group_action("challenges_saved", true,
                   [](const Page& page, const usecases::Call& call, const FormFields& fields) {
                     return failure_of(move_challenge_group(page.environment(), call,
                                                            meeting_of(page), group_of(page),
                                                            fields.value("do") == "up"));
                   }));
  add("/usun", group_action("challenge_group_deleted", true,
                            [](const Page& page, const usecases::Call& call, const FormFields&) {
                              return failure_of(delete_challenge_group(
                                  page.environment(), call, meeting_of(page), group_of(page)));
                            }));
}

}  // namespace

void add_panel_challenge_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 128 << 10;
  add_private_page(router, parts, Method::get, kPath,
                   [](Page& page, const SignedIn& signed_in) { return show_box(page, signed_in); });
  add_private_page(router, parts, Method::post, kPath, save_switch, form);
  add_private_page(router, parts, Method::post, std::string(kPath) + "/grupy", create_group, form);
  add_private_page(router, parts, Method::post, std::string(kPath) + "/przypisz", assign, form);
  add_group_pages(router, parts, form);
}

}  // namespace narada::http::pages
