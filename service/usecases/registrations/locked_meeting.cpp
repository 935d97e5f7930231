#include "service/usecases/registrations/locked_meeting.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <variant>

#include "service/domain/half_fixed.h"
#include "service/usecases/registrations/special_needs.h"
#include "sql/delegation_store.h"
#include "sql/error.h"
#include "sql/live_person.h"
#include "sql/question_store.h"

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

MailKind welcome_of(RegistrationStatus status) {
  if (status == RegistrationStatus::confirmed) return MailKind::registration_confirmed;
  return status == RegistrationStatus::waitlisted ? MailKind::registration_waitlisted
                                                  : MailKind::registration_pending;
}

bool is_forgotten(const StoredRegistration& stored) {
  return stored.registration.person.email.empty();
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
  known->has_place_rules = state->has_place_rules;
  LockedMeeting locked(change, *std::move(known));
  if (state->has_place_rules) locked.load_books();
  return locked;
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
  registration.offer_until.reset();
  stored.missed_offers = 0;
  registration.updated_at = change_.now;
  if (status == RegistrationStatus::confirmed) {
    ++seats(registration.mode).confirmed;
    registration.confirmed_at = change_.now;
  } else if (status == RegistrationStatus::waitlisted) {
    registration.queue_position = ++seats(registration.mode).waiting;
  } else if (status == RegistrationStatus::pending) {
    ++seated_.meeting.pending;
  }
  if (registration.id) write_in_book(stored);
}

void LockedMeeting::leave(const StoredRegistration& stored) {
  strike_from_book(stored);
  count_out(stored);
}

void LockedMeeting::count_out(const StoredRegistration& stored) {
  const domain::Registration& registration = stored.registration;
  if (registration.status == RegistrationStatus::confirmed) --seats(registration.mode).confirmed;
  if (registration.status == RegistrationStatus::waitlisted) --seats(registration.mode).waiting;
  if (registration.status == RegistrationStatus::pending) --seated_.meeting.pending;
}

std::optional<calendar::ItipMethod> LockedMeeting::tell(StoredRegistration& stored) {
  const auto state = calendar_state(seated_, stored.registration);
  const auto message = domain::decide_calendar_message(stored.told, state);
  if (!message) return std::nullopt;
  const bool is_request = message->method == domain::CalendarMethod::request;
  if (is_forgotten(stored) && is_request) return std::nullopt;
  stored.told = {message, domain::shown_in_calendar(state)};
  if (is_forgotten(stored)) return std::nullopt;
  return is_request ? calendar::ItipMethod::request : calendar::ItipMethod::cancel;
}

void LockedMeeting::save(StoredRegistration& stored) {
  storage::require_live_person(change_.connection, stored.registration.person.id);
  storage::save_registration(change_.connection, stored);
}

std::string LockedMeeting::save_and_write(StoredRegistration& stored, std::string verb,
                                          MailCause cause, std::string actor) {
  cause.method = tell(stored);
  save(stored);
  record_of(stored, std::move(verb), std::move(actor));
  return write_to(stored, std::move(cause));
}

std::string LockedMeeting::admit(StoredRegistration& stored, const domain::Admission& admission) {
  stored.registration.meeting = meeting().id;
  stored.registration.created_at = change_.now;
  settle();
  take_number(stored);
  enter(stored, status_of(admission));
  MailCause cause{welcome_of(stored.registration.status)};
  cause.method = tell(stored);
  try {
    storage::insert_registration(change_.connection, stored);
  } catch (const storage::Duplicate&) {
    count_out(stored);
    --seated_.queue_counter;
    throw;
  }
  write_in_book(stored);
  record_of(stored, "registration.created");
  return write_to(stored, std::move(cause));
}

std::string LockedMeeting::readmit(StoredRegistration& stored, const domain::Admission& admission) {
  stored.registration.cancelled_at.reset();
  stored.registration.confirmed_at.reset();
  if (const auto clause = storage::find_clause(change_.connection, std::nullopt, change_.now)) {
    stored.registration.clause_version = clause->version;
  }
  settle();
  take_number(stored);
  enter(stored, status_of(admission));
  return save_and_write(stored, "registration.returned", {welcome_of(stored.registration.status)});
}

void LockedMeeting::approve(StoredRegistration& stored, const domain::Admission& admission) {
  settle();
  leave(stored);
  if (status_of(admission) == RegistrationStatus::waitlisted) take_number(stored);
  enter(stored, status_of(admission));
  save_and_write(stored, "registration.approved", {welcome_of(stored.registration.status)});
}

