// /panel/cykle/nowy: a cycle and its sessions in three steps. What was typed in the steps that are
// not shown travels along in the form, so that nothing is stored before it is asked for.

#include <algorithm>
#include <charconv>

#include "calendar/zone.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/change_preview.h"
#include "service/http/pages/panel/cycle_form.h"
#include "service/http/pages/panel/date_views.h"
#include "service/http/pages/panel/drafts.h"
#include "service/http/pages/panel/editor.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/typed.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/meetings/duplication.h"
#include "service/usecases/meetings/planner.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::Action;
using domain::FieldErrors;
using usecases::CycleForm;
using usecases::MeetingForm;
using usecases::SignedIn;

constexpr std::uint64_t kFormLimit = 512 << 10;
constexpr int kSteps = 3;
constexpr const char* kPath = "/panel/cykle/nowy";

// The whole of one filling-in, between what a browser sent and what it is shown.
class Wizard {
 public:
  Wizard(Page& page, const SignedIn& signed_in, const web::Renderer& renderer)
      : page_(page),
        signed_in_(signed_in),
        renderer_(renderer),
        names_(page),
        drafts_(page, signed_in, {"cycle", "new"}),
        sections_(cycle_sections(page, signed_in)),
        sessions_(sessions_spec(page)) {
    sections_.push_back(rule_section(page));
    finder_ = {{"finder_months", FieldKind::number},
               {"finder_weekday", FieldKind::choice, false, {}, wish_weekdays(page)}};
    specs_ = specs_of(sections_);
    specs_.insert(specs_.end(), finder_.begin(), finder_.end());
    specs_.push_back(sessions_);
  }

  Response begin() {
    const auto source = page_.request().query_value("wzor");
    texts_ = first_rule_texts();
    texts_["first"] = web::iso_date(today() + std::chrono::days{14});
    texts_["finder_months"] = "3";
    const auto resumed = drafts_.resumed();
    if (resumed) {
      for (const auto& [name, text] : *resumed) texts_[name] = text;
      step_ = read_step(texts_["step"]);
    } else if (!source.empty()) {
      copy(source);
    }
    drafts_.show(kPath, !resumed && source.empty());
    return show();
  }

  Response press() {
    const auto fields = read_own_form(page_);
    texts_ = canonical_names(specs_, read_texts(fields, specs_), names_);
    step_ = read_step(fields.value("step"));
    errors_ = fields.errors;
    const auto pressed = fields.value("do");
    if (!errors_.empty()) return show();
    if (DraftDesk::is_pressed(fields)) {
      auto noted = texts_;
      noted["step"] = std::to_string(step_);
      if (auto answer = drafts_.press(fields, noted, kPath)) return std::move(*answer);
      return show();
    }
    if (const auto more = press_list_button(fields, specs_, texts_)) {
      more_ = *more;
      return show();
    }
    if (pressed == "invite") return invite(fields.value("association"));
    if (pressed == "plan") return plan();
    if (pressed == "find") return find();
    if (pressed.starts_with("use:")) return use_date(pressed.substr(4));
    if (pressed.starts_with("step:")) return go_to(read_step(pressed.substr(5)));
    if (pressed == "save" || pressed == "publish") return save(fields, pressed == "publish");
    return show();  // a look at the warnings
  }

 private:
  static int read_step(const std::string& text) {
    int step = 1;
    std::from_chars(text.data(), text.data() + text.size(), step);
    return std::clamp(step, 1, kSteps);
  }

  // Which step shows the input of an error.
  int step_of(const std::string& input) const {
    const std::string name = input.substr(0, input.find('.'));
    for (std::size_t index = 0; index + 1 < sections_.size(); ++index)
      for (const auto& spec : sections_[index].specs)
        if (spec.name == name) return static_cast<int>(index) + 1;
    return kSteps;
  }

  void copy(const std::string& source) {
    std::int64_t id = 0;
    std::from_chars(source.data(), source.data() + source.size(), id);
    const auto& environment = page_.environment();
    const auto stored = load_cycle_to_edit(environment, signed_in_.actor, domain::CycleId{id});
    if (!stored) throw Error(404);
    const auto last = stored->cycle.first_starts;
    const int years = last ? usecases::years_until_ahead(*last, page_.now()) : 1;
    auto made = copy_cycle(environment, signed_in_.actor, stored->cycle.id, years);
    if (!made) throw Error(404);
    for (auto& [name, text] : cycle_texts(made->form, names_)) texts_[name] = text;
    texts_["sessions"] = session_rows(sessions_, made->form.meetings, made->sources, names_);
  }

