#include "tests/storage/calendar_history.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <stdexcept>

#include "service/domain/half_fixed.h"
#include "service/usecases/meetings/bin.h"
#include "service/usecases/meetings/change_undoing.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/registrations/calendar_repair.h"
#include "service/usecases/registrations/delegations.h"
#include "service/usecases/registrations/offers.h"
#include "service/usecases/registrations/place_rules.h"
#include "service/usecases/registrations/substitution.h"
#include "sql/connection.h"
#include "sql/id_list.h"
#include "sql/registration_store.h"
#include "sql/seat_store.h"
#include "tests/storage/mail_composer.h"

namespace narada::testing {
namespace {

using namespace std::chrono_literals;
using Kind = HistoryStep::Kind;
using nlohmann::json;
using storage::StoredRegistration;

constexpr const char* kOffice = "2466011";  // of all people
constexpr int kPeople = 5;                  // of one history
constexpr std::array kPlaces{"Centrum 3.0", "Biblioteka Rybnik", "Ratusz w Zgierzu"};
constexpr std::array kLinks{"", "https://meet.example/a", "https://meet.example/b"};

constexpr std::array kNames{
    "enter",    "cancel",   "change_mode", "substitute", "approve",    "decline",  "repair",
    "capacity", "move",     "set_end",     "set_place",  "set_way_in", "lose_day", "get_day",
    "retitle",  "call_off", "undo",        "bin",        "restore",    "accept",   "delegate",
    "name",     "enrol",    "leave",       "settle",     "post"};

// How often each comes, in the order of the kinds.
constexpr std::array kWeights{26, 12, 10, 8, 6, 2, 5, 10, 10, 4, 6, 6, 4,
                              6,  3,  2,  7, 2, 4, 7, 3,  6,  6, 2, 4, 14};
static_assert(kNames.size() == kWeights.size());

struct CalendarMail {
  domain::RegistrationId registration;
  domain::OutgoingMailId id;
  ArrivedMail mail;
};

std::string basic(domain::WallTime time, bool all_day) {
  const std::chrono::sys_seconds moment(time.time_since_epoch());
  return all_day ? fmt::format("{:%Y%m%d}", fmt::gmtime(moment))
                 : fmt::format("{:%Y%m%dT%H%M%S}", fmt::gmtime(moment));
}

std::string text_or_empty(const json& value) {
  return value.is_string() ? value.get<std::string>() : std::string();
}

}  // namespace

std::string describe(const CalendarHistory& history) {
  std::string text =
      fmt::format("{}{}{}{}{}seed {}:", history.hybrid ? "hybrid, " : "",
                  history.approval ? "approval, " : "", history.held ? "held, " : "",
                  history.offers ? "offers, " : "", history.cycle ? "cycle, " : "", history.seed);
  for (const auto& step : history.steps) {
    text += fmt::format("\n  {} person {} value {}", kNames.at(static_cast<std::size_t>(step.kind)),
                        step.person, step.value);
  }
  return text;
}

CalendarHistory make_history(std::uint32_t number) {
  std::mt19937 random(number);
  const auto below = [&](std::uint32_t bound) { return static_cast<int>(random() % bound); };
  CalendarHistory history;
  history.hybrid = below(2) == 0;
  history.approval = below(5) == 0;
  history.held = below(2) == 0;
  history.offers = below(3) == 0;
  history.cycle = below(3) == 0;
  history.seed = number;
  std::discrete_distribution<int> kinds(kWeights.begin(), kWeights.end());
  for (int person = 0; person < 2 + below(3); ++person) {
    history.steps.push_back({Kind::enter, person, below(60)});
  }
  const int length = 3 + below(12);
  for (int index = 0; index < length; ++index) {
    history.steps.push_back({static_cast<Kind>(kinds(random)), below(kPeople), below(60)});
  }
  return history;
}

// One playing of one history.
class HistoryRun {
 public:
  HistoryRun(HistoryPlayer& player, const CalendarHistory& history, std::optional<Kind> forgotten)
      : player_(player),
        world_(player.world_),
        history_(history),
        forgotten_(forgotten),
        first_(player.people_) {
    player_.people_ += kPeople;
    world_.clock().set(std::chrono::sys_days(2027y / 1 / 4) + 9h);
    environment_ = world_.environment();
    environment_.hold_seconds = history.held ? 300 : 0;
    publish();
  }

