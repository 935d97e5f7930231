#include "service/usecases/meetings/recess.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "calendar/zone.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/meetings/references.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/things.h"
#include "sql/recess_store.h"

namespace narada::usecases {
namespace {

using domain::Date;
using domain::FieldErrors;
using domain::Recess;
using domain::RecessId;
using std::chrono::days;
using std::chrono::local_days;

constexpr days kLongest{120};

bool is_day(Date date) {
  return date.ok() && static_cast<int>(date.year()) >= 1990 &&
         static_cast<int>(date.year()) <= 2200;
}

Recess check_form(RecessForm form, FieldChecks& checks, References& references) {
  Recess recess;
  checks.check_text("title", form.title, {.max = 200, .presence = Presence::required});
  recess.title = form.title;
  recess.first = form.first;
  recess.last = form.last;
  if (!is_day(form.first)) checks.add("first", "invalid_date");
  if (!is_day(form.last)) checks.add("last", "invalid_date");
  if (is_day(form.first) && is_day(form.last)) {
    if (local_days{form.last} < local_days{form.first}) checks.add("last", "ends_before_start");
    if (local_days{form.last} - local_days{form.first} >= kLongest)
      checks.add("last", "recess_too_long");
  }
  const auto institution = references.find_institution(checks, "institution", form.institution);
  if (institution) {
    recess.institution = institution->id;
    recess.institution_name = institution->name;
  }
  return recess;
}

RecessId save(storage::Connection& connection, const Environment& environment, const Call& call,
              Recess recess) {
  recess.created_by = call.actor.text();
  const auto id = storage::insert_recess(connection, recess, environment.clock->now());
  record_activity(connection, environment, call, "recess.added", "recess", id.value);
  return id;
}

// Four cells at most, without blanks around them.
std::array<std::string, 4> cells_of(std::string_view line) {
  const char separator = line.find('\t') != std::string_view::npos ? '\t' : ';';
  std::array<std::string, 4> cells;
  for (auto& cell : cells) {
    const auto end = line.find(separator);
    const auto part = line.substr(0, end);
    const auto first = part.find_first_not_of(" \r");
    if (first != std::string_view::npos)
      cell = part.substr(first, part.find_last_not_of(" \r") - first + 1);
    if (end == std::string_view::npos) break;
    line.remove_prefix(end + 1);
  }
  return cells;
}

std::array<int, 3> numbers_of(const std::string& text, char separator) {
  std::array<int, 3> numbers{};
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  for (std::size_t index = 0; index < numbers.size(); ++index) {
    const auto [after, error] = std::from_chars(at, end, numbers[index]);
    const bool last = index + 1 == numbers.size();
    if (error != std::errc{} || (last ? after != end : after == end || *after != separator))
      return {};
    at = after + 1;
  }
  return numbers;
}

Date read_date(const std::string& text) {
  const bool iso = text.find('-') != std::string::npos;
  auto [a, b, c] = numbers_of(text, iso ? '-' : '.');
  if (!iso) std::swap(a, c);
  if (a < 1990 || a > 2200 || b < 1 || b > 12 || c < 1 || c > 31) return {};
  return std::chrono::year{a} / b / c;
}

// Names of offices as they are written, each to its key; empty where two have one name.
class OfficeNames {
 public:
  explicit OfficeNames(const Environment& environment) {
    for (const auto& institution : all_institutions(environment)) {
      const auto key = std::to_string(institution.id.value);
      auto [known, added] = keys_.emplace(make_name_key(institution.name), key);
      if (!added) known->second.clear();
      if (institution.teryt) keys_.emplace(*institution.teryt, key);
    }
  }
  std::string key_of(const std::string& name) const {
    const auto found = keys_.find(make_name_key(name));
    return found == keys_.end() || found->second.empty() ? name : found->second;
  }

