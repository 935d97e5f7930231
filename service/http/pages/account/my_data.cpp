// /moje/dane: what is known of the signed-in person, and what they want to be told.

#include <algorithm>
#include <array>
#include <charconv>

#include "service/http/pages/account/security.h"
#include "service/http/pages/account/session.h"
#include "service/http/pages/form.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/registration_form.h"
#include "service/http/pages/reminder_words.h"
#include "service/http/pages/views.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/people/profile.h"

namespace narada::http::pages {
namespace {

using usecases::Profile;
using usecases::ProfileForm;

Profile load_profile(const Page& page, const usecases::SignedIn& signed_in) {
  auto profile = find_profile(page.environment(), signed_in.person.id);
  if (!profile) throw Error(404);
  return *std::move(profile);
}

// The form as the database would fill it in.
ProfileForm form_of(const Page& page, const Profile& profile) {
  ProfileForm form;
  form.full_name = profile.person.full_name;
  form.position = profile.person.position;
  form.unit = profile.person.unit;
  form.institution = institution_label(page, profile.person.institution);
  form.language = profile.person.language;
  for (const auto& choice : profile.notifications)
    if (choice.wanted) form.notifications.push_back(choice.kind);
  for (const auto& topic : usecases::list_topics(page.environment()))
    if (std::find(profile.topics.begin(), profile.topics.end(), topic.id) != profile.topics.end())
      form.topics.push_back(topic.slug);
  return form;
}

// What comes at once or daily, or more seldom, or never: one field and two of the kinds.
struct HowOften {
  std::string_view field;
  std::string_view kind;
  std::string_view seldom_kind;
  std::string_view often_value;
  std::string_view seldom_value;
};
constexpr HowOften kAnnouncements{"often-meeting_announced", "meeting_announced",
                                  "meeting_announced.daily", "at_once", "daily"};
constexpr HowOften kDigests{"often-digest", "digest", "digest.weekly", "daily", "weekly"};
constexpr std::array kHowOften{kAnnouncements, kDigests};
constexpr std::string_view kNever = "never";

ProfileForm read_form(const FormFields& fields) {
  ProfileForm form;
  form.full_name = fields.value("full_name");
  form.position = fields.value("position");
  form.unit = fields.value("unit");
  form.institution = fields.value("institution");
  form.language = domain::language_or_polish(fields.value("language"));
  constexpr std::string_view kNotification = "notification-", kTopic = "topic-";
  for (const auto& [name, value] : fields.fields) {
    if (name.starts_with(kNotification))
      form.notifications.push_back(name.substr(kNotification.size()));
    if (name.starts_with(kTopic)) form.topics.push_back(name.substr(kTopic.size()));
    for (const auto& often : kHowOften)
      if (name == often.field && value != kNever) {
        form.notifications.emplace_back(often.kind);
        if (value == often.seldom_value) form.notifications.emplace_back(often.seldom_kind);
      }
  }
  return form;
}

bool holds(const std::vector<std::string>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

web::View checkbox(const std::string& kind, const std::string& label, const ProfileForm& form) {
  std::string id = kind;
  std::replace(id.begin(), id.end(), '.', '-');
  return {
      {"value", kind}, {"id", id}, {"label", label}, {"checked", holds(form.notifications, kind)}};
}

std::string chosen_of(const HowOften& often, const ProfileForm& form) {
  if (!holds(form.notifications, often.kind)) return std::string(kNever);
  return std::string(holds(form.notifications, often.seldom_kind) ? often.seldom_value
                                                                  : often.often_value);
}

web::View options_of(const Page& page, const HowOften& often, const ProfileForm& form) {
  web::View options = web::View::array();
  for (const auto value : {often.often_value, often.seldom_value, kNever})
    options.push_back(
        {{"value", value},
         {"label", page.text("often." + std::string(often.kind) + "." + std::string(value))},
         {"selected", value == chosen_of(often, form)}});
  return options;
}

// In the order of usecases::notification_kinds(), in which the form comes back.
void add_notifications(Page& page, const usecases::SignedIn& signed_in, const ProfileForm& form) {
  const auto text = [&](const std::string& kind) { return page.text("notification." + kind); };
  auto& view = page.view();
  view["sign_ins"] = {checkbox("new_sign_in", text("new_sign_in"), form)};
  view["reminders"] = {checkbox("reminder", text("reminder"), form)};
  auto& times = view["reminder_times"] = web::View::array();
  for (const auto offset : page.environment().reminders)
    times.push_back(checkbox("reminder." + to_string(offset), reminder_name(page, offset), form));
  view["announced"] = options_of(page, kAnnouncements, form);
  view["surveys"] = {checkbox("survey_asked", text("survey_asked"), form)};
  const auto& grants = signed_in.actor.grants;
  const bool has_digest = std::any_of(grants.begin(), grants.end(), [](const auto& grant) {
    return grant.role == domain::Role::admin || grant.role == domain::Role::organizer ||
           grant.role == domain::Role::coordinator;
  });
  if (has_digest)
    view["digests"] = options_of(page, kDigests, form);
  else
    view["digest_kept"] = chosen_of(kDigests, form);  // as it is, for when they have a role
}

web::View topic_views(const Page& page, const ProfileForm& form) {
  web::View views = web::View::array();
  for (const auto& topic : usecases::list_topics(page.environment()))
    views.push_back({{"value", topic.slug},
                     {"label", topic_name(page, topic)},
                     {"checked", holds(form.topics, topic.slug)}});
  return views;
}

void fill(Page& page, const usecases::SignedIn& signed_in, const Profile& profile,
          const ProfileForm& form) {
  page.title(page.text("my.data_title"));
  page.crumb(page.text("my.title"), "/moje");
  add_institution_choices(page);
  auto& view = page.view();
  view["action"] = page.link("/moje/dane");
  view["email_action"] = page.link("/moje/dane/email");
  view["email_operation"] = usecases::make_token();
  view["version"] = std::to_string(profile.version);
  view["full_name"] = form.full_name;
  view["current_email"] = profile.person.email;
  view["position"] = form.position;
  view["unit"] = form.unit;
  view["institution"] = form.institution;
  view["languages"] =
      options_view({{"pl", page.text("my.language_pl")}, {"en", page.text("my.language_en")}},
                   to_string(form.language));
  add_notifications(page, signed_in, form);
  view["topics"] = topic_views(page, form);
}

Response render(Page& page, const usecases::SignedIn& signed_in, int status) {
  add_proof(page, signed_in, "/moje/dane");
  const FormGuard guard(page);
  return guard.apply(page.render(status, "pages/my_data"));
}

Response show(Page& page, const usecases::SignedIn& signed_in) {
  const auto profile = load_profile(page, signed_in);
  fill(page, signed_in, profile, form_of(page, profile));
  const auto& request = page.request();
  if (request.query_value("zapisane") == "1")
    page.view()["done"] = {{"heading", page.text("my.data_saved")}, {"text", ""}};
  if (request.query_value("email") == "wyslany")
    page.view()["done"] = {{"heading", page.text("my.email_sent")},
                           {"text", page.text("my.email_sent_text")}};
  if (request.query_value("email") == "zmieniony")
    page.view()["done"] = {{"heading", page.text("my.email_changed")},
                           {"text", page.text("my.email_changed_text")}};
  return render(page, signed_in, 200);
}

// What differs between what is stored now and what another window is about to store.
domain::FieldErrors name_differences(const ProfileForm& stored, const ProfileForm& typed) {
  domain::FieldErrors errors{{"", "changed_meanwhile"}};
  const auto compare = [&](const char* field, const std::string& now, const std::string& then) {
    if (now == then) return;
    if (now.empty())
      errors.push_back({field, "changed_to_empty"});
    else
      errors.push_back({field, "changed_to", {{"value", now}}});
  };
  compare("full_name", stored.full_name, typed.full_name);
  compare("institution", stored.institution, typed.institution);
  compare("position", stored.position, typed.position);
  compare("unit", stored.unit, typed.unit);
  if (stored.language != typed.language) errors.push_back({"language", "choice_changed"});
  if (stored.notifications != typed.notifications)
    errors.push_back({"notifications", "choice_changed"});
  if (stored.topics != typed.topics) errors.push_back({"topics", "choice_changed"});
  return errors;
}

// The form back with all that was typed; sent again it goes on top of what is stored now.
Response show_again(Page& page, const usecases::SignedIn& signed_in, const ProfileForm& typed,
                    const domain::FieldErrors& errors, int status) {
  fill(page, signed_in, load_profile(page, signed_in), typed);
  show_errors(page, errors);
  return render(page, signed_in, status);
}

std::int64_t version_of(const FormFields& fields) {
  const auto text = fields.value("version");
  std::int64_t version = 0;
  std::from_chars(text.data(), text.data() + text.size(), version);
  return version;
}

Response save(Page& page, const usecases::SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  const auto typed = read_form(fields);
  if (!fields.errors.empty()) return show_again(page, signed_in, typed, fields.errors, 422);
  auto wanted = typed;
  wanted.institution = institution_key(page, typed.institution);
  const auto outcome = change_profile(page.environment(), person_call(page, fields, signed_in),
                                      signed_in.person.id, version_of(fields), wanted);
  if (outcome) return redirect(303, page.link("/moje/dane") + "?zapisane=1");
  if (std::holds_alternative<domain::Stale>(outcome.failure())) {
    const auto stored = form_of(page, load_profile(page, signed_in));
    return show_again(page, signed_in, typed, name_differences(stored, typed), 409);
  }
  return show_again(page, signed_in, typed, errors_of(outcome.failure(), "change_sent_before"),
                    422);
}

Response send_email_link(Page& page, const usecases::SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  auto errors = fields.errors;
  if (errors.empty()) {
    const auto outcome = request_email_change(
        page.environment(), person_call(page, fields, signed_in), owner_of(page, signed_in),
        fields.value("email"), fields.value("current_password"));
    if (outcome) return redirect(303, page.link("/moje/dane") + "?email=wyslany");
    errors = errors_of(outcome.failure(), "change_sent_before");
  }
  const auto profile = load_profile(page, signed_in);
  fill(page, signed_in, profile, form_of(page, profile));
  page.view()["email"] = fields.value("email");
  page.view()["other_url"] = page.english() ? "/moje/dane" : "/en/moje/dane";
  show_errors(page, errors);
  return render(page, signed_in, 422);
}

}  // namespace

void add_my_data_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 64 << 10;
  add_private_page(router, parts, Method::get, "/moje/dane", show);
  add_private_page(router, parts, Method::post, "/moje/dane", save, form);
  form.causes_mail = true;
  add_private_page(router, parts, Method::post, "/moje/dane/email", send_email_link, form);
}

}  // namespace narada::http::pages
