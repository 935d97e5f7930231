#include "service/http/pages/panel/drafts.h"

#include <charconv>

#include "calendar/zone.h"
#include "service/http/pages/panel/panel.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

// "10:42" of today, else with the day.
std::string saved_text(const Page& page, domain::Instant at) {
  const auto wall = calendar::to_wall_time(at, domain::kDefaultZone);
  const auto now = calendar::to_wall_time(page.now(), domain::kDefaultZone);
  using std::chrono::days;
  if (std::chrono::floor<days>(wall) == std::chrono::floor<days>(now)) return web::clock_time(wall);
  return moment_text(page, at);
}

}  // namespace

bool DraftDesk::is_pressed(const FormFields& fields) {
  const auto pressed = fields.value("do");
  return pressed == "autosave" || pressed == "keep" || pressed == "discard";
}

std::optional<Response> DraftDesk::press(const OwnForm& fields, const usecases::FieldTexts& texts,
                                         const std::string& path) {
  if (fields.value("do") == "discard") {
    forget();
    return redirect_done(page_, path, "draft_discarded");
  }
  const auto saved =
      value_or_throw(save_form_draft(page_.environment(), signed_in_.actor, name_, texts));
  const auto message = page_.text("dates.draft_saved", {{"when", saved_text(page_, saved)}});
  if (fields.value("do") == "autosave") {
    return text_response(200, message);
  }
  page_.view()["draft_kept"] = message;
  return std::nullopt;
}

std::optional<usecases::FieldTexts> DraftDesk::resumed() const {
  if (page_.request().query_value("szkic") != "wroc") return std::nullopt;
  auto draft = find_form_draft(page_.environment(), signed_in_.actor, name_);
  if (!draft) return std::nullopt;
  return std::move(draft->texts);
}

void DraftDesk::show(const std::string& path, bool fresh) {
  auto& view = page_.view();
  view["autosaves"] = true;
  if (!fresh) return;
  const auto draft = find_form_draft(page_.environment(), signed_in_.actor, name_);
  if (!draft) return;
  const auto when = saved_text(page_, draft->saved_at);
  view["draft"] = {{"text", page_.text("dates.draft_found", {{"when", when}})},
                   {"resume_text", page_.text("dates.draft_resume", {{"when", when}})},
                   {"resume_url", page_.link(path) + "?szkic=wroc"},
                   {"discard_url", page_.link(path)}};
}

usecases::FieldTexts noted_texts(const FormFields& fields, usecases::FieldTexts typed) {
  typed["version"] = fields.value("version");
  typed["seen"] = fields.value("seen");
  return typed;
}

EditorState resumed_state(usecases::FieldTexts noted) {
  EditorState state;
  const auto& version = noted["version"];
  std::from_chars(version.data(), version.data() + version.size(), state.version);
  state.seen = noted["seen"];
  noted.erase("version");
  noted.erase("seen");
  state.texts = std::move(noted);
  return state;
}

bool is_saved(const Response& response) {
  if (response.status != 303) return false;
  for (const auto& [name, value] : response.headers)
    if (name == "Location" && value.ends_with("?zrobione=meeting_saved")) return true;
  return false;
}

}  // namespace narada::http::pages