 private:
  std::map<std::string, std::string> keys_;
};

struct TypedLine {
  int number = 0;
  std::string text;
  RecessForm form;
};

std::vector<TypedLine> read_lines(std::string_view text, const OfficeNames& names) {
  std::vector<TypedLine> lines;
  for (int number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    const auto cells = cells_of(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (std::all_of(cells.begin(), cells.end(), [](const auto& cell) { return cell.empty(); }))
      continue;
    RecessForm form;
    form.first = read_date(cells[0]);
    form.last = cells[1].empty() ? form.first : read_date(cells[1]);
    form.title = cells[2];
    if (!cells[3].empty()) form.institution = names.key_of(cells[3]);
    lines.push_back({number, std::string(line.substr(0, line.find('\r'))), std::move(form)});
  }
  return lines;
}

FieldErrors count_errors(const std::vector<TypedLine>& lines) {
  if (lines.empty()) return {{"lines", "required"}};
  if (lines.size() <= kMostPastedRecesses) return {};
  return {{"lines", "too_many", {{"max", std::to_string(kMostPastedRecesses)}}}};
}

// "first" of line 3 becomes "recess_line_first" with the line.
void add_line_errors(const FieldErrors& of_line, int line, FieldErrors& errors) {
  bool bad_first = false;  // then the last day, which may be the same, is not worth a word
  for (const auto& error : of_line) {
    bad_first = bad_first || error.field == "first";
    if (bad_first && error.field == "last") continue;
    const bool too_long = error.code == "recess_too_long";
    errors.push_back({"lines",
                      too_long ? "recess_line_too_long" : "recess_line_" + error.field,
                      {{"line", std::to_string(line)}}});
  }
}

}  // namespace

domain::Outcome<RecessId> add_recess(const Environment& environment, const Call& call,
                                     const RecessForm& form) {
  if (const auto reach = check_reach(call.actor, Action::organize); !reach) return reach.failure();
  return run_once_for_id<RecessId>(
      environment, call, "add_recess",
      [&](storage::Connection& connection) -> domain::Outcome<RecessId> {
        FieldErrors errors;
        FieldChecks checks(errors);
        References references(connection);
        auto recess = check_form(form, checks, references);
        if (!errors.empty()) return errors;
        return save(connection, environment, call, std::move(recess));
      });
}

domain::Outcome<std::vector<RecessLine>> check_recess_lines(const Environment& environment,
                                                            const Actor& actor,
                                                            std::string_view lines) {
  if (const auto reach = check_reach(actor, Action::organize); !reach) return reach.failure();
  const auto typed = read_lines(lines, OfficeNames(environment));
  if (auto errors = count_errors(typed); !errors.empty()) return errors;
  return read_database(environment, [&](storage::Connection& connection) {
    References references(connection);
    std::vector<RecessLine> checked;
    for (const auto& line : typed) {
      RecessLine one{line.number, line.text, {}, {}, false};
      FieldErrors of_line;
      FieldChecks checks(of_line);
      one.recess = check_form(line.form, checks, references);
      add_line_errors(of_line, line.number, one.errors);
      one.known = of_line.empty() && storage::has_recess(connection, one.recess);
      checked.push_back(std::move(one));
    }
    return checked;
  });
}

domain::Outcome<int> add_recess_lines(const Environment& environment, const Call& call,
                                      std::string_view lines) {
  if (const auto reach = check_reach(call.actor, Action::organize); !reach) return reach.failure();
  const auto typed = read_lines(lines, OfficeNames(environment));
  if (auto errors = count_errors(typed); !errors.empty()) return errors;
  return run_once<int>(
      environment, call, "add_recesses",
      [&](storage::Connection& connection) -> domain::Outcome<int> {
        FieldErrors errors;
        References references(connection);
        std::vector<Recess> recesses;
        for (const auto& line : typed) {
          FieldErrors of_line;
          FieldChecks checks(of_line);
          recesses.push_back(check_form(line.form, checks, references));
          add_line_errors(of_line, line.number, errors);
        }
        if (!errors.empty()) return errors;
        int added = 0;
        for (auto& recess : recesses) {
          if (storage::has_recess(connection, recess)) continue;
          save(connection, environment, call, std::move(recess));
          ++added;
        }
        return added;
      },
      [](int count) { return std::to_string(count); },
      [](const std::string& text) { return std::stoi(text); });
}

bool may_remove(const Actor& actor, const Recess& recess) {
  if (can(actor, Action::edit_catalogue, {})) return true;
  return recess.created_by == actor.text() && !reach_of(actor, Action::organize).nothing();
}

domain::Outcome<RecessId> remove_recess(const Environment& environment, const Call& call,
                                        RecessId id) {
  if (const auto reach = check_reach(call.actor, Action::organize); !reach) return reach.failure();
  return run_once_for_id<RecessId>(
      environment, call, "remove_recess",
      [&](storage::Connection& connection) -> domain::Outcome<RecessId> {
        const auto recess = storage::lock_recess(connection, id);
        if (!recess) return domain::NotFound{};
        if (!may_remove(call.actor, *recess)) return domain::Forbidden{};
        storage::delete_recess(connection, id);
        record_activity(connection, environment, call, "recess.removed", "recess", id.value);
        return id;
      });
}

domain::Outcome<std::vector<Recess>> list_recesses(const Environment& environment,
                                                   const Actor& actor) {
  if (const auto reach = check_reach(actor, Action::organize); !reach) return reach.failure();
  const auto today = std::chrono::floor<days>(
      calendar::to_wall_time(environment.clock->now(), domain::kDefaultZone));
  return read_database(environment, [&](storage::Connection& connection) {
    return storage::list_recesses(connection, Date{today}, std::chrono::year{2200} / 12 / 31);
  });
}

}  // namespace narada::usecases
