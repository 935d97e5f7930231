#include "calendar/zone.h"
#include "service/usecases/access.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/institutions/institution_form.h"
#include "service/usecases/institutions/institution_import.h"
#include "service/usecases/institutions/institution_saving.h"
#include "service/usecases/meetings/cycle_creation.h"
#include "service/usecases/meetings/meeting_changes.h"
#include "service/usecases/meetings/meeting_creation.h"
#include "service/usecases/meetings/meeting_form.h"
#include "service/usecases/meetings/reference_saving.h"
#include "service/usecases/operations.h"
#include "service/usecases/people/sample_people.h"
#include "service/usecases/practices/practice_creation.h"
#include "service/usecases/sample/sample_files.h"
#include "service/usecases/sample/sample_materials.h"
#include "service/usecases/slug.h"
#include "service/usecases/slug_retry.h"
#include "sql/association_store.h"
#include "sql/cycle_store.h"
#include "sql/institution_store.h"
#include "sql/meeting_store.h"
#include "sql/pool.h"
#include "sql/practice_store.h"
#include "sql/seat_store.h"
#include "sql/topic_store.h"

namespace narada::usecases {
namespace {

using domain::CycleId;
using domain::MeetingId;
using domain::Outcome;
using domain::PracticeId;

// A row that does not fit the rules is a mistake in the files of the program.
template <class T>
T value_or_throw(Outcome<T> outcome, const std::string& place) {
  if (outcome) return std::move(*outcome);
  std::string reason = "refused";
  if (const auto* errors = std::get_if<domain::FieldErrors>(&outcome.failure())) {
    reason = errors->front().field + ": " + errors->front().code;
  }
  throw SampleError{place, reason};
}

std::string place_of(const std::string& file, const CsvRow& row) {
  return file + " lines[" + std::to_string(row.line) + "]";
}

// Loads the files into one installation, each row in a transaction of its own. A row is known by
// the operation that added it, so that two processes, or a second run after a title was changed,
// do not add it again.
class SampleLoader {
 public:
  SampleLoader(const Environment& environment, std::string directory)
      : environment_(environment), directory_(std::move(directory)) {
    call_.actor.kind = Actor::Kind::system;
    call_.request_id = "load-sample";
    const auto now = calendar::to_wall_time(environment.clock->now(), domain::kDefaultZone);
    today_ = domain::Date{std::chrono::floor<std::chrono::days>(now)};
  }

  SampleReport load() {
    load_bodies();
    load_cycles();
    load_past_meetings();
    load_practices();
    load_open_cycle();
    load_upcoming();
    load_people();
    report_.materials = add_sample_materials(environment_, call_, directory_);
    note_catalogue_write(environment_);
    return report_;
  }

 private:
  CsvTable table(const std::string& file) const { return load_sample_table(directory_, file); }

  // Runs `add` once in the life of the installation; it returns an Outcome<IdType>, and absence
  // where something of that address is there already. True when it has added something now.
  template <class IdType, class Add>
  bool add_once(const std::string& kind, const std::string& slug, const std::string& place,
                Add add) {
    Call call = call_;
    call.idempotency_key = "sample:" + kind + ':' + slug;
    call.request_digest = "sample";
    bool added = false;
    const auto work = [&](storage::Connection& connection) -> Outcome<IdType> {
      added = false;
      std::optional<Outcome<IdType>> outcome = add(connection, call);
      if (!outcome) return IdType{};
      added = outcome->ok();
      return std::move(*outcome);
    };
    value_or_throw(retry_taken_slug([&] {
                     return run_once_for_id<IdType>(environment_, call, "load_sample", work);
                   }),
                   place);
    return added;
  }

  void load_bodies() {
    const CsvTable associations = table("associations.csv");
    const CsvTable municipalities = table("municipalities.csv");
    const CsvTable institutions = table("institutions.csv");
    const CsvTable topics = table("topics.csv");
    const CsvTable experts = table("experts.csv");
    report_.institutions = retry_taken_slug([&] {
      return environment_.pool->transact([&](storage::Connection& connection) {
        add_associations(connection, associations);
        int added = value_or_throw(import_institution_table(connection, environment_, call_,
                                                            municipalities, Existing::keep),
                                   "municipalities.csv")
                        .added;
        added += add_institutions(connection, institutions);
        add_topics(connection, topics);
        add_experts(connection, experts);
        return added;
      });
    });
  }

  static void add_associations(storage::Connection& connection, const CsvTable& table) {
    for (const CsvRow& row : table.rows) {
      if (storage::find_association(connection, row["code"])) continue;
      storage::insert_association(connection, {{}, row["code"], row["name"], row["website"]});
    }
  }

  int add_institutions(storage::Connection& connection, const CsvTable& table) const {
    int added = 0;
    for (const CsvRow& row : table.rows) {
      if (storage::find_institution_ref(connection, make_slug(row["name"], "instytucja"))) continue;
      const auto kind = domain::find_institution_kind(row["kind"]);
      if (!kind) throw SampleError{place_of("institutions.csv", row), row["kind"]};
      InstitutionForm form;
      form.name = row["name"];
      form.kind = *kind;
      form.voivodeship = row["voivodeship"];
      form.website = row["website"];
      form.aliases = split_cell(row["aliases"]);
      domain::FieldErrors errors;
      FieldChecks checks(errors);
      auto institution = read_institution_form(std::move(form), checks);
      if (!errors.empty()) {
        throw SampleError{place_of("institutions.csv", row), errors.front().code};
      }
      add_institution(connection, environment_, call_, std::move(institution));
      ++added;
    }
    return added;
  }