  std::string play() {
    for (const auto& step : history_.steps) {
      world_.clock().advance(40s);
      take(step);
      if (forgotten_ == step.kind) forget();
    }
    world_.clock().advance(1h);
    post();
    return compare();
  }

 private:
  const usecases::Environment& environment() const { return environment_; }

  void publish() {
    auto form = world_.meeting_form(2);
    form.online = {history_.hybrid, 2};
    form.approval = history_.approval;
    form.online_url = history_.hybrid ? kLinks[1] : "";
    form.places.front() = {kPlaces[0], "", "", "", {}};
    if (history_.cycle)
      publish_cycle(form);
    else
      meeting_ = world_.publish(form).id;
    if (history_.offers) offer_places();
  }

  // The session of which the history is, and one that nothing happens to.
  void publish_cycle(const usecases::MeetingForm& form) {
    usecases::CycleForm cycle;
    cycle.title = "Szkoła prototypowania";
    cycle.meetings = {form, world_.meeting_form(40)};
    const auto made = create_cycle(world_.environment(), world_.organizer(), cycle);
    if (!made) throw std::runtime_error("no cycle: " + describe(made));
    const auto published = publish_cycle_of(made->id);
    cycle_ = published.id;
    meeting_ = published.meetings.front().id;
  }
  domain::Cycle publish_cycle_of(domain::CycleId id) {
    auto published = usecases::publish_cycle(world_.environment(), world_.organizer(), id);
    if (!published) throw std::runtime_error("unpublished: " + describe(published));
    return std::move(published).value();
  }

  void offer_places() {
    usecases::PlaceRulesForm rules;
    rules.offer_minutes = 10;
    const auto saved = save_places(world_.environment(), world_.organizer(), meeting_, rules);
    if (!saved) throw std::runtime_error("no rules: " + describe(saved));
  }

  usecases::RegistrationForm form_of(int person) const {
    auto form = RegistrationWorld::person(first_ + person % kPeople);
    form.mode = domain::AttendanceMode::onsite;
    return form;
  }

  std::string address_of(int person) const { return form_of(person).email; }

  std::optional<domain::RegistrationId> find(int person) const {
    const auto found = registrations_.find(address_of(person));
    if (found == registrations_.end()) return std::nullopt;
    return found->second;
  }

  void take(const HistoryStep& step) {
    switch (step.kind) {
      case Kind::enter:
        return enter(step);
      case Kind::undo:
        return undo();
      case Kind::bin:
        std::ignore = delete_meeting(environment(), world_.organizer(), meeting_, "Awaria");
        return;
      case Kind::call_off:
        std::ignore = cancel_meeting(environment(), world_.organizer(), meeting_, "Awaria");
        return;
      case Kind::post:
        world_.clock().advance(std::chrono::minutes(step.value % 8));
        return post();
      case Kind::restore:
        std::ignore = restore_meeting(environment(), world_.organizer(), meeting_);
        return;
      case Kind::settle:
        world_.clock().advance(11min);
        settle_due_places(environment());
        return;
      case Kind::delegate:
        return delegate(step);
      case Kind::name:
        return name(step);
      case Kind::enrol:
      case Kind::leave:
        return enrol(step);
      case Kind::cancel:
      case Kind::accept:
      case Kind::change_mode:
      case Kind::substitute:
      case Kind::approve:
      case Kind::decline:
      case Kind::repair:
        if (const auto id = find(step.person)) change_registration_of(*id, step);
        return;
      default:
        return change_meeting_by(step);
    }
  }

  void enter(const HistoryStep& step) {
    auto form = form_of(step.person);
    if (history_.hybrid && step.value % 3 == 0) form.mode = domain::AttendanceMode::online;
    const auto entered = usecases::register_person(environment(), world_.visitor(),
                                                   std::to_string(meeting_.value), form);
    if (entered) registrations_[form.email] = entered->registration.id;
  }

  void delegate(const HistoryStep& step) {
    usecases::PlacesForm places;
    places.onsite = step.value % 3;
    if (history_.hybrid && step.value % 2 == 0) places.online = step.value % 3;
    std::ignore =
        set_places(environment(), world_.organizer(), key(), kOffice, std::nullopt, places);
  }

