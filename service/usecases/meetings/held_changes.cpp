#include "service/usecases/meetings/held_changes.h"

#include <algorithm>
#include <map>

#include "service/domain/enum_names.h"
#include "service/usecases/meetings/change_preview.h"
#include "service/usecases/meetings/change_record.h"

namespace narada::usecases {
namespace {

constexpr domain::EnumNames<ChangeKind, 4> kKinds{{"changed", "cancelled", "published", "binned"}};
static_assert(is_complete(kKinds, ChangeKind::binned));

using StandingsById = std::map<domain::RegistrationId, storage::Standing>;

StandingsById by_id(const std::vector<storage::Standing>& standings) {
  StandingsById map;
  for (const auto& standing : standings) map.emplace(standing.id, standing);
  return map;
}

bool is_open(const domain::MeetingSummary& meeting, domain::Instant now) {
  const auto state = domain::decide_registration_state(meeting, now);
  return state == domain::RegistrationState::open ||
         state == domain::RegistrationState::waiting_list ||
         state == domain::RegistrationState::full ||
         state == domain::RegistrationState::not_yet_open;
}

// Somebody's registration is closed to others: by its window or by being cancelled; a meeting that
// was cancelled says so to everybody who is in it already.
bool closes(const domain::MeetingSummary& before, const domain::MeetingSummary& after,
            domain::Instant now) {
  return after.status == domain::MeetingStatus::published && is_open(before, now) &&
         !is_open(after, now);
}

bool holds_place(const storage::Standing& standing) {
  return standing.status == domain::RegistrationStatus::confirmed;
}

std::vector<ReminderMove> reminder_moves(const Change& change, const domain::MeetingSummary& before,
                                         const domain::Meeting& after,
                                         const std::vector<storage::Standing>& people) {
  const bool reminds = before.status == domain::MeetingStatus::published &&
                       std::any_of(people.begin(), people.end(), holds_place);
  if (!reminds) return {};
  auto times = after.times;
  if (after.status != domain::MeetingStatus::published)
    times.precision = domain::TimePrecision::month;
  std::vector<ReminderMove> moves;
  const auto offsets = reminders_of(change.connection, change.environment, before.id);
  for (const auto& moved : moved_reminders(before.times, times, offsets, change.now)) {
    moves.push_back({after.title, after.times.tzid, moved});
  }
  return moves;
}

class PreviewWriter {
 public:
  PreviewWriter(const Change& change, const std::vector<storage::Standing>& before,
                const std::vector<storage::Standing>& after)
      : change_(change), before_(by_id(before)), after_(after) {}

  ChangePreview write(const WrittenMails& written) {
    for (const auto& mail : storage::list_written_mails(change_.connection, written.mails)) {
      add_mail(mail);
    }
    for (const auto& standing : after_) add_place(standing);
    return std::move(preview_);
  }

 private:
  void add_mail(const storage::WrittenMail& mail) {
    PreviewedMail previewed;
    previewed.facts = notifications::parse_mail_facts(mail.facts);
    if (!mail.method.empty()) previewed.sequence = mail.sequence;
    previewed.person = mail.person;
    previewed.registration = mail.registration;
    if (mail.person) preview_.people.insert(*mail.person);
    if (mail.institution) preview_.institutions.insert(*mail.institution);
    if (mail.registration) {
      names_[*mail.registration] = {previewed.facts.to_name, mail.institution_name};
    }
    preview_.mails.push_back(std::move(previewed));
  }

  void add_place(const storage::Standing& now) {
    const auto found = before_.find(now.id);
    PlaceChange place;
    if (found != before_.end()) {
      if (found->second.status == now.status) return;
      place.before = found->second.status;
    }
    place.registration = now.id;
    place.after = now.status;
    if (const auto name = names_.find(now.id); name != names_.end()) {
      place.full_name = name->second.first;
      place.institution = name->second.second;
    }
    preview_.people.insert(now.person);
    if (now.institution) preview_.institutions.insert(*now.institution);
    preview_.places.push_back(std::move(place));
  }

  const Change& change_;
  StandingsById before_;
  const std::vector<storage::Standing>& after_;
  std::map<domain::RegistrationId, std::pair<std::string, std::string>> names_;
  ChangePreview preview_;
};

ChangeRecord record_of(const std::vector<storage::Standing>& before,
                       const std::vector<storage::Standing>& after) {
  ChangeRecord record;
  const auto known = by_id(before);
  for (const auto& now : after) {
    record.known.push_back(now.id);
    const auto found = known.find(now.id);
    if (found == known.end()) {
      record.created.push_back({now.id, now.version});
    } else if (!(found->second == now)) {
      record.touched.push_back({found->second, now});
    }
  }
  return record;
}

}  // namespace

std::string_view to_string(ChangeKind kind) { return kKinds.name_of(kind); }
std::optional<ChangeKind> find_change_kind(std::string_view name) { return kKinds.find(name); }

bool is_held(const Environment& environment, const Call& call) {
  return environment.hold_seconds > 0 && call.actor.kind != Actor::Kind::system;
}

ChangeWatch::ChangeWatch(const Change& change, const domain::Meeting& before, ChangeKind kind)
    : change_(change),
      before_(before),
      version_(before.version),
      kind_(kind),
      held_(is_held(change.environment, change.call)) {
  if (!held_ && change.call.rehearsal == nullptr) return;
  standings_ = storage::list_standings(change.connection, before.id);
  if (!held_) return;
  snapshot_ = storage::take_snapshot(change.connection, before.id);
}

void ChangeWatch::finish(const WrittenMails& written) {
  if (!held_ && change_.call.rehearsal == nullptr) return;
  const auto after = storage::list_standings(change_.connection, before_.id);
  if (change_.call.rehearsal != nullptr) tell_rehearsal(written, after);
  if (held_) store(written, after);
}

void ChangeWatch::tell_rehearsal(const WrittenMails& written,
                                 const std::vector<storage::Standing>& after) {
  auto preview = PreviewWriter(change_, standings_, after).write(written);
  const auto now = storage::find_seated_meeting(change_.connection, before_.id);
  if (now && closes(before_, now->meeting, change_.now)) {
    preview.closes_registration = true;
    preview.waiting = now->meeting.onsite.waiting + now->meeting.online.waiting;
    preview.invited =
        static_cast<int>(storage::count_open_invitees(change_.connection, before_.id));
  }
  if (now) preview.reminders = reminder_moves(change_, before_, now->meeting, standings_);
  change_.call.rehearsal->add(preview);
}

void ChangeWatch::store(const WrittenMails& written, const std::vector<storage::Standing>& after) {
  ChangeRecord record = record_of(standings_, after);
  const bool concerns_nobody =
      written.mails.empty() && record.created.empty() && record.touched.empty();
  if (kind_ == ChangeKind::changed && concerns_nobody) return;
  const auto now = storage::lock_meeting(change_.connection, before_.id);
  record.token_hashes = written.token_hashes;
  record.version = version_;
  storage::NewHeldChange held;
  held.meeting = before_.id;
  held.kind = to_string(kind_);
  held.made_by = change_.call.actor.text();
  held.made_at = change_.now;
  held.held_until = change_.now + std::chrono::seconds(change_.environment.hold_seconds);
  held.version_after = now->version;
  held.before_change = write_record(record, snapshot_);
  held.mails = join_mail_ids(written.mails);
  storage::insert_held_change(change_.connection, held);
}

}  // namespace narada::usecases
