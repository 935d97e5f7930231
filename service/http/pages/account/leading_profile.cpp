// /prowadzenie/profil: what is said of an expert in public, their picture, and what those who act
// for them agree to.

#include <fmt/format.h>

#include "service/http/multipart.h"
#include "service/http/pages/account/leading.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/editor.h"
#include "service/http/pages/panel/expert_form.h"
#include "service/http/pages/panel/panel.h"
#include "service/usecases/experts/expert_photo.h"
#include "service/usecases/experts/expert_profiles.h"
#include "service/usecases/experts/inviting.h"
#include "service/usecases/experts/led_meetings.h"

namespace narada::http::pages {
namespace {

using domain::ExpertProfile;
using usecases::SignedIn;

constexpr const char* kProfile = "/prowadzenie/profil";
constexpr std::uint64_t kFormLimit = 64 << 10;
constexpr std::size_t kLongestField = 200;

// The one that "?wpis=" names, of those whom the person acts for; without it the first.
std::optional<ExpertProfile> find_own(const Page& page, const SignedIn& signed_in) {
  const auto slug = page.request().query_value("wpis");
  std::optional<domain::ExpertId> which;
  if (!slug.empty()) {
    for (const auto& expert : list_own_experts(page.environment(), signed_in.actor))
      if (expert.slug == slug) which = expert.id;
    if (!which) throw Error(404);
  }
  auto own = find_own_expert(page.environment(), signed_in.actor, which);
  if (!own) return std::nullopt;
  return std::move(own).value();
}

ExpertProfile require_own(const Page& page, const SignedIn& signed_in) {
  auto own = find_own(page, signed_in);
  if (!own) throw Error(404);
  return std::move(*own);
}

std::string own_path(const Page& page, const ExpertProfile& own, std::string_view part = {}) {
  return page.link(std::string(kProfile) + std::string(part)) + "?wpis=" + own.expert.slug;
}

void add_photo(Page& page, const ExpertProfile& own) {
  auto& view = page.view();
  view["photo_action"] = own_path(page, own, "/zdjecie");
  const auto photo = find_expert_photo(page.environment(), own.expert.id);
  if (!photo) return;
  const bool lost = photo->state == domain::FileState::lost;
  const bool refused = photo->state == domain::FileState::refused;
  view["photo"] = {
      {"src", photo->is_shown ? page.link("/prowadzacy/" + own.expert.slug + "/zdjecie") : ""},
      {"text", photo->is_shown ? ""
               : refused       ? page.text("leading.photo_refused")
               : lost          ? page.text("leading.photo_lost")
                               : page.text("leading.photo_waiting")}};
}

void add_choices(Page& page, const SignedIn& signed_in, const ExpertProfile& own) {
  auto& view = page.view();
  view["choices_action"] = own_path(page, own, "/zgody");
  const auto choices = find_own_choices(page.environment(), signed_in.actor, own.expert.id);
  if (!choices) return;
  view["is_organization"] = own.expert.kind == domain::ExpertKind::organization;
  view["is_shown"] = choices->is_shown;
  view["shares_contact"] = choices->shares_contact;
}

void add_others(Page& page, const SignedIn& signed_in, const ExpertProfile& own) {
  page.view()["profiles"] = web::View::array();
  const auto all = list_own_experts(page.environment(), signed_in.actor);
  if (all.size() < 2) return;
  for (const auto& expert : all)
    page.view()["profiles"].push_back({{"name", expert.name},
                                       {"url", page.link(kProfile) + "?wpis=" + expert.slug},
                                       {"current", expert.id == own.expert.id}});
}

Response show_form(Page& page, const SignedIn& signed_in, const ExpertProfile& own,
                   const EditorState& state, const domain::FieldErrors& other_errors = {}) {
  page.title(page.text("leading.profile_title"));
  if (!other_errors.empty()) show_errors(page, other_errors);
  page.crumb(page.text("leading.title"), "/prowadzenie");
  auto& view = page.view();
  view["has_profile"] = true;
  view["name"] = own.expert.name;
  view["action"] = own_path(page, own);
  view["public_url"] = page.link("/prowadzacy/" + own.expert.slug);
  const auto done = page.request().query_value("zrobione");
  if (done == "profil") view["saved"] = page.text("leading.saved");
  if (done == "zdjecie" || done == "bez_zdjecia" || done == "zgody")
    view["saved"] = page.text("leading.saved_" + done);
  add_photo(page, own);
  add_choices(page, signed_in, own);
  add_others(page, signed_in, own);
  const FormGuard guard(page);
  const int status =
      show_editor(page, expert_sections(page, ExpertFields::own), PanelNames(page), state);
  return guard.apply(page.render(other_errors.empty() ? status : 422, "pages/leading_profile"));
}

EditorState stored(const ExpertProfile& own) {
  return stored_state(expert_texts(own, ExpertFields::own), own.version);
}

Response show_profile(Page& page, const SignedIn& signed_in) {
  const auto own = find_own(page, signed_in);
  if (!own && !usecases::leads_something(signed_in.actor)) throw Error(404);
  if (own) return show_form(page, signed_in, *own, stored(*own));
  page.title(page.text("leading.profile_title"));
  page.crumb(page.text("leading.title"), "/prowadzenie");
  return page.render(200, "pages/leading_profile");
}

Response save_profile(Page& page, const SignedIn& signed_in) {
  const auto own = require_own(page, signed_in);
  const auto fields = read_own_form(page);
  const auto specs = specs_of(expert_sections(page, ExpertFields::own));
  auto typed = read_texts(fields, specs);
  if (const auto more = press_list_button(fields, specs, typed)) {
    auto state = posted_state(fields, std::move(typed));
    state.more = *more;
    return show_form(page, signed_in, own, state);
  }
  const auto saved = redirect(303, own_path(page, own) + "&zrobione=profil");
  auto state = posted_state(fields, typed);
  state.errors = fields.errors;
  if (state.errors.empty() && is_behind(fields, own.version)) {
    const auto merged =
        merged_state(fields, typed, expert_texts(own, ExpertFields::own), own.version);
    return merged ? show_form(page, signed_in, own, *merged) : saved;
  }
  if (state.errors.empty()) {
    const auto outcome = change_own_expert(page.environment(), person_call(page, fields, signed_in),
                                           own.version, read_own_expert_edit(typed), own.expert.id);
    if (outcome) return saved;
    if (std::holds_alternative<domain::Stale>(outcome.failure()))
      return save_profile(page, signed_in);
    state.errors = expert_input_errors(panel_errors_of(outcome.failure()));
  }
  return show_form(page, signed_in, own, state);
}

struct SentPhoto {
  OwnForm form;
  std::string content;
};

SentPhoto read_photo(const Page& page) {
  const auto& request = page.request();
  if (!request.header("content-type").starts_with("multipart/form-data"))
    return {read_own_form(page), {}};
  auto parts = parse_multipart_form(request.header("content-type"), request.body);
  if (!parts) throw Error(400, "a malformed multipart body");
  SentPhoto sent;
  FormFields fields;
  for (auto& part : *parts) {
    if (part.file_name) {
      if (part.name == "photo") sent.content = std::move(part.content);
    } else if (part.content.size() <= kLongestField) {
      fields.fields.emplace_back(std::move(part.name), std::move(part.content));
    }
  }
  sent.form = check_own_form(page, std::move(fields));
  return sent;
}

Response save_photo(Page& page, const SignedIn& signed_in) {
  const auto own = require_own(page, signed_in);
  const auto sent = read_photo(page);
  if (!sent.form.errors.empty())
    return show_form(page, signed_in, own, stored(own), sent.form.errors);
  auto call = person_call(page, sent.form, signed_in);
  const auto& environment = page.environment();
  if (sent.form.value("do") == "remove") {
    const auto removed = delete_expert_photo(environment, call, own.expert.id);
    return redirect(303, own_path(page, own) + (removed ? "&zrobione=bez_zdjecia" : ""));
  }
  call.request_digest = usecases::hash_token(call.request_digest + sent.content);
  const auto saved = usecases::save_expert_photo(environment, call, own.expert.id, sent.content,
                                                 sent.form.value("photo_consent") == "yes");
  if (saved) return redirect(303, own_path(page, own) + "&zrobione=zdjecie");
  return show_form(page, signed_in, own, stored(own),
                   errors_of(saved.failure(), "change_sent_before"));
}

Response save_choices(Page& page, const SignedIn& signed_in) {
  const auto own = require_own(page, signed_in);
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) return show_form(page, signed_in, own, stored(own), fields.errors);
  take(save_own_choices(
      page.environment(), person_call(page, fields, signed_in), own.expert.id,
      {fields.value("is_shown") == "yes", fields.value("shares_contact") == "yes"}));
  return redirect(303, own_path(page, own) + "&zrobione=zgody");
}

}  // namespace

void add_leading_profile_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = kFormLimit;
  RouteOptions file;
  file.body_limit = usecases::kMostPhotoOctets + kFormLimit;
  const std::string base = kProfile;
  add_private_page(router, parts, Method::get, base, show_profile);
  add_private_page(router, parts, Method::post, base, save_profile, form);
  add_private_page(router, parts, Method::post, base + "/zdjecie", save_photo, file);
  add_private_page(router, parts, Method::post, base + "/zgody", save_choices, form);
}

}  // namespace narada::http::pages