void LockedMeeting::decline(StoredRegistration& stored, const std::string& reason) {
  leave(stored);
  enter(stored, RegistrationStatus::declined);
  stored.registration.decline_reason = reason;
  save_and_write(stored, "registration.declined",
                 {MailKind::registration_declined, std::nullopt, std::nullopt, reason});
}

void LockedMeeting::vacate(StoredRegistration& stored, MailCause cause) {
  leave(stored);
  enter(stored, RegistrationStatus::cancelled);
  stored.registration.cancelled_at = change_.now;
  forget_needs(stored.registration);
  cause.method = tell(stored);
  storage::save_registration(change_.connection, stored);
  storage::forget_answers(change_.connection, stored.registration.id);
  // The place may be one of another institution's delegation.
  if (stored.registration.delegation) books_stale_ = true;
  record_of(stored, "registration.cancelled");
  write_to(stored, std::move(cause));
}

void LockedMeeting::cancel(StoredRegistration& stored, MailCause cause) {
  vacate(stored, std::move(cause));
  promote();
}

void LockedMeeting::cancel(StoredRegistration& stored) {
  cancel(stored, {MailKind::registration_cancelled});
}

void LockedMeeting::say_also(domain::RegistrationId registration, const std::string& text) {
  const auto last = std::find_if(letters_.rbegin(), letters_.rend(), [&](const Letter& letter) {
    return letter.stored.registration.id == registration;
  });
  if (last == letters_.rend()) return;
  if (!last->cause.ask) last->cause.ask.emplace();
  last->cause.ask->text = text;
}

std::string LockedMeeting::hand_over(StoredRegistration& from, StoredRegistration& to) {
  const RegistrationStatus status = from.registration.status;
  const auto position = from.registration.queue_position;
  to.registration.meeting = meeting().id;
  to.registration.mode = from.registration.mode;
  to.registration.delegation = from.registration.delegation;
  const auto offer = from.registration.offer_until;
  const bool has_offer = offer && change_.now < *offer;
  to.queue_number = from.queue_number;
  take_number(from);
  vacate(from, {MailKind::place_handed_over});
  enter(to, status);
  to.registration.queue_position = position;
  if (has_offer) to.registration.offer_until = offer;
  MailCause cause{has_offer ? MailKind::registration_offered : welcome_of(status)};
  if (has_offer) cause.offer_until = offer;
  cause.method = tell(to);
  if (to.registration.id) {
    save(to);
  } else {
    to.registration.created_at = change_.now;
    storage::insert_registration(change_.connection, to);
  }
  books_stale_ = true;
  storage::save_replaced(change_.connection, to.registration.id, from.registration.id);
  record_of(to, "registration.took_over");
  return write_to(to, std::move(cause));
}

void LockedMeeting::change_mode(StoredRegistration& stored, AttendanceMode mode,
                                const domain::Admission& admission) {
  const bool was_pending = stored.registration.status == RegistrationStatus::pending;
  const RegistrationStatus status =
      was_pending ? RegistrationStatus::pending : status_of(admission);
  leave(stored);
  stored.registration.mode = mode;
  stored.registration.delegation.reset();  // its places are of one mode
  if (status == RegistrationStatus::waitlisted) take_number(stored);
  enter(stored, status);
  books_stale_ = true;  // another institution may have come with the other mode
  save_and_write(stored, "registration.mode_changed",
                 {status == RegistrationStatus::confirmed ? MailKind::registration_changed
                                                          : welcome_of(status)});
  promote();
}

void LockedMeeting::save_details(StoredRegistration& stored) {
  stored.registration.updated_at = change_.now;
  save(stored);
  books_stale_ = true;  // another institution perhaps
  record_of(stored, "registration.changed");
  if (books_) promote();
}

bool LockedMeeting::may_promote() const {
  return meeting().status == domain::MeetingStatus::published &&
         change_.now < begins_at(meeting().times);
}

int LockedMeeting::promote() {
  if (!may_promote()) return 0;
  if (books_) return settle();
  return promote(AttendanceMode::onsite) + promote(AttendanceMode::online);
}

int LockedMeeting::promote(AttendanceMode mode) {
  const int count = domain::decide_promotions(seats(mode));
  if (count == 0) return 0;
  auto first = storage::find_first_waiting(change_.connection, meeting().id, mode, count);
  for (auto& stored : first) {
    leave(stored);
    enter(stored, RegistrationStatus::confirmed);
    save_and_write(stored, "registration.promoted", {MailKind::registration_promoted}, "system");
  }
  return static_cast<int>(first.size());
}

