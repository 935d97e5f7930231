// /panel/praktyki/{id}: the description of a practice as its editors write it, and its English
// edition; kept while somebody types.

#include <functional>

#include "service/domain/practice_rules.h"
#include "service/http/pages/panel/drafts.h"
#include "service/http/pages/panel/editor.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/practice_form.h"
#include "service/http/pages/panel/practice_frame.h"
#include "service/usecases/practices/practices.h"

namespace narada::http::pages {
namespace {

using domain::Practice;
using usecases::SignedIn;

constexpr std::uint64_t kFormLimit = 512 << 10;

// One of the two forms of a practice.
struct Side {
  std::string_view part;  // of the path
  std::function<std::vector<FieldSection>(const Page&)> sections;
};

FieldTexts only(const FieldSpecs& specs, const FieldTexts& texts) {
  FieldTexts own;
  for (const auto& spec : specs) own[spec.name] = texts.at(spec.name);
  return own;
}

class Editor {
 public:
  Editor(Page& page, const SignedIn& signed_in, const Side& side)
      : page_(page),
        signed_in_(signed_in),
        side_(side),
        practice_(take(load_practice_to_edit(page.environment(), signed_in.actor,
                                             domain::PracticeId{id_of(page.request())}))),
        names_(page),
        path_(practice_room_path(practice_.id, side.part)),
        sections_(side.sections(page)),
        specs_(specs_of(sections_)),
        drafts_(page, signed_in,
                {"practice", std::to_string(practice_.id.value) + std::string(side.part)}) {}

  Response open() {
    if (auto draft = drafts_.resumed()) {
      auto state = resumed_state(std::move(*draft));
      return show(state, false);
    }
    return show(stored_state(stored(), practice_.version), true);
  }

  Response press() {
    const auto fields = read_own_form(page_);
    auto typed = canonical_names(specs_, read_texts(fields, specs_), names_);
    if (DraftDesk::is_pressed(fields) && fields.errors.empty()) {
      if (auto answer = drafts_.press(fields, noted_texts(fields, typed), path_)) return *answer;
      return show(posted_state(fields, std::move(typed)), false);
    }
    if (const auto more = press_list_button(fields, specs_, typed)) {
      auto state = posted_state(fields, std::move(typed));
      state.more = *more;
      return show(state, false);
    }
    return save(fields, typed);
  }

 private:
  FieldTexts stored() const {
    return only(specs_, practice_texts(usecases::form_of(practice_), names_));
  }

  Response save(const OwnForm& fields, const FieldTexts& typed) {
    const auto saved = redirect_done(page_, path_, "practice_saved");
    auto state = posted_state(fields, typed);
    state.errors = fields.errors;
    if (state.errors.empty() && is_behind(fields, practice_.version)) {
      const auto merged = merged_state(fields, typed, stored(), practice_.version);
      if (!merged) {
        drafts_.forget();
        return saved;
      }
      return show(*merged, false);
    }
    const auto form =
        read_practice_texts(typed, names_, usecases::form_of(practice_), state.errors);
    if (state.errors.empty()) {
      const auto outcome =
          change_practice(page_.environment(), person_call(page_, fields, signed_in_), practice_.id,
                          practice_.version, form);
      if (outcome) {
        drafts_.forget();
        return saved;
      }
      if (std::holds_alternative<domain::Stale>(outcome.failure())) {
        practice_ =
            take(load_practice_to_edit(page_.environment(), signed_in_.actor, practice_.id));
        return save(fields, typed);
      }
      state.errors = practice_input_errors(panel_errors_of(outcome.failure()));
    }
    return show(state, false);
  }

  // What is missing for a submission, as far as it is stored.
  void show_needs() {
    auto& view = page_.view();
    view["needs"] = web::View::array();
    std::int64_t missing = 0;
    for (const auto& need : domain::practice_needs(practice_)) {
      missing += need.met ? 0 : 1;
      view["needs"].push_back({{"met", need.met},
                               {"missing", !need.met},
                               {"label", practice_field_label(page_, need.field)},
                               {"input", "#practice_" + std::string(need.field)}});
    }
    view["needs_text"] = missing == 0
                             ? page_.text("panel_practices.needs_none")
                             : page_.text("panel_practices.needs_some", {{"count", missing}});
  }

  Response show(const EditorState& state, bool fresh) {
    frame_practice(page_, signed_in_, practice_,
                   side_.part.empty() ? side_.part : side_.part.substr(1));
    auto& view = page_.view();
    view["action"] = page_.link(path_);
    view["is_polish_side"] = side_.part.empty();
    if (side_.part.empty()) show_needs();
    const int status = show_editor(page_, sections_, names_, state);
    drafts_.show(path_, fresh);
    const FormGuard guard(page_);
    return guard.apply(page_.render(status, "pages/panel_practice_edit"));
  }

  Page& page_;
  const SignedIn& signed_in_;
  const Side& side_;
  Practice practice_;
  PanelNames names_;
  std::string path_;
  std::vector<FieldSection> sections_;
  FieldSpecs specs_;
  DraftDesk drafts_;
};

}  // namespace

void add_panel_practice_editor(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = kFormLimit;
  static const Side kPolish{"", practice_sections};
  static const Side kEnglish{"/angielski", [](const Page&) { return english_sections(); }};
  for (const Side* side : {&kPolish, &kEnglish}) {
    const std::string path = "/panel/praktyki/{id}" + std::string(side->part);
    add_private_page(router, parts, Method::get, path,
                     [side](Page& page, const SignedIn& signed_in) {
                       return Editor(page, signed_in, *side).open();
                     });
    add_private_page(
        router, parts, Method::post, path,
        [side](Page& page, const SignedIn& signed_in) {
          return Editor(page, signed_in, *side).press();
        },
        form);
  }
}

}  // namespace narada::http::pages