  void add_topics(storage::Connection& connection, const CsvTable& table) const {
    for (const CsvRow& row : table.rows) {
      if (storage::find_topic(connection, make_slug(row["name"], "temat"))) continue;
      value_or_throw(
          add_topic(connection, environment_, call_, {{}, "", row["name"], row["name_en"]}),
          place_of("topics.csv", row));
    }
  }

  void add_experts(storage::Connection& connection, const CsvTable& table) const {
    for (const CsvRow& row : table.rows) {
      domain::FieldErrors errors;
      FieldChecks checks(errors);
      const std::string slug = make_slug(row["name"], "ekspert");
      if (References(connection).find_expert(checks, "name", slug)) continue;
      const auto kind = domain::find_expert_kind(row["kind"]);
      if (!kind) throw SampleError{place_of("experts.csv", row), row["kind"]};
      value_or_throw(add_expert(connection, environment_, call_,
                                {row["name"], *kind, row["description"], row["institution"]}),
                     place_of("experts.csv", row));
    }
  }

  bool add_cycle(const CycleForm& form, const std::string& place) {
    const std::string slug = make_slug(form.title, "cykl");
    return add_once<CycleId>(
        "cycle", slug, place,
        [&](storage::Connection& connection, const Call& call) -> std::optional<Outcome<CycleId>> {
          if (storage::find_cycle_ref(connection, slug)) return std::nullopt;
          auto id = add_cycle_draft(connection, environment_, call, form);
          if (!id) return id;
          return publish_cycle_draft(connection, environment_, call, *id);
        });
  }

  bool add_meeting(const MeetingForm& form, const std::string& place) {
    const std::string slug = make_slug(form.title, "spotkanie");
    return add_once<MeetingId>("meeting", slug, place,
                               [&](storage::Connection& connection,
                                   const Call& call) -> std::optional<Outcome<MeetingId>> {
                                 if (!storage::list_meeting_slugs(connection, slug).empty())
                                   return std::nullopt;
                                 domain::FieldErrors errors;
                                 FieldChecks checks(errors);
                                 References references(connection);
                                 const auto meeting = read_meeting_form(form, checks, references);
                                 if (!errors.empty()) return errors;
                                 const MeetingId id =
                                     add_meeting_draft(connection, environment_, call, meeting);
                                 storage::lock_meeting(connection, id);
                                 publish_locked_meeting(connection, environment_, call, id);
                                 return id;
                               });
  }

  bool add_practice(const PracticeForm& form, const std::string& place) {
    const std::string slug = make_slug(form.title, "praktyka");
    return add_once<PracticeId>(
        "practice", slug, place,
        [&](storage::Connection& connection,
            const Call& call) -> std::optional<Outcome<PracticeId>> {
          if (!storage::list_practice_slugs(connection, slug).empty()) return std::nullopt;
          auto id = add_practice_draft(connection, environment_, call, form);
          if (!id) return id;
          return publish_practice_draft(connection, environment_, call, *id);
        });
  }

  // Calls `add` for each row; what a row cannot say is reported with its file.
  template <class Add>
  void each_row(const std::string& file, Add add) {
    for (const CsvRow& row : table(file).rows) {
      try {
        add(row, place_of(file, row));
      } catch (SampleError& error) {
        if (!error.place.starts_with(file)) error.place = file + ' ' + error.place;
        throw;
      }
    }
  }

  void load_cycles() {
    each_row("cycles.csv", [&](const CsvRow& row, const std::string& place) {
      report_.cycles += add_cycle(read_cycle_row(row), place);
    });
  }

  void load_past_meetings() {
    each_row("meetings.csv", [&](const CsvRow& row, const std::string& place) {
      report_.meetings += add_meeting(read_past_meeting_row(row), place);
    });
  }

  void load_practices() {
    each_row("practices.csv", [&](const CsvRow& row, const std::string& place) {
      report_.practices += add_practice(read_practice_row(row), place);
    });
  }

  void load_open_cycle() {
    const CycleForm form =
        read_open_cycle(table("open_cycle.csv"), table("open_cycle_sessions.csv"), today_);
    if (!add_cycle(form, "open_cycle.csv")) return;
    ++report_.cycles;
    report_.meetings += static_cast<int>(form.meetings.size());
  }

  void load_upcoming() {
    each_row("upcoming.csv", [&](const CsvRow& row, const std::string& place) {
      report_.meetings += add_meeting(read_upcoming_row(row, today_), place);
      if (row["cancel_reason"].empty()) return;
      // On every run: the one before may have ended between the publication and this.
      const auto meeting = read_database(environment_, [&](storage::Connection& connection) {
        return storage::find_meeting(connection, make_slug(row["title"], "spotkanie"));
      });
      if (!meeting || meeting->status != domain::MeetingStatus::published ||
          meeting->times.ends_at <= environment_.clock->now()) {
        return;
      }
      value_or_throw(cancel_meeting(environment_, call_, meeting->id, row["cancel_reason"]), place);
    });
  }

  // Accounts to try the roles with; nobody reads their mailboxes.
  void load_people() {
    each_row("people.csv", [&](const CsvRow& row, const std::string& place) {
      report_.people += add_once<domain::PersonId>(
          "person", row["email"], place,
          [&](storage::Connection& connection,
              const Call& call) -> std::optional<Outcome<domain::PersonId>> {
            return add_sample_person(connection, environment_, call, read_person_row(row));
          });
    });
  }

  const Environment& environment_;
  const std::string directory_;
  Call call_;
  domain::Date today_{};
  SampleReport report_;
};

}  // namespace

Outcome<SampleReport> load_sample(const Environment& environment, const std::string& directory) {
  try {
    return SampleLoader(environment, directory).load();
  } catch (const SampleError& error) {
    return domain::FieldErrors{{error.place, "invalid_sample", {{"reason", error.reason}}}};
  }
}

}  // namespace narada::usecases