void LockedMeeting::drop_to_waiting(StoredRegistration& stored, int position) {
  leave(stored);
  // The delegation loses the place with the person: left open, it would be promised to nobody.
  if (const auto delegation = std::exchange(stored.registration.delegation, std::nullopt)) {
    storage::take_place_away(change_.connection, *delegation, change_.now);
    books_stale_ = true;
  }
  enter(stored, RegistrationStatus::waitlisted);
  stored.registration.queue_position = position;
  stored.registration.confirmed_at.reset();
  MailCause cause{MailKind::place_lost};
  cause.method = tell(stored);
  storage::save_registration(change_.connection, stored);
  record_of(stored, "registration.dropped");
  if (!is_forgotten(stored)) write_to(stored, std::move(cause));
}

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
  notify(storage::find_concerned_registrations(change_.connection, meeting().id), cause,
         Recipients::all);
}

// Nobody is told: there is no address any more.
void LockedMeeting::release_forgotten() {
  for (auto& stored : storage::find_active_registrations(change_.connection, meeting().id)) {
    if (!is_forgotten(stored)) continue;
    leave(stored);
    enter(stored, RegistrationStatus::cancelled);
    stored.registration.cancelled_at = change_.now;
    tell(stored);
    storage::save_registration(change_.connection, stored);
    record_of(stored, "registration.cancelled", "system");
  }
}

void LockedMeeting::move(const std::optional<domain::MeetingTimes>& previous, Audience audience) {
  // A month is not kept as an earlier day.
  std::optional<domain::WallTime> previous_day;
  if (previous && !is_half_fixed(*previous)) previous_day = previous->starts;
  storage::save_move(change_.connection, meeting().id, previous_day);
  ++seated_.meeting.sequence;
  if (previous_day) seated_.meeting.previous_starts = previous_day;
  record("meeting.moved", fmt::format("meeting:{}", meeting().id.value));
  if (may_promote()) release_forgotten();
  if (audience == Audience::nobody) return;
  const bool had_day = !previous || !is_half_fixed(*previous);
  const bool has_day = !is_half_fixed(meeting().times);
  MailCause cause{had_day || !has_day ? MailKind::meeting_moved : MailKind::meeting_dated};
  cause.previous = previous;
  if (had_day && !has_day) cause.held = previous;
  notify(storage::find_active_registrations(change_.connection, meeting().id), cause,
         Recipients::all);
}

void LockedMeeting::change_way_in(Audience audience) {
  storage::save_move(change_.connection, meeting().id, std::nullopt);
  ++seated_.meeting.sequence;
  record("meeting.way_in_changed", fmt::format("meeting:{}", meeting().id.value));
  if (audience == Audience::nobody) return;
  notify(storage::find_active_registrations(change_.connection, meeting().id),
         {MailKind::meeting_moved}, Recipients::told);
}

int LockedMeeting::notify(Registrations registrations, const MailCause& cause,
                          Recipients recipients) {
  std::erase_if(registrations, is_forgotten);
  Registrations told;
  int written = 0;
  for (auto& stored : registrations) {
    MailCause own = cause;
    own.method = tell(stored);
    own.hold_seconds = change_.environment.hold_seconds;
    if (own.method) told.push_back(stored);
    if (!own.method && recipients == Recipients::told) continue;
    write_to(stored, std::move(own));
    ++written;
  }
  storage::save_told(change_.connection, told);
  return written;
}

std::string LockedMeeting::write_to(const StoredRegistration& stored, MailCause cause) {
  if (holds_mails_) cause.hold_seconds = change_.environment.hold_seconds;
  if (cause.kind == MailKind::registration_waitlisted) {
    cause.note = explain_in_mail(stored.registration);
  }
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
         fmt::format(R"({{"status":"{}","mode":"{}","queue_number":{}{}}})",
                     domain::to_string(registration.status), domain::to_string(registration.mode),
                     stored.queue_number, explain_in_log(registration)));
  // As as_holder() (catalogue_activity.h), with the registration at hand.
  if (change_.call.actor.person == registration.person.id) {
    activities_.back().actor = fmt::format("manage:{}", registration.id.value);
  }
  if (!actor.empty()) activities_.back().actor = std::move(actor);
}

void LockedMeeting::finish() {
  count_held_places();
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
    const domain::CalendarTold& told = letter.stored.told;
    invitations.push_back(
        {letter.stored.registration.id, ids.at(index), meeting().uid, *told.message, told.shown});
  }
  storage::save_invitations(change_.connection, invitations, change_.now);
  written_.mails = ids;
  for (const auto& token : tokens) written_.token_hashes.push_back(token.hash);
}

}  // namespace narada::usecases