  void name(const HistoryStep& step) {
    const auto form = form_of(step.person);
    usecases::NamesForm names;
    names.text = form.full_name + ";" + form.email + ";inspektor";
    const bool online = history_.hybrid && step.value % 3 == 0;
    names.mode = online ? domain::AttendanceMode::online : domain::AttendanceMode::onsite;
    names.overflow = static_cast<usecases::Overflow>(step.value % 3);
    std::ignore = take_names(environment(), world_.organizer(), key(), kOffice, names);
    const auto found = find_delegation(environment(), world_.organizer().actor, key(), kOffice);
    if (!found) return;
    for (const auto& one : found->people)
      if (one.email == form.email) registrations_[form.email] = one.id;
  }

  void enrol(const HistoryStep& step) {
    if (!cycle_) return;
    const auto form = form_of(step.person);
    if (step.kind == Kind::leave) {
      const auto enrolment = enrolments_.find(form.email);
      if (enrolment != enrolments_.end())
        std::ignore = cancel_enrolment(environment(), world_.organizer(), enrolment->second);
      return;
    }
    const auto enrolled =
        enrol_person(environment(), world_.organizer(), std::to_string(cycle_->value), form);
    if (!enrolled) return;
    enrolments_[form.email] = enrolled->id;
    for (const auto& registration : enrolled->registrations)
      if (registration.meeting == meeting_) registrations_[form.email] = registration.id;
  }

  std::string key() const { return std::to_string(meeting_.value); }

  void change_registration_of(domain::RegistrationId id, const HistoryStep& step) {
    const auto holder = world_.holder(id);
    if (step.kind == Kind::cancel) {
      std::ignore = cancel_registration(environment(), holder, id);
    } else if (step.kind == Kind::accept) {
      std::ignore = accept_offer(environment(), holder, id);
    } else if (step.kind == Kind::approve) {
      std::ignore = approve_registration(environment(), world_.organizer(), id);
    } else if (step.kind == Kind::decline) {
      std::ignore = decline_registration(environment(), world_.organizer(), id, "Brak miejsc");
    } else if (step.kind == Kind::repair) {
      std::ignore = repair_calendar(environment(), holder, id);
    } else if (step.kind == Kind::change_mode) {
      usecases::RegistrationChange change;
      change.mode = static_cast<domain::AttendanceMode>(step.value % 2);
      std::ignore = change_registration(environment(), holder, id, std::nullopt, change);
    } else {
      substitute_for(id, step);
    }
  }

  void substitute_for(domain::RegistrationId id, const HistoryStep& step) {
    const auto next = form_of(step.person + 1 + step.value);
    const auto done = substitute(environment(), world_.holder(id), id,
                                 {next.full_name, next.email, next.position, {}, {}, {}});
    if (done) registrations_[next.email] = done->to.id;
  }

  void undo() {
    const auto changes = list_held_changes(environment(), world_.organizer().actor, meeting_);
    if (!changes || changes->empty()) return;
    std::ignore = undo_change(environment(), world_.organizer(), meeting_, changes->front().id);
  }

  void change_meeting_by(const HistoryStep& step) {
    auto form = load_meeting_form(environment(), world_.organizer().actor, meeting_);
    if (!form) return;
    edit(*form, step);
    const auto now =
        find_meeting(environment(), world_.organizer().actor, std::to_string(meeting_.value));
    if (!now) return;
    std::ignore = change_meeting(environment(), world_.organizer(), meeting_, now->version, *form,
                                 usecases::Shrinking::to_waiting_list);
  }

  static void edit(usecases::MeetingForm& form, const HistoryStep& step) {
    const auto day = std::chrono::floor<std::chrono::days>(form.starts);
    switch (step.kind) {
      case Kind::set_capacity:
        form.onsite.capacity = 1 + step.value % 4;
        if (form.online.offered) form.online.capacity = 1 + step.value % 3;
        break;
      case Kind::move:
      case Kind::get_day:
        form.starts = domain::WallTime(std::chrono::local_days(2027y / 1 / 12)) +
                      std::chrono::days(step.value % 30) + std::chrono::hours(8 + step.value % 5);
        form.ends = form.starts + 4h;
        form.precision = domain::TimePrecision::minute;
        break;
      case Kind::set_end:
        if (form.precision == domain::TimePrecision::minute)
          form.ends = form.starts + std::chrono::hours(1 + step.value % 6);
        break;
      case Kind::set_place:
        form.places.front().name = kPlaces.at(static_cast<std::size_t>(step.value) % 3);
        break;
      case Kind::set_way_in:
        form.online_url = kLinks.at(static_cast<std::size_t>(step.value) % 3);
        break;
      case Kind::lose_day:
        std::tie(form.starts, form.ends) = domain::month_around(domain::WallTime(day));
        form.precision = domain::TimePrecision::month;
        break;
      default:
        form.title = fmt::format("Przystanki bez barier, wydanie {}", step.value);
    }
  }

