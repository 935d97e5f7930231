// The part of LockedMeeting that keeps the rules of who gets a place (fair_places.h).

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "service/domain/half_fixed.h"
#include "service/usecases/registrations/locked_meeting.h"
#include "service/usecases/registrations/place_words.h"
#include "sql/registration_store.h"

namespace narada::usecases {
namespace {

using domain::AttendanceMode;
using domain::PlaceStep;
using domain::RegistrationStatus;
using notifications::MailKind;
using storage::book_index;
using storage::StoredRegistration;

constexpr AttendanceMode kModes[] = {AttendanceMode::onsite, AttendanceMode::online};

std::optional<domain::InstitutionId> institution_of(const domain::Registration& registration) {
  if (!registration.person.institution) return std::nullopt;
  return registration.person.institution->id;
}

domain::WaitingClaim claim_of(const StoredRegistration& stored) {
  return {stored.registration.id, institution_of(stored.registration), stored.queue_number,
          stored.registration.offer_until, stored.missed_offers};
}

void strike(storage::PlaceBooks& books, const domain::Registration& registration) {
  domain::PlaceBook& book = books.at(book_index(registration.mode));
  if (registration.status == RegistrationStatus::confirmed) {
    domain::remove_confirmed(book, institution_of(registration),
                             registration.delegation.has_value());
  } else if (registration.status == RegistrationStatus::waitlisted) {
    domain::remove_waiting(book, registration.id);
  }
}

// Everything that is due; `queue_counter` gives the numbers at the end of the line.
std::vector<std::pair<PlaceStep, std::int64_t>> settle_book(domain::PlaceBook& book,
                                                            domain::Instant now,
                                                            std::int64_t queue_counter) {
  std::vector<std::pair<PlaceStep, std::int64_t>> steps;
  while (const auto step = domain::next_step(book, now)) {
    const std::int64_t number = step->kind == PlaceStep::Kind::expire ? ++queue_counter : 0;
    domain::apply(book, *step, number);
    steps.emplace_back(*step, number);
  }
  return steps;
}

// The rules that keep everybody out or ask for approval, whatever places there are.
domain::Admission decide_in_general(domain::MeetingSummary meeting, AttendanceMode mode,
                                    domain::Instant now) {
  domain::Seats& seats = mode == AttendanceMode::online ? meeting.online : meeting.onsite;
  seats.capacity.reset();
  seats.waiting = 0;
  return domain::decide_admission(meeting, mode, now);
}

}  // namespace

PlaceRequest request_of(const domain::Registration& registration) {
  return {registration.mode, institution_of(registration), registration.delegation.has_value()};
}

void LockedMeeting::load_books() {
  books_ = storage::load_place_books(change_.connection, meeting().id);
  for (const AttendanceMode mode : kModes) {
    domain::PlaceBook& book = books_->at(book_index(mode));
    const domain::Seats& taken = domain::seats_of(meeting(), mode);
    book.begins_at = domain::begins_at(meeting().times);
    book.offered = taken.offered;
    book.waitlist = meeting().waitlist;
    book.capacity = taken.capacity;
    book.confirmed = taken.confirmed;
  }
  books_stale_ = false;
  count_held_places();
}

domain::PlaceBook* LockedMeeting::find_book(AttendanceMode mode) {
  return books_ ? &books_->at(book_index(mode)) : nullptr;
}

void LockedMeeting::count_held_places() {
  if (!books_) return;
  if (books_stale_) return load_books();
  for (const AttendanceMode mode : kModes) {
    seats(mode).held = domain::held_places(books_->at(book_index(mode)), change_.now);
  }
}

storage::PlaceBooks LockedMeeting::settled_books() const {
  storage::PlaceBooks books = *books_;
  if (!may_promote()) return books;
  for (auto& book : books) settle_book(book, change_.now, seated_.queue_counter);
  return books;
}

domain::Admission LockedMeeting::decide(const domain::MeetingSummary& asked,
                                        const PlaceRequest& request,
                                        storage::PlaceBooks books) const {
  const auto general = decide_in_general(asked, request.mode, change_.now);
  if (std::holds_alternative<domain::Refused>(general)) return general;
  const domain::PlaceBook& book = books.at(book_index(request.mode));
  if (request.delegated && request.institution) {
    return domain::decide_delegated_place(book, *request.institution).admission;
  }
  domain::Claimant claimant{request.institution, std::nullopt, std::nullopt};
  const domain::PlacePolicy& policy = book.policy;
  if (request.institution &&
      (!policy.kinds.empty() || policy.smallest_population || policy.largest_population)) {
    claimant = storage::find_claimant(change_.connection, *request.institution);
  }
  auto admission = domain::decide_place(book, claimant, change_.now).admission;
  const bool asks_first = std::holds_alternative<domain::AwaitsApproval>(general);
  const auto* refused = std::get_if<domain::Refused>(&admission);
  return asks_first && (!refused || refused->code == "full") ? general : admission;
}

domain::Admission LockedMeeting::decide_admission(const PlaceRequest& request) const {
  if (!books_) return domain::decide_admission(seated_.meeting, request.mode, change_.now);
  if (!request.delegated) return decide(seated_.meeting, request, settled_books());
  // What a delegation holds can be filled as long as the meeting has not begun.
  domain::MeetingSummary asked = seated_.meeting;
  asked.window = {};
  return decide(asked, request, settled_books());
}

domain::Admission LockedMeeting::decide_admission_of_approved(const PlaceRequest& request) const {
  domain::MeetingSummary asked = seated_.meeting;
  asked.approval = false;
  asked.window = {};
  if (!books_) return domain::decide_admission(asked, request.mode, change_.now);
  return decide(asked, request, settled_books());
}

domain::Admission LockedMeeting::decide_admission_of_enrolled(const PlaceRequest& request) const {
  domain::MeetingSummary asked = seated_.meeting;
  asked.window.opens_at.reset();
  if (!books_) return domain::decide_admission(asked, request.mode, change_.now);
  return decide(asked, request, settled_books());
}

domain::Admission LockedMeeting::decide_change(const domain::Registration& registration,
                                               const PlaceRequest& request) const {
  domain::MeetingSummary asked = seated_.meeting;
  if (registration.status != RegistrationStatus::pending) asked.approval = false;
  if (!books_) return domain::decide_admission(asked, request.mode, change_.now);
  storage::PlaceBooks books = settled_books();
  strike(books, registration);
  return decide(asked, request, std::move(books));
}

std::optional<int> LockedMeeting::free_for(domain::InstitutionId institution,
                                           AttendanceMode mode) const {
  if (!books_) return domain::seats_of(seated_.meeting, mode).free();
  return domain::free_places_for(settled_books().at(book_index(mode)), institution, change_.now);
}

void LockedMeeting::refresh_places() {
  const bool has_rules = storage::save_has_place_rules(change_.connection, meeting().id);
  seated_.has_place_rules = has_rules;
  if (has_rules) {
    load_books();
  } else {
    books_.reset();
    for (const AttendanceMode mode : kModes) seats(mode).held = 0;
  }
  promote();
}

int LockedMeeting::settle() {
  if (!books_ || !may_promote()) return 0;
  if (books_stale_) load_books();
  const int promoted = settle(AttendanceMode::onsite) + settle(AttendanceMode::online);
  count_held_places();
  return promoted;
}

int LockedMeeting::settle(AttendanceMode mode) {
  domain::PlaceBook settled = *find_book(mode);
  const auto steps = settle_book(settled, change_.now, seated_.queue_counter);
  if (steps.empty()) return 0;
  std::vector<domain::RegistrationId> ids;
  for (const auto& [step, number] : steps) ids.push_back(step.registration);
  std::unordered_map<domain::RegistrationId, StoredRegistration> concerned;
  for (auto& stored : storage::find_registrations(change_.connection, ids)) {
    concerned.emplace(stored.registration.id, std::move(stored));
  }
  int promoted = 0;
  for (const auto& [step, number] : steps) {
    take_step(concerned.at(step.registration), step, number);
    if (step.kind != PlaceStep::Kind::expire) ++promoted;
  }
  return promoted;
}

void LockedMeeting::take_step(StoredRegistration& stored, const PlaceStep& step,
                              std::int64_t queue_number) {
  if (step.kind == PlaceStep::Kind::confirm) {
    leave(stored);
    enter(stored, RegistrationStatus::confirmed);
    save_and_write(stored, "registration.promoted", {MailKind::registration_promoted}, "system");
    return;
  }
  const bool expires = step.kind == PlaceStep::Kind::expire;
  domain::apply(*find_book(stored.registration.mode), step, queue_number);
  stored.registration.offer_until = step.until;
  stored.registration.updated_at = change_.now;
  if (expires) {
    stored.queue_number = seated_.queue_counter = queue_number;
    ++stored.missed_offers;
    stored.registration.queue_position = seats(stored.registration.mode).waiting;
  }
  why_ =
      domain::explain_waiting(*find_book(stored.registration.mode), claim_of(stored), change_.now);
  MailCause cause{expires ? MailKind::offer_expired : MailKind::registration_offered};
  cause.offer_until = step.until;
  save_and_write(stored, expires ? "registration.offer_expired" : "registration.offered",
                 std::move(cause), "system");
}

void LockedMeeting::accept_offer(StoredRegistration& stored) {
  leave(stored);
  enter(stored, RegistrationStatus::confirmed);
  save_and_write(stored, "registration.offer_accepted", {MailKind::registration_confirmed});
  promote();
}

void LockedMeeting::write_in_book(const StoredRegistration& stored) {
  const domain::Registration& registration = stored.registration;
  domain::PlaceBook* book = find_book(registration.mode);
  why_.reset();
  if (!book) return;
  if (registration.status == RegistrationStatus::confirmed) {
    why_ = registration.delegation
               ? domain::PlaceExplanation{domain::PlaceReason::delegated_place}
               : domain::explain_place(*book, institution_of(registration), change_.now);
    domain::add_confirmed(*book, institution_of(registration), registration.delegation.has_value());
  } else if (registration.status == RegistrationStatus::waitlisted) {
    domain::add_waiting(*book, claim_of(stored));
    why_ = domain::explain_waiting(*book, claim_of(stored), change_.now);
  }
}

void LockedMeeting::strike_from_book(const StoredRegistration& stored) {
  if (books_) strike(*books_, stored.registration);
}

// What deciding it again takes: who, of what, by which rules, and what came of it and why.
std::string LockedMeeting::explain_in_log(const domain::Registration& registration) const {
  std::string more;
  if (const auto institution = institution_of(registration)) {
    more += fmt::format(R"(,"institution":{})", institution->value);
  }
  if (!books_) return more;
  const domain::PlaceBook& book = books_->at(book_index(registration.mode));
  if (registration.delegation) more += R"(,"delegated":true)";
  if (book.capacity) more += fmt::format(R"(,"capacity":{})", *book.capacity);
  more += fmt::format(R"(,"rules":{})", book.policy.version);
  if (registration.offer_until) {
    more +=
        fmt::format(R"(,"offer_until":{})", registration.offer_until->time_since_epoch().count());
  }
  if (why_) more += fmt::format(R"(,"why":"{}")", domain::to_string(why_->reason));
  return more;
}

std::string LockedMeeting::explain_in_mail(const domain::Registration& registration) const {
  if (!why_ || registration.status != RegistrationStatus::waitlisted) return {};
  return explain_place(*why_, meeting().times.tzid, registration.person.language);
}

}  // namespace narada::usecases
