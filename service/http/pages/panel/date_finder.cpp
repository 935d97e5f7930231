// /panel/terminy/szukaj: the days that most of those who are wanted can make.

#include <algorithm>
#include <charconv>

#include "calendar/zone.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/date_views.h"
#include "service/http/pages/panel/fields.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/typed.h"
#include "service/http/pages/views.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/meetings/planner.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::Action;
using domain::FieldErrors;
using std::chrono::days;
using usecases::SignedIn;

constexpr const char* kPath = "/panel/terminy/szukaj";

// One search, from the address of the page.
class Search {
 public:
  Search(Page& page, const SignedIn& signed_in)
      : page_(page), signed_in_(signed_in), names_(page) {}

  Response show() {
    if (reach_of(signed_in_.actor, Action::organize).nothing()) throw Error(404);
    open_panel(page_, signed_in_, PanelRoom::dates, page_.text("dates.finder_title"));
    page_.crumb(page_.text("dates.title"), "/panel/terminy");
    read();
    if (asked() && errors_.empty()) find();
    show_form();
    if (!errors_.empty()) show_errors(page_, errors_);
    return page_.render(errors_.empty() ? 200 : 422, "pages/panel_date_finder");
  }

 private:
  std::string value(const char* name) const { return page_.request().query_value(name); }
  bool asked() const { return !value("od").empty() || !value("cykl").empty(); }

  static std::string or_else(std::string text, const std::string& otherwise) {
    return text.empty() ? otherwise : text;
  }

  // What was typed; where nothing was, from two weeks ahead, for two months.
  void read() {
    const auto today =
        std::chrono::floor<days>(calendar::to_wall_time(page_.now(), domain::kDefaultZone));
    first_ = or_else(value("od"), web::iso_date(today + days{14}));
    last_ = or_else(value("do"), web::iso_date(today + days{75}));
    starts_ = or_else(value("poczatek"), "10:00");
    ends_ = or_else(value("koniec"), "14:00");
    auto& wish = search_.wish;
    const auto day = [&](const std::string& text, const char* field) {
      const auto read = read_day(text, field, errors_);
      return read ? domain::Date{std::chrono::floor<days>(*read)} : domain::Date{};
    };
    wish.first = day(first_, "od");
    wish.last = day(last_, "do");
    const auto starts = read_clock(starts_, "poczatek", errors_);
    const auto ends = read_clock(ends_, "koniec", errors_);
    wish.starts_minute = starts.value_or(0);
    wish.duration_minutes = ends.value_or(0) - wish.starts_minute;
    if (starts && ends && *ends <= *starts) errors_.push_back({"koniec", "ends_before_start"});
    set_weekdays(value("dzien"), wish);
    read_wanted();
  }

  // An address holds no line ends: semicolons stand between names.
  static std::vector<std::string> names_in(std::string text) {
    std::replace(text.begin(), text.end(), ';', '\n');
    return split_lines(text);
  }

  void read_wanted() {
    const auto add = [](std::vector<std::string>& keys, const std::string& key) {
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    };
    if (const auto cycle = chosen_cycle()) {
      for (const auto& entry : cycle->form.institutions)
        add(search_.institutions, entry.institution);
      search_.experts = cycle->form.experts;
    }
    for (const auto& key : members_of(page_, value("zwiazek"))) add(search_.institutions, key);
    for (const auto& line : names_in(value("instytucje")))
      add(search_.institutions, names_.institution_key(line));
    for (const auto& line : names_in(value("prowadzacy")))
      add(search_.experts, names_.expert_key(line));
  }

  std::optional<usecases::EditableCycle> chosen_cycle() const {
    const auto text = value("cykl");
    std::int64_t id = 0;
    std::from_chars(text.data(), text.data() + text.size(), id);
    if (id == 0) return std::nullopt;
    auto found = load_cycle_to_edit(page_.environment(), signed_in_.actor, domain::CycleId{id});
    if (!found) return std::nullopt;
    return std::move(found).value();
  }

  void find() {
    const auto found = find_dates(page_.environment(), signed_in_.actor, search_);
    if (!found) {
      errors_ = errors_of(found.failure(), "");
      for (auto& error : errors_) {
        if (error.field == "first") error.field = "od";
        if (error.field == "last") error.field = "do";
        if (error.field == "duration_minutes") error.field = "koniec";
      }
      return;
    }
    auto& view = page_.view();
    view["found"] = found_dates_view(page_, *found);
    const auto cycle = value("cykl");
    for (auto& one : view["found"]["proposals"])
      one["use_url"] = page_.link("/panel/spotkania/nowe") +
                       "?termin=" + one["date"].get<std::string>() +
                       "&od=" + encode_component(starts_) + "&do=" + encode_component(ends_) +
                       (cycle.empty() ? "" : "&cykl=" + encode_component(cycle));
  }

  void show_form() {
    auto& view = page_.view();
    view["action"] = page_.link(kPath);
    view["first"] = first_;
    view["last"] = last_;
    view["starts"] = starts_;
    view["ends"] = ends_;
    view["weekdays"] = options_view(wish_weekdays(page_), value("dzien"));
    std::vector<std::pair<std::string, std::string>> cycles{{"", page_.text("dates.no_cycle")}};
    for (const auto& cycle : list_own_cycles(page_.environment(), signed_in_.actor))
      cycles.emplace_back(std::to_string(cycle.id.value), cycle.title);
    view["cycles"] = options_view(cycles, value("cykl"));
    std::vector<std::pair<std::string, std::string>> associations{
        {"", page_.text("dates.no_association")}};
    for (const auto& one : usecases::list_associations(page_.environment()))
      associations.emplace_back(one.code, one.name);
    view["associations"] = options_view(associations, value("zwiazek"));
    view["typed_institutions"] = value("instytucje");
    view["typed_experts"] = value("prowadzacy");
  }

  Page& page_;
  const SignedIn& signed_in_;
  PanelNames names_;
  usecases::DateSearch search_;
  FieldErrors errors_;
  std::string first_, last_, starts_, ends_;
};

}  // namespace

void add_panel_date_finder_page(Router& router, const Parts& parts) {
  add_private_page(router, parts, Method::get, kPath, [](Page& page, const SignedIn& signed_in) {
    return Search(page, signed_in).show();
  });
}

}  // namespace narada::http::pages