  // What is due leaves.
  void post() {
    const auto now = world_.clock().now();
    world_.pool().transact([&](storage::Connection& connection) {
      const auto rows = connection.query(
          "SELECT id, registration_id, facts, message_id, created_at FROM outgoing_mail WHERE "
          "meeting_id = ? AND state = 'queued' AND not_before <= ? ORDER BY id",
          {meeting_, now});
      std::vector<domain::OutgoingMailId> left;
      std::vector<CalendarMail> mails;
      for (const auto row : rows) {
        left.push_back(row.id<domain::OutgoingMailId>(0));
        const auto facts = notifications::parse_mail_facts(row.text(2));
        if (!facts.event || row.is_null(1)) continue;
        mails.push_back({row.id<domain::RegistrationId>(1),
                         left.back(),
                         {facts.to_address,
                          mail_composer().compose(facts, row.text(3), row.instant(4)).message}});
      }
      connection.execute(
          "UPDATE outgoing_mail SET state = 'sent', sent_at = ?, last_attempt_at = ? WHERE id" +
              std::string(storage::kInIdList),
          {now, now, storage::list_of_ids(left)});
      mails_.insert(mails_.end(), mails.begin(), mails.end());
      return true;
    });
  }

  // As if what waits had never been written.
  void forget() {
    world_.pool().transact([&](storage::Connection& connection) {
      return connection.execute(
          "UPDATE outgoing_mail SET state = 'aborted' WHERE meeting_id = ? AND state = 'queued'",
          {meeting_});
    });
  }

  // Of each person's mails some are lost, some come twice, and all in any order. With the last one
  // lost too the person repairs the calendar in the end.
  std::string compare() {
    std::mt19937 random(history_.seed);
    std::map<std::string, std::size_t> last;
    for (std::size_t index = 0; index < mails_.size(); ++index) {
      last[mails_[index].mail.person] = index;
    }
    for (std::size_t index = 0; index < mails_.size(); ++index) {
      auto& newest = last[mails_[index].mail.person];
      if (told_after(mails_[index].id, mails_[newest].id)) newest = index;
    }
    std::set<std::string> cut_off;
    for (const auto& [person, index] : last) {
      if (random() % 4 == 0) cut_off.insert(person);
    }
    for (std::size_t index = 0; index < mails_.size(); ++index) {
      const auto& mail = mails_[index].mail;
      const bool is_last = last.at(mail.person) == index;
      const bool lost = is_last ? cut_off.contains(mail.person) : random() % 4 == 0;
      if (!lost) arrived_.push_back(mail);
      if (!lost && random() % 5 == 0) arrived_.push_back(mail);
    }
    repair(cut_off);
    std::shuffle(arrived_.begin(), arrived_.end(), random);
    player_.mails_ += static_cast<std::int64_t>(arrived_.size());
    return differences(player_.client_.read(arrived_));
  }

  // By the ledger: what is told in one transaction has rising ids.
  static bool told_after(domain::OutgoingMailId one, domain::OutgoingMailId other) {
    return one.value > other.value;
  }

  void repair(const std::set<std::string>& people) {
    const auto before = mails_.size();
    for (const auto& person : people) {
      const auto found = registrations_.find(person);
      if (found == registrations_.end()) continue;
      const auto repaired =
          repair_calendar(environment(), world_.holder(found->second), found->second);
      if (!repaired) refusals_ += person + ": repair " + describe(repaired) + "\n";
    }
    world_.clock().advance(1min);
    post();
    for (std::size_t index = before; index < mails_.size(); ++index) {
      arrived_.push_back(mails_[index].mail);
    }
  }

