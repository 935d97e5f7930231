#include "service/usecases/registrations/locked_meeting.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <variant>

#include "service/usecases/registrations/special_needs.h"
#include "sql/error.h"
#include "sql/live_person.h"

namespace narada::usecases {
namespace {

using domain::AttendanceMode;
using domain::RegistrationStatus;
using notifications::MailKind;
using storage::StoredRegistration;

RegistrationStatus status_of(const domain::Admission& admission) {
  if (std::holds_alternative<domain::Confirmed>(admission)) return RegistrationStatus::confirmed;
  if (std::holds_alternative<domain::Waitlisted>(admission)) return RegistrationStatus::waitlisted;
  if (std::holds_alternative<domain::AwaitsApproval>(admission)) return RegistrationStatus::pending;
  throw std::logic_error("a refused admission has no status");
}

MailCause welcome_of(RegistrationStatus status) {
  if (status == RegistrationStatus::confirmed) {
    return {MailKind::registration_confirmed, calendar::ItipMethod::request};
  }
  return {status == RegistrationStatus::waitlisted ? MailKind::registration_waitlisted
                                                   : MailKind::registration_pending,
          std::nullopt};
}

// A REQUEST goes out: SEQUENCE must be above that of a CANCEL this person got before.
void invite(StoredRegistration& stored) {
  if (!stored.invited && stored.sequence_offset > 0) ++stored.sequence_offset;
  stored.invited = true;
}

bool is_forgotten(const StoredRegistration& stored) {
  return stored.registration.person.email.empty();
}

// Takes back what the calendar holds, if it holds anything: the method of the mail that says so.
std::optional<calendar::ItipMethod> withdraw(StoredRegistration& stored) {
  if (!std::exchange(stored.invited, false)) return std::nullopt;
  ++stored.sequence_offset;
  return calendar::ItipMethod::cancel;
}

}  // namespace

std::optional<LockedMeeting> LockedMeeting::lock(const Change& change, domain::MeetingId meeting,
                                                 std::optional<storage::SeatedMeeting> known) {
  const auto state = storage::lock_meeting(change.connection, meeting);
  if (!state) return std::nullopt;
  if (!known || known->meeting.version != state->version) {
    known = storage::find_seated_meeting(change.connection, meeting);
    if (!known) return std::nullopt;
  }
  known->meeting.onsite = state->onsite;
  known->meeting.online = state->online;
  known->meeting.pending = state->pending;
  known->queue_counter = state->queue_counter;
  return LockedMeeting(change, *std::move(known));
}

domain::Admission LockedMeeting::decide_admission(AttendanceMode mode) const {
  return domain::decide_admission(seated_.meeting, mode, change_.now);
}

domain::Admission LockedMeeting::decide_admission_of_approved(AttendanceMode mode) const {
  domain::MeetingSummary meeting = seated_.meeting;
  meeting.approval = false;
  meeting.window = {};
  return domain::decide_admission(meeting, mode, change_.now);
}

domain::Admission LockedMeeting::decide_admission_of_enrolled(AttendanceMode mode) const {
  domain::MeetingSummary meeting = seated_.meeting;
  meeting.window.opens_at.reset();
  return domain::decide_admission(meeting, mode, change_.now);
}

domain::Seats& LockedMeeting::seats(AttendanceMode mode) {
  return mode == AttendanceMode::online ? seated_.meeting.online : seated_.meeting.onsite;
}

void LockedMeeting::take_number(StoredRegistration& stored) {
  stored.queue_number = ++seated_.queue_counter;
}

// The caller saves the row afterwards.
void LockedMeeting::enter(StoredRegistration& stored, RegistrationStatus status) {
  domain::Registration& registration = stored.registration;
  registration.status = status;
  registration.queue_position.reset();
  registration.updated_at = change_.now;
  if (status == RegistrationStatus::confirmed) {
    ++seats(registration.mode).confirmed;
    registration.confirmed_at = change_.now;
    invite(stored);
  } else if (status == RegistrationStatus::waitlisted) {
    registration.queue_position = ++seats(registration.mode).waiting;
  } else if (status == RegistrationStatus::pending) {
    ++seated_.meeting.pending;
  }
}

void LockedMeeting::leave(const StoredRegistration& stored) {
  const domain::Registration& registration = stored.registration;
  if (registration.status == RegistrationStatus::confirmed) --seats(registration.mode).confirmed;
  if (registration.status == RegistrationStatus::waitlisted) --seats(registration.mode).waiting;
  if (registration.status == RegistrationStatus::pending) --seated_.meeting.pending;
}

void LockedMeeting::save(StoredRegistration& stored) {
  storage::require_live_person(change_.connection, stored.registration.person.id);
  storage::save_registration(change_.connection, stored);
}

std::string LockedMeeting::admit(StoredRegistration& stored, const domain::Admission& admission) {
  stored.registration.meeting = meeting().id;
  stored.registration.created_at = change_.now;
  take_number(stored);
  enter(stored, status_of(admission));
  try {
    storage::insert_registration(change_.connection, stored);
  } catch (const storage::Duplicate&) {
    leave(stored);
    --seated_.queue_counter;
    throw;
  }
  record_of(stored, "registration.created");
  return write_to(stored, welcome_of(stored.registration.status));
}

std::string LockedMeeting::readmit(StoredRegistration& stored, const domain::Admission& admission) {
  stored.registration.cancelled_at.reset();
  stored.registration.confirmed_at.reset();
  if (const auto clause = storage::find_clause(change_.connection, std::nullopt, change_.now)) {
    stored.registration.clause_version = clause->version;
  }
  take_number(stored);
  enter(stored, status_of(admission));
  save(stored);
  record_of(stored, "registration.returned");
  return write_to(stored, welcome_of(stored.registration.status));
}

void LockedMeeting::approve(StoredRegistration& stored, const domain::Admission& admission) {
  leave(stored);
  if (status_of(admission) == RegistrationStatus::waitlisted) take_number(stored);
  enter(stored, status_of(admission));
  save(stored);
  record_of(stored, "registration.approved");
  write_to(stored, welcome_of(stored.registration.status));
}

void LockedMeeting::decline(StoredRegistration& stored, const std::string& reason) {
  leave(stored);
  enter(stored, RegistrationStatus::declined);
  stored.registration.decline_reason = reason;
  save(stored);
  record_of(stored, "registration.declined");
  write_to(stored, {MailKind::registration_declined, std::nullopt, std::nullopt, reason});
}

void LockedMeeting::cancel(StoredRegistration& stored) {
  leave(stored);
  enter(stored, RegistrationStatus::cancelled);
  stored.registration.cancelled_at = change_.now;
  forget_needs(stored.registration);
  const auto method = withdraw(stored);
  storage::save_registration(change_.connection, stored);
  record_of(stored, "registration.cancelled");
  write_to(stored, {MailKind::registration_cancelled, method});
  promote();
}

void LockedMeeting::change_mode(StoredRegistration& stored, AttendanceMode mode,
                                const domain::Admission& admission) {
  const bool was_pending = stored.registration.status == RegistrationStatus::pending;
  const RegistrationStatus status =
      was_pending ? RegistrationStatus::pending : status_of(admission);
  leave(stored);
  stored.registration.mode = mode;
  MailCause cause = welcome_of(status);
  if (status == RegistrationStatus::confirmed) {
    cause.kind = MailKind::registration_changed;
    if (stored.invited) ++stored.sequence_offset;  // the place in the calendar changes
  } else if (status == RegistrationStatus::waitlisted) {
    take_number(stored);
    cause.method = withdraw(stored);
  }
  enter(stored, status);
  save(stored);
  record_of(stored, "registration.mode_changed");
  write_to(stored, cause);
  promote();
}

void LockedMeeting::save_details(StoredRegistration& stored) {
  stored.registration.updated_at = change_.now;
  save(stored);
  record_of(stored, "registration.changed");
}

bool LockedMeeting::may_promote() const {
  return meeting().status == domain::MeetingStatus::published &&
         change_.now < meeting().times.starts_at;
}

int LockedMeeting::promote() {
  if (!may_promote()) return 0;
  return promote(AttendanceMode::onsite) + promote(AttendanceMode::online);
}

int LockedMeeting::promote(AttendanceMode mode) {
  const int count = domain::decide_promotions(seats(mode));
  if (count == 0) return 0;
  auto first = storage::find_first_waiting(change_.connection, meeting().id, mode, count);
  for (auto& stored : first) {
    leave(stored);
    enter(stored, RegistrationStatus::confirmed);
    save(stored);
    record_of(stored, "registration.promoted", "system");
    write_to(stored, {MailKind::registration_promoted, calendar::ItipMethod::request});
  }
  return static_cast<int>(first.size());
}

std::optional<int> LockedMeeting::free_for(domain::InstitutionId, AttendanceMode mode) const {
  return domain::seats_of(seated_.meeting, mode).free();
}

void LockedMeeting::refresh_places() { promote(); }

void LockedMeeting::publish() {
  storage::save_publication(change_.connection, meeting().id, change_.now);
  seated_.meeting.status = domain::MeetingStatus::published;
  seated_.meeting.updated_at = change_.now;
  ++seated_.meeting.version;
  record("meeting.published", fmt::format("meeting:{}", meeting().id.value));
}

void LockedMeeting::cancel_meeting(const std::string& reason) {
  storage::save_cancellation(change_.connection, meeting().id, reason, change_.now);
  seated_.meeting.status = domain::MeetingStatus::cancelled;
  seated_.meeting.updated_at = change_.now;
  ++seated_.meeting.sequence;
  ++seated_.meeting.version;
  record("meeting.cancelled", fmt::format("meeting:{}", meeting().id.value));
  MailCause cause;
  cause.kind = MailKind::meeting_cancelled;
  cause.reason = reason;
  notify(storage::find_active_registrations(change_.connection, meeting().id),
         calendar::ItipMethod::cancel, cause);
  storage::forget_invitations(change_.connection, meeting().id);
}

// Nobody is told: there is no address any more.
void LockedMeeting::release_forgotten() {
  for (auto& stored : storage::find_active_registrations(change_.connection, meeting().id)) {
    if (!is_forgotten(stored)) continue;
    leave(stored);
    enter(stored, RegistrationStatus::cancelled);
    stored.registration.cancelled_at = change_.now;
    withdraw(stored);
    storage::save_registration(change_.connection, stored);
    record_of(stored, "registration.cancelled", "system");
  }
}

void LockedMeeting::move(std::optional<domain::WallTime> previous_starts, Audience audience) {
  storage::save_move(change_.connection, meeting().id, previous_starts);
  ++seated_.meeting.sequence;
  if (previous_starts) seated_.meeting.previous_starts = previous_starts;
  record("meeting.moved", fmt::format("meeting:{}", meeting().id.value));
  if (may_promote()) release_forgotten();
  if (audience == Audience::nobody) return;
  MailCause cause;
  cause.kind = MailKind::meeting_moved;
  cause.previous_starts = previous_starts;
  notify(storage::find_active_registrations(change_.connection, meeting().id),
         calendar::ItipMethod::request, cause);
}

void LockedMeeting::change_way_in(const std::vector<AttendanceMode>& modes, Audience audience) {
  storage::save_move(change_.connection, meeting().id, std::nullopt);
  ++seated_.meeting.sequence;
  record("meeting.way_in_changed", fmt::format("meeting:{}", meeting().id.value));
  if (audience == Audience::nobody) return;
  auto concerned = storage::find_active_registrations(change_.connection, meeting().id);
  std::erase_if(concerned, [&](const StoredRegistration& stored) {
    return !stored.invited ||
           std::find(modes.begin(), modes.end(), stored.registration.mode) == modes.end();
  });
  MailCause cause;
  cause.kind = MailKind::meeting_moved;
  notify(concerned, calendar::ItipMethod::request, cause);
}

// `method` goes to those whose calendar holds the meeting.
void LockedMeeting::notify(const Registrations& registrations, calendar::ItipMethod method,
                           const MailCause& cause) {
  for (const auto& stored : registrations) {
    if (is_forgotten(stored)) continue;
    MailCause own = cause;
    if (stored.invited) own.method = method;
    own.hold_seconds = change_.environment.hold_seconds;
    write_to(stored, std::move(own));
  }
}

std::string LockedMeeting::write_to(const StoredRegistration& stored, MailCause cause) {
  letters_.push_back({stored, std::move(cause), make_token()});
  return letters_.back().token;
}

void LockedMeeting::record(std::string verb, std::string subject, std::string details) {
  activities_.push_back({change_.now, change_.call.actor.text(), std::move(verb),
                         std::move(subject), meeting().id, std::move(details),
                         change_.call.request_id, change_.call.address_class});
}

void LockedMeeting::record_of(const StoredRegistration& stored, std::string verb,
                              std::string actor) {
  const domain::Registration& registration = stored.registration;
  record(std::move(verb), fmt::format("registration:{}", registration.id.value),
         fmt::format(R"({{"status":"{}","mode":"{}","queue_number":{}}})",
                     domain::to_string(registration.status), domain::to_string(registration.mode),
                     stored.queue_number));
  // As as_holder() (catalogue_activity.h), with the registration at hand.
  if (change_.call.actor.person == registration.person.id) {
    activities_.back().actor = fmt::format("manage:{}", registration.id.value);
  }
  if (!actor.empty()) activities_.back().actor = std::move(actor);
}

void LockedMeeting::finish() {
  save_letters();
  storage::save_activities(change_.connection, activities_);
  storage::save_seats(change_.connection, meeting().id,
                      {meeting().version, meeting().onsite, meeting().online, meeting().pending,
                       seated_.queue_counter});
}

void LockedMeeting::save_letters() {
  std::vector<storage::NewManageToken> tokens;
  std::vector<storage::NewMail> mails;
  for (const auto& letter : letters_) {
    const domain::Registration& registration = letter.stored.registration;
    tokens.push_back({hash_token(letter.token), registration.id});
    const auto facts =
        make_mail_facts(change_.environment, seated_, letter.stored, letter.cause, letter.token);
    mails.push_back(
        make_outgoing_mail(change_.environment, facts, letter.cause, registration, change_.now));
  }
  storage::save_manage_tokens(change_.connection, tokens, change_.now);
  const auto ids = storage::save_outgoing_mails(change_.connection, mails);
  std::vector<storage::NewInvitation> invitations;
  for (std::size_t index = 0; index < letters_.size(); ++index) {
    const Letter& letter = letters_[index];
    if (!letter.cause.method) continue;
    invitations.push_back({letter.stored.registration.id, ids.at(index), meeting().uid,
                           effective_sequence(seated_, letter.stored),
                           std::string(calendar::to_string(*letter.cause.method))});
  }
  storage::save_invitations(change_.connection, invitations, change_.now);
}

}  // namespace narada::usecases