  // The members of an association that are not among the participants yet.
  Response invite(const std::string& association) {
    auto lines = split_lines(texts_["participants"]);
    for (const auto& key : members_of(page_, association)) {
      const auto label = names_.institution_label(key);
      if (std::find(lines.begin(), lines.end(), label) == lines.end()) lines.push_back(label);
    }
    texts_["participants"] = join_lines(lines);
    return show();
  }

  Response plan() {
    const auto plan = read_plan(texts_, errors_);
    if (!errors_.empty()) return show();
    const auto planned = plan_cycle(page_.environment(), signed_in_.actor, plan);
    if (!planned) {
      errors_ = plan_input_errors(panel_errors_of(planned.failure()));
      return show();
    }
    texts_["sessions"] = planned_rows(sessions_, *planned, texts_);
    for (std::size_t index = 0; index < planned->size(); ++index)
      for (const auto& warning : (*planned)[index].warnings)
        if (warning.code == "moved_from_holiday")
          moved_.push_back(page_.text(
              "planner.moved_from_holiday",
              {{"number", static_cast<std::int64_t>(index) + 1}, {"holiday", warning.detail}}));
    return show();
  }

  domain::WallTime today() const {
    return std::chrono::floor<std::chrono::days>(
        calendar::to_wall_time(page_.now(), domain::kDefaultZone));
  }

  // From the first day of the rule, for some months.
  std::optional<usecases::DateSearch> read_search() {
    auto plan_texts = texts_;
    plan_texts["count"] = "1";
    const auto plan = read_plan(plan_texts, errors_);
    const auto months = read_number(texts_["finder_months"], "finder_months", errors_).value_or(3);
    if (months < 1 || months > 12)
      errors_.push_back({"finder_months", "out_of_range", {{"min", "1"}, {"max", "12"}}});
    if (!errors_.empty()) return std::nullopt;
    usecases::DateSearch search;
    search.wish.first = plan.first;
    search.wish.last =
        domain::Date{std::chrono::local_days{plan.first} + std::chrono::days{30 * months}};
    search.wish.starts_minute = plan.starts_minute;
    search.wish.duration_minutes = plan.duration_minutes;
    set_weekdays(texts_["finder_weekday"], search.wish);
    CycleInputs ignored;
    FieldErrors none;
    const auto form = read_cycle(texts_, names_, {}, ignored, none);
    for (const auto& entry : form.institutions) search.institutions.push_back(entry.institution);
    search.experts = form.experts;
    return search;
  }

  Response find() {
    const auto search = read_search();
    if (!search) return show();
    const auto found = find_dates(page_.environment(), signed_in_.actor, *search);
    if (!found) {
      errors_ = panel_errors_of(found.failure());
      for (auto& error : errors_) error.field = error.field == "first" ? "first" : "finder_months";
      return show();
    }
    page_.view()["found"] = found_dates_view(page_, *found);
    return show();
  }