  std::string differences(const json& calendars) {
    if (calendars.contains("error")) return calendars.at("error").get<std::string>();
    std::string text = refusals_;
    world_.pool().read([&](storage::Connection& connection) {
      const auto seated = storage::find_seated_meeting(connection, meeting_);
      std::vector<domain::RegistrationId> ids;
      for (const auto& [person, id] : registrations_) ids.push_back(id);
      for (const auto& stored : storage::find_registrations(connection, ids)) {
        const auto& person = stored.registration.person.email;
        json entries = json::object();
        if (calendars.contains(person)) entries = calendars.at(person);
        const auto difference = difference_of(*seated, stored, entries);
        if (!difference.empty()) text += person + ": " + difference + "\n";
      }
      return true;
    });
    return text;
  }

  // What the calendar should show is worked out here from the rows alone.
  static std::string difference_of(const storage::SeatedMeeting& seated,
                                   const StoredRegistration& stored, const json& entries) {
    const auto& meeting = seated.meeting;
    const auto& times = meeting.times;
    const bool belongs = stored.registration.status == domain::RegistrationStatus::confirmed &&
                         meeting.status == domain::MeetingStatus::published &&
                         times.precision != domain::TimePrecision::month;
    const json none = json::object();
    const json& entry = entries.contains(meeting.uid) ? entries.at(meeting.uid) : none;
    if (entries.size() > (entry.empty() ? 0U : 1U)) return "another UID: " + entries.dump();
    if (!belongs) {
      const bool gone =
          entry.empty() || (!entry.at("present").get<bool>() && entry.at("status") == "CANCELLED");
      return gone ? "" : "is to have nothing, has " + entry.dump();
    }
    const bool online = stored.registration.mode == domain::AttendanceMode::online;
    const bool joins = online || !meeting.online.offered;
    const bool all_day = times.precision == domain::TimePrecision::day;
    const json wanted{{"present", true},
                      {"status", "CONFIRMED"},
                      {"starts", basic(times.starts, all_day)},
                      {"ends", basic(times.ends, all_day)},
                      {"place", online ? std::string("Online") : meeting.places.front().name},
                      {"way_in", joins ? meeting.online_url : std::string()}};
    if (entry.empty()) return "has nothing, is to have " + wanted.dump();
    json shown = json::object();
    for (const auto* key : {"present", "status", "starts", "ends"}) shown[key] = entry.at(key);
    for (const auto* key : {"place", "way_in"}) shown[key] = text_or_empty(entry.at(key));
    if (shown != wanted) return "has " + shown.dump() + ", is to have " + wanted.dump();
    if (entry.at("sequence") != stored.told.message->sequence) {
      return fmt::format("has SEQUENCE {}, was told {}", entry.at("sequence").dump(),
                         stored.told.message->sequence);
    }
    return {};
  }

  HistoryPlayer& player_;
  RegistrationWorld& world_;
  const CalendarHistory& history_;
  std::optional<Kind> forgotten_;
  int first_;
  usecases::Environment environment_;
  domain::MeetingId meeting_;
  std::optional<domain::CycleId> cycle_;
  std::map<std::string, domain::RegistrationId> registrations_;  // at the meeting, by address
  std::map<std::string, domain::EnrolmentId> enrolments_;
  std::vector<CalendarMail> mails_;  // that have left, in the order of leaving
  std::vector<ArrivedMail> arrived_;
  std::string refusals_;
};

HistoryPlayer::HistoryPlayer(RegistrationWorld& world) : world_(world) { mail_composer(); }

std::string HistoryPlayer::play(const CalendarHistory& history, std::optional<Kind> forgotten) {
  return HistoryRun(*this, history, forgotten).play();
}

CalendarHistory shorten(const CalendarHistory& history,
                        const std::function<bool(const CalendarHistory&)>& fails) {
  CalendarHistory shortest = history;
  for (bool shorter = true; shorter;) {
    shorter = false;
    for (std::size_t index = shortest.steps.size(); index-- > 0;) {
      CalendarHistory attempt = shortest;
      attempt.steps.erase(attempt.steps.begin() + static_cast<std::ptrdiff_t>(index));
      if (!fails(attempt)) continue;
      shortest = std::move(attempt);
      shorter = true;
    }
  }
  return shortest;
}

}  // namespace narada::testing