  // Into the row of that month, else the first one without a day, else another one.
  Response use_date(const std::string& date) {
    auto rows = split_rows(sessions_, texts_["sessions"]);
    const auto without_day = [&](const std::string& month) {
      return std::find_if(rows.begin(), rows.end(), [&](const Row& one) {
        return one.at("date").empty() && one.at("month") == month;
      });
    };
    auto row = without_day(date.substr(0, 7));
    if (row == rows.end()) row = without_day("");
    if (row == rows.end()) row = rows.insert(rows.end(), session_to_fill(texts_, rows.size()));
    (*row)["date"] = date;
    (*row)["month"] = "";
    (*row)["starts"] = texts_["rule_starts"];
    (*row)["ends"] = texts_["rule_ends"];
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Row& a, const Row& b) { return day_key(a) < day_key(b); });
    texts_["sessions"] = join_rows(sessions_, rows);
    return find();
  }

  // By day, a month after its days, and last what has neither.
  static std::string day_key(const Row& row) {
    if (const auto& date = row.at("date"); !date.empty()) return date;
    const auto found = row.find("month");
    return found == row.end() || found->second.empty() ? "~" : found->second + "~";
  }

  CycleForm read_own_fields() { return read_cycle(texts_, names_, {}, inputs_, errors_); }

  // Forward only past what is right.
  Response go_to(int wanted) {
    if (wanted > step_) {
      auto errors =
          cycle_input_errors(check_cycle_form(page_.environment(), read_own_fields()), inputs_);
      std::erase_if(errors, [&](const auto& error) {
        const bool to_be_added = error.code == "unknown_expert" && !texts_["new_experts"].empty();
        return to_be_added || step_of(error.field) >= wanted;
      });
      errors_.insert(errors_.end(), errors.begin(), errors.end());
    }
    step_ = errors_.empty() ? wanted : step_of(errors_.front().field);
    return show();
  }

  MeetingForm source_of(const Row& row) const {
    MeetingForm empty;
    empty.form = domain::MeetingForm::workshop;
    std::int64_t id = 0;
    const auto& text = row.at("source");
    std::from_chars(text.data(), text.data() + text.size(), id);
    if (id == 0) return empty;
    auto stored = load_meeting_form(page_.environment(), signed_in_.actor, domain::MeetingId{id});
    return stored ? std::move(stored).value() : empty;
  }

  CycleForm read_all() {
    CycleForm form = read_own_fields();
    for (const Row& row : split_rows(sessions_, texts_["sessions"])) {
      const auto input = "sessions." + std::to_string(form.meetings.size());
      form.meetings.push_back(read_session(row, source_of(row), names_, input, errors_));
    }
    return form;
  }

  Response save(const OwnForm& fields, bool publish) {
    add_new_experts(page_, signed_in_, fields, texts_, names_, errors_);
    const auto form = read_all();
    const bool readable = errors_.empty();
    if (!readable) {
      auto more =
          cycle_input_errors(check_cycle_form(page_.environment(), read_own_fields()), inputs_);
      errors_.insert(errors_.begin(), more.begin(), more.end());
      return show_errors_first();
    }
    const auto call = person_call(page_, fields, signed_in_);
    const auto created = create_cycle(page_.environment(), call, form);
    if (!created) {
      errors_ = cycle_input_errors(panel_errors_of(created.failure()), inputs_);
      return show_errors_first();
    }
    drafts_.forget();
    if (publish) return publish_too(fields, *created);
    return redirect_done(page_, home_of(*created), "cycle_saved");
  }

  static std::string home_of(const domain::Cycle& cycle) {
    return "/panel/cykle/" + std::to_string(cycle.id.value);
  }

  // The second step of "save and publish"; sent twice it counts once, as the first.
  Response publish_too(const OwnForm& fields, const domain::Cycle& cycle) {
    auto call = person_call(page_, fields, signed_in_);
    if (call.idempotency_key) *call.idempotency_key += "/publish";
    auto rehearsal = rehearsal_of(fields);
    call.rehearsal = &rehearsal;
    value_or_throw(publish_cycle(page_.environment(), call, cycle.id));
    if (rehearsal.committed()) return redirect_done(page_, home_of(cycle), "cycle_published");
    open_panel(page_, signed_in_, PanelRoom::cycles,
               page_.text("changes.title", {{"title", cycle.title}}));
    page_.crumb(page_.text("planner.cycles_title"), "/panel/cykle");
    page_.crumb(cycle.title, home_of(cycle));
    return show_change_preview(
        page_, {}, rehearsal.preview(),
        {renderer_, home_of(cycle) + "/publikacja", "changes.confirm_publish", home_of(cycle), "",
         page_.text("publication.saved_as_draft")});
  }

  Response show_errors_first() {
    step_ = step_of(errors_.front().field);
    return show();
  }

  web::View warning_views(const std::vector<usecases::SessionWarning>& warnings) const {
    web::View views = web::View::array();
    for (const auto& warning : warnings) {
      constexpr std::size_t kMostNames = 4;
      std::string names;
      for (std::size_t index = 0; index < std::min(kMostNames, warning.names.size()); ++index)
        names += (names.empty() ? "" : ", ") + warning.names[index];
      const auto rest = static_cast<std::int64_t>(warning.names.size()) -
                        static_cast<std::int64_t>(std::min(kMostNames, warning.names.size()));
      auto key = "planner.warning_" + std::string(to_string(warning.kind));
      if (warning.kind == usecases::SessionWarning::Kind::recess && names.empty()) key += "_all";
      views.push_back(
          page_.text(key, {{"title", warning.title}, {"names", names}, {"rest", rest}}));
    }
    return views;
  }

  void show_sessions(web::View& shown) {
    usecases::SessionsToCheck check;
    check.sessions = session_drafts(sessions_, texts_["sessions"]);
    CycleInputs ignored;
    FieldErrors none;
    const auto form = read_cycle(texts_, names_, {}, ignored, none);
    for (const auto& entry : form.institutions) check.institutions.push_back(entry.institution);
    for (const Row& row : split_rows(sessions_, texts_["sessions"]))
      check.institutions.push_back(names_.institution_key(row.at("host")));
    check.experts = form.experts;
    const auto warnings = find_session_warnings(page_.environment(), signed_in_.actor, check);
    auto& rows = shown["rows"];
    for (std::size_t index = 0; index < rows.size(); ++index) {
      for (std::size_t cell = 0; cell < sessions_.cells.size(); ++cell)
        rows[index]["cell_" + sessions_.cells[cell].name] = rows[index]["cells"][cell];
      rows[index]["warnings"] = warnings && index < warnings->size()
                                    ? warning_views((*warnings)[index])
                                    : web::View::array();
      const auto& day = check.sessions;
      rows[index]["day"] = index < day.size() && day[index].starts != domain::WallTime{}
                               ? web::weekday_date(page_.language(), day[index].starts)
                               : "";
    }
  }

  Response show() {
    if (reach_of(signed_in_.actor, Action::organize).nothing()) throw Error(404);
    open_panel(page_, signed_in_, PanelRoom::cycles,
               page_.text("planner.new_cycle_step",
                          {{"step", std::int64_t{step_}}, {"steps", std::int64_t{kSteps}}}));
    page_.crumb(page_.text("planner.cycles_title"), "/panel/cykle");
    const auto& section = sections_[static_cast<std::size_t>(step_ - 1)];
    const FieldsView how{names_, show_field_errors(page_, specs_, errors_), {}, more_};
    auto& view = page_.view();
    FieldSpecs carried;
    for (const auto& spec : specs_) {
      const bool here = std::any_of(section.specs.begin(), section.specs.end(),
                                    [&](const auto& own) { return own.name == spec.name; });
      const bool of_table = spec.name == "sessions" || spec.name.starts_with("finder_");
      if (!here && !(step_ == kSteps && of_table)) carried.push_back(spec);
    }
    view["action"] = page_.link(kPath);
    drafts_.show(kPath, false);
    view["step"] = std::to_string(step_);
    view["step_heading"] = page_.text("planner.section_" + section.name);
    view["carried"] = carried_view(carried, texts_);
    view["fields"] = fields_view(page_, section.specs, texts_, how);
    view["previous_step"] = step_ > 1 ? "step:" + std::to_string(step_ - 1) : "";
    view["next_step"] = step_ < kSteps ? "step:" + std::to_string(step_ + 1) : "";
    view["is_people"] = section.name == "people";
    view["moved"] = moved_;
    view["institution_names"] = names_.institution_labels();
    view["expert_names"] = names_.expert_labels();
    if (step_ == kSteps) {
      view["table"] = fields_view(page_, {sessions_}, texts_, how).front();
      show_sessions(view["table"]);
      view["finder_fields"] = fields_view(page_, finder_, texts_, how);
    }
    if (section.name == "people") show_associations(view);
    const FormGuard guard(page_);
    return guard.apply(page_.render(errors_.empty() ? 200 : 422, "pages/panel_cycle_new"));
  }

  void show_associations(web::View& view) const {
    view["associations"] = web::View::array();
    for (const auto& association : usecases::list_associations(page_.environment()))
      view["associations"].push_back({{"code", association.code}, {"label", association.name}});
  }

  Page& page_;
  const SignedIn& signed_in_;
  const web::Renderer& renderer_;
  PanelNames names_;
  DraftDesk drafts_;
  std::vector<FieldSection> sections_;
  FieldSpecs finder_;
  FieldSpec sessions_;
  FieldSpecs specs_;
  FieldTexts texts_;
  int step_ = 1;
  std::string more_;
  FieldErrors errors_;
  CycleInputs inputs_;
  std::vector<std::string> moved_;
};

}  // namespace

void add_panel_cycle_wizard(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = kFormLimit;
  const auto* renderer = parts.renderer;
  add_private_page(router, parts, Method::get, kPath,
                   [renderer](Page& page, const SignedIn& signed_in) {
                     return Wizard(page, signed_in, *renderer).begin();
                   });
  add_private_page(
      router, parts, Method::post, kPath,
      [renderer](Page& page, const SignedIn& signed_in) {
        return Wizard(page, signed_in, *renderer).press();
      },
      form);
}

}  // namespace narada::http::pages
